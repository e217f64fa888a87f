"""Builds, tests and checks the Python package with nothing but Python, Rust and a package registry.

    python3 bindings-python/dev.py build|test|check|format [arguments for pytest]

Everything that it installs goes into `.build/venv` at the root of the workspace.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".build" / "venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
REQUIREMENTS = HERE / "requirements-dev.txt"
EXAMPLES = ROOT / "examples" / "python"


def run(*command: str | Path, cwd: Path = HERE) -> None:
    """Run a program in the environment; end when it fails."""
    environment = os.environ | {"VIRTUAL_ENV": str(VENV), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    outcome = subprocess.run(command, cwd=cwd, env=environment, check=False)
    if outcome.returncode:
        print(f"{' '.join(map(str, command))} ended with {outcome.returncode}", file=sys.stderr)
        sys.exit(outcome.returncode)


def install() -> None:
    """Make the environment, and fill it when the requirements have changed."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    installed = VENV / "requirements.sha256"
    if installed.exists() and installed.read_text() == wanted:
        return
    venv.create(VENV, clear=True, with_pip=True)
    run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS)
    installed.write_text(wanted)


def build() -> None:
    """Build the native part with the workspace's cargo profile, and install the package so that edits take effect."""
    run("maturin", "develop", "--quiet")


def test(arguments: list[str]) -> None:
    """Run the tests, with the programs that they play against."""
    run("cargo", "build", "--quiet", "-p", "airudder-tests", "-p", "airudder-emulator", "--bins", cwd=ROOT)
    run("python", "-m", "pytest", *arguments)


def check() -> None:
    """Run the formatter, the linter and the type checkers."""
    run("ruff", "format", "--check", ".", EXAMPLES)
    run("ruff", "check", ".", EXAMPLES)
    run("mypy", "python/airudder", "tests", "dev.py", EXAMPLES)
    run("pyright", "--project", HERE, "--pythonpath", BIN / "python")
    run("python", "-m", "mypy.stubtest", "airudder", "--mypy-config-file", "pyproject.toml")


def main() -> None:
    """Do what the command line says."""
    match sys.argv[1:]:
        case ["build"]:
            install()
            build()
        case ["test", *arguments]:
            install()
            build()
            test(arguments)
        case ["check"]:
            install()
            build()
            check()
        case ["format"]:
            install()
            run("ruff", "check", "--fix", ".", EXAMPLES)
            run("ruff", "format", ".", EXAMPLES)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
