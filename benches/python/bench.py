"""Runs every contender on every job, in turn, and prints how they compare."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ("requests", "httpx")
ROUNDS = {"detail": 5, "create": 5, "calls": 3}
IMPORTS = 7


def run(*arguments: str) -> str:
    """Run a program in this interpreter's environment."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


def measure(name: str, job: str, url: str) -> tuple[float, float]:
    """Seconds and kilobytes of one contender."""
    seconds, kilobytes = run(str(HERE / "contender.py"), name, job, url, str(ROUNDS[job])).split()
    return float(seconds), max(float(kilobytes), 1.0)


def import_seconds(name: str) -> float:
    """The best time to start the interpreter and import a package."""
    times = []
    for _ in range(IMPORTS):
        start = time.perf_counter()
        run("-c", f"import {name}")
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Compare."""
    server = subprocess.Popen([sys.executable, HERE / "server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    url = server.stdout.readline().strip()
    print(f"{'job':8} {'against':10} {'time':>16} {'memory':>16}")
    try:
        for job in ROUNDS:
            seconds, kilobytes = measure("airudder", job, url)
            for peer in PEERS:
                peer_seconds, peer_kilobytes = measure(peer, job, url)
                print(f"{job:8} {peer:10} {peer_seconds / seconds:9.2f} x less {peer_kilobytes / kilobytes:9.2f} x less")
        bare = min(import_seconds("sys") for _ in range(2))
        own = max(import_seconds("airudder") - bare, 0.001)
        for peer in PEERS:
            print(f"{'import':8} {peer:10} {(import_seconds(peer) - bare) / own:9.2f} x less")
    finally:
        server.kill()


main()
