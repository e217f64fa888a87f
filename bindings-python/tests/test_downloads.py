"""What a listener hears of a download."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from airudder import OPERATIONS, AsyncClient, Client, InvalidRequestError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from airudder import DownloadProgress
    from fake import FakeServer

SIZE = 3_000_000


class _Recordings(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_endless = self.path == "/endless.wav"
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        if not is_endless:
            self.send_header("Content-Length", str(SIZE))
        self.end_headers()
        self.wfile.write(bytes(SIZE))
        while is_endless:
            self.wfile.write(bytes(1000))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has enough is what some tests are about."""


@pytest.fixture
def links(server: FakeServer) -> Iterator[str]:
    """A server of recordings, to which the answer to `tasks.recordings` links."""
    with _Server(("127.0.0.1", 0), _Recordings) as recordings:
        threading.Thread(target=recordings.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{recordings.server_port}"
        server.answers[OPERATIONS["tasks.recordings"].path] = [f"{url}/one.wav", f"{url}/two.wav"]
        yield url
        recordings.shutdown()


def check(heard: list[DownloadProgress]) -> None:
    for number in (1, 2):
        of_file = [progress for progress in heard if progress.file == number]
        assert of_file[0].bytes == 0
        assert of_file[-1].bytes == SIZE
        assert {progress.total_bytes for progress in of_file} == {SIZE}
        assert {progress.files for progress in of_file} == {2}
        assert len({progress.path for progress in of_file}) == 1
    assert heard == sorted(heard, key=lambda progress: (progress.file, progress.bytes))


@pytest.mark.usefixtures("links")
def test_the_listener_hears_of_each_file(server: FakeServer, tmp_path: Path) -> None:
    heard: list[DownloadProgress] = []
    threads = set()

    def listen(progress: DownloadProgress) -> None:
        heard.append(progress)
        threads.add(threading.current_thread())

    with Client(base_url=server.base_url) as client:
        files = client.tasks.recordings(task_id="t1", folder=tmp_path, on_progress=listen)
    check(heard)
    assert [file.path for file in files] == [heard[0].path, heard[-1].path]
    # A progress bar in a notebook is drawn by the thread that made it.
    assert threads == {threading.current_thread()}


@pytest.mark.usefixtures("links")
def test_the_listener_runs_in_the_event_loop(server: FakeServer, tmp_path: Path) -> None:
    heard: list[DownloadProgress] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        def listen(progress: DownloadProgress) -> None:
            assert asyncio.get_running_loop() is loop
            heard.append(progress)

        client = AsyncClient(base_url=server.base_url)
        await client.tasks.recordings(task_id="t1", folder=tmp_path, on_progress=listen)

    asyncio.run(main())
    check(heard)


def test_what_the_listener_raises_ends_the_download(server: FakeServer, links: str, tmp_path: Path) -> None:
    server.answers[OPERATIONS["tasks.recordings"].path] = f"{links}/endless.wav"

    def listen(progress: DownloadProgress) -> None:
        if progress.bytes > SIZE:
            raise LookupError("enough")

    with Client(base_url=server.base_url) as client:
        with pytest.raises(LookupError, match="enough"):
            client.tasks.recordings(task_id="t1", folder=tmp_path, on_progress=listen)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(InvalidRequestError, match="`on_progress` must be callable"):
            client.tasks.recordings(task_id="t1", folder=tmp_path, on_progress="no")  # type: ignore[arg-type]


PROGRAM = """
import signal, sys
from airudder import Client
signal.signal(signal.SIGINT, signal.default_int_handler)
def listen(progress):
    print(progress.bytes, flush=True)
Client(base_url=sys.argv[1]).tasks.recordings(task_id="t1", folder=sys.argv[2], on_progress=listen)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_a_download_that_is_listened_to(server: FakeServer, links: str, tmp_path: Path) -> None:
    server.answers[OPERATIONS["tasks.recordings"].path] = f"{links}/endless.wav"
    program = [sys.executable, "-c", PROGRAM, server.base_url, str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "0\n"
        process.send_signal(signal.SIGINT)
        _, traceback = process.communicate()
    assert "KeyboardInterrupt" in traceback
    assert "may have been applied" not in traceback, "a download changes nothing"
    assert list(tmp_path.iterdir()) == []
