"""The store in a file, beside Python's own copy of SQLite."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from airudder import Client, SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 150

# Handles the same events as its sibling, while a thread opens, reads and closes the store's file.
PROGRAM = """
import sqlite3, sys, threading
from contextlib import closing, suppress
from airudder import Client, SqliteStore

path, events = sys.argv[1], int(sys.argv[2])
router = Client(base_url="http://127.0.0.1:1").events.router(SqliteStore(path))
router.otherwise(lambda _: None)
stop = threading.Event()

def read() -> None:
    while not stop.is_set():
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM airudder_handled").fetchall()
        stop.wait(0.001)

reader = threading.Thread(target=read)
reader.start()
print("ready", flush=True)
sys.stdin.readline()
for number in range(events):
    print(number, router.handle(b'{"callid": "%d"}' % number, {}).outcome)
stop.set()
reader.join()
"""


def test_pythons_own_sqlite_drops_no_lock_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    command = [sys.executable, "-c", PROGRAM, str(path), str(EVENTS)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    lines = [line for process in processes for line in process.communicate(timeout=120)[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0]
    outcomes = Counter(lines)
    assert [outcomes[f"{number} handled"] for number in range(EVENTS)] == [1] * EVENTS
    assert not [line for line in lines if "failed" in line]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM airudder_handled WHERE done").fetchall() == [(EVENTS,)]


OTHER = """
import sys
from airudder import Client, SqliteStore
router = Client(base_url="http://127.0.0.1:1").events.router(SqliteStore(sys.argv[1]))
router.otherwise(lambda _: None)
print([router.handle(b'{"callid": "%d"}' % number, {}).outcome for number in range(3)])
"""


def test_what_pythons_own_sqlite_closes_stays_the_stores(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    router = Client(base_url="http://127.0.0.1:1").events.router(SqliteStore(path))
    router.otherwise(lambda _: None)
    for number in range(2):
        assert router.handle(b'{"callid": "%d"}' % number, {}).outcome == "handled"
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchall()
            assert tables == [(1,)]
    assert router.handle(b'{"callid": "2"}', {}).outcome == "handled"
    other = subprocess.run([sys.executable, "-c", OTHER, str(path)], capture_output=True, text=True, check=True)
    assert other.stdout == "['duplicate', 'duplicate', 'duplicate']\n"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
