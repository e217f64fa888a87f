"""Sends the emulator whatever the contract allows and forbids, and checks what it answers against the contract.

    python3 tests/fuzz/run.py [--seconds 60] [--random] [arguments for schemathesis run]

Needs target/debug/xtask and target/debug/airudder-emulator. The generator, schemathesis, goes into `.build/fuzz`.
Without `--random` the requests are the same every time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENV = ROOT / ".build" / "fuzz"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
REQUIREMENTS = HERE / "requirements.txt"
EMULATOR = ["--port", "0", "--until-stdin-closes", "--clock-start", "2026-11-23 09:00:00", "--speed", "60"]


def install() -> None:
    """Make the environment, and fill it when the requirements have changed."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    installed = VENV / "requirements.sha256"
    if installed.exists() and installed.read_text() == wanted:
        return
    venv.create(VENV, clear=True, with_pip=True)
    pip: list[str | Path] = [
        BIN / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]
    subprocess.run(pip, check=True)
    installed.write_text(wanted)


def fuzz(base_url: str, document: Path, seconds: int, arguments: list[str]) -> int:
    """Run schemathesis and give its exit code."""
    environment = os.environ | {
        "AIRUDDER_BASE_URL": base_url,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # One worker: two of them trip over each other inside Python 3.11's own parser.
    options = ["--url", base_url, "--workers", "1", "--max-time", str(seconds), "--no-color"]
    settings = ["--config-file", str(HERE / "schemathesis.toml")]
    command = [str(BIN / "schemathesis"), *settings, "run", str(document), *options, *arguments]
    return subprocess.run(command, cwd=ROOT / "target", env=environment, check=False).returncode


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Fuzz the emulator with what follows from the contract.")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--random", action="store_true", help="send something else every time")
    options, arguments = parser.parse_known_args()
    draw = ["--generation-database", "none"] if options.random else ["--generation-deterministic"]
    install()
    document = ROOT / "target" / "contract" / "openapi.json"
    subprocess.run([ROOT / "target" / "debug" / "xtask", "bundle", document], check=True, stdout=subprocess.DEVNULL)
    program: list[str | Path] = [ROOT / "target" / "debug" / "airudder-emulator", *EMULATOR]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as emulator:
        first_line = emulator.stdout.readline() if emulator.stdout else ""
        base_url = first_line.strip().removeprefix("listening on ")
        code = fuzz(base_url, document, options.seconds, [*draw, *arguments])
        if emulator.poll() is not None:
            sys.stderr.write("The emulator has ended.\n")
            code = 1
        emulator.terminate()
    return code


if __name__ == "__main__":
    sys.exit(main())
