"""The receivers of examples/python as programs: every kind of event once, also when they are killed in between."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from airudder import EVENT_KINDS
from servers import Emulator
from suite import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

EXAMPLES = ROOT / "examples" / "python"
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("receiver_*.py"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.stop()


@contextmanager
def running(program: str, folder: Path, base_url: str) -> Generator[str]:
    """The program's URL, while it runs; what it prints goes to `printed`, and it ends as by a crash."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"AIRUDDER_BASE_URL": base_url, "AIRUDDER_ENCRYPTION_KEY": "airudderredduria"}
    command = [sys.executable, str(EXAMPLES / program), str(port)]
    with (folder / "printed").open("a") as printed, (folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=printed, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process, folder)
        yield url
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    while True:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            threading.Event().wait(0.05)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_receiver_handles_every_kind_once(program: str, tmp_path: Path, emulator: Emulator) -> None:
    # The second time, the same events come to a receiver that was killed and started again.
    for encrypted in (False, True):
        with running(program, tmp_path, emulator.url) as url:
            for kind in EVENT_KINDS:
                order = {"kind": kind, "url": f"{url}/events/{kind}", "encrypted": encrypted, "repeat": 2}
                emulator.ask("POST", "/_emulator/events", order)
            emulator.ask("POST", "/_emulator/settle")
    # Frameworks have their own say, too.
    lines = [line for line in (tmp_path / "printed").read_text().splitlines() if line.partition(" ")[0] in EVENT_KINDS]
    assert sorted(line.partition(" ")[0] for line in lines) == sorted(EVENT_KINDS)
    [call] = [line for line in lines if line.startswith("call.finished")]
    assert call.endswith(" answered")


def test_there_is_a_receiver_for_each_framework() -> None:
    assert PROGRAMS == ["receiver_django.py", "receiver_fastapi.py", "receiver_flask.py"]
