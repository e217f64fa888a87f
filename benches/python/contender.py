"""One set of libraries, in a process of its own, doing jobs as often as it is told to.

contender.py NAME URL

Each line of standard input is a job and how often to do it; each is answered with a line of JSON: what it took and a
text that shows that the answers were read. Whatever a job needs first, such as a token, is fetched before its time
begins, and kept.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from jobs import Held

    Job: TypeAlias = Callable[[int], "str | Held"]
    Outcome: TypeAlias = "dict[str, float | int | str]"

# The module of each contender; a function `job_<name>` of it takes the server's URL and prepares a job.
CONTENDERS: Mapping[str, str] = {
    "airudder": "ours",
    "aiohttp-pydantic": "with_aiohttp",
    "cryptography-pydantic": "with_cryptography",
    "httpx-orjson-pydantic": "with_httpx_orjson",
    "httpx-pydantic": "with_httpx",
    "httpx-untyped": "with_httpx_untyped",
    "requests-pydantic": "with_requests",
}


def resident() -> int:
    """The memory that this process has now, in kilobytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def timed(job: Job, count: int) -> Outcome:
    """Do a job, and say how long it took."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    check = job(count)
    return {
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "check": str(check),
    }


def held(job: Job, count: int) -> Outcome:
    """Do a job, and say how much memory its objects take."""
    gc.collect()
    before = resident()
    kept = job(count)
    gc.collect()
    return {"kilobytes": resident() - before, "check": str(kept)}


def main() -> None:
    """Do what standard input says."""
    name, url = sys.argv[1:3]
    contender = import_module(CONTENDERS[name])
    prepared: dict[str, Job] = {}
    for line in sys.stdin:
        name, count = line.split()
        if name not in prepared:
            prepared[name] = getattr(contender, f"job_{name}")(url)
        measure = held if name == "hold" else timed
        print(json.dumps(measure(prepared[name], int(count))), flush=True)


if __name__ == "__main__":
    main()
