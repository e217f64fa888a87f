"""One contender doing one job in this process: prints its seconds and its memory."""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

COUNT = 50_000
SMALL_CALLS = 2_000


def peers(name: str, url: str) -> dict[str, Any]:
    """What a user would write by hand."""
    if name == "requests":
        import requests

        session: Any = requests.Session()
    else:
        import httpx

        session = httpx.Client(timeout=60)
    credentials = {"APPKey": "emulator", "APPSecret": "emulator"}
    token = session.post(f"{url}/service/cloud/auth", json=credentials).json()["data"]["token"]
    session.headers["Authorization"] = f"Token {token}"

    def detail() -> int:
        answer = session.get(f"{url}/service/cloud/detail", params={"TaskID": "t"}).json()
        return sum(call["talkduration"] for call in answer["data"]["calls"])

    def create() -> object:
        details = [{"Mobile": f"+62812{n:08d}", "Debtor": "Budi", "Arrears": "150000", "Unit": "IDR"} for n in range(COUNT)]
        body = {
            "TaskName": "November",
            "ScheduleStartTime": "2026-11-23 09:00:00",
            "ScheduleEndTime": "2026-11-23 18:00:00",
            "RobotID": "1001",
            "Details": details,
        }
        return session.post(f"{url}/service/cloud/task", json=body).json()["data"]["TaskID"]

    def calls() -> None:
        for _ in range(SMALL_CALLS):
            session.get(f"{url}/service/cloud/robot").json()

    return {"detail": detail, "create": create, "calls": calls}


def sdk(url: str) -> dict[str, Any]:
    """The same with the SDK."""
    from airudder import Client

    client = Client(base_url=url)
    client.tasks.robots()

    def detail() -> int:
        return sum(call.talk_duration or 0 for call in client.tasks.detail(task_id="t").calls)

    def create() -> object:
        details: Any = [{"mobile": f"+62812{n:08d}", "debtor": "Budi", "arrears": "150000", "unit": "IDR"} for n in range(COUNT)]
        return client.tasks.create(
            task_name="November",
            schedule_start_time="2026-11-23 09:00:00",
            schedule_end_time="2026-11-23 18:00:00",
            robot_id="1001",
            details=details,
        ).task_id

    def calls() -> None:
        for _ in range(SMALL_CALLS):
            client.tasks.robots()

    return {"detail": detail, "create": create, "calls": calls}


def main() -> None:
    """Do the job some times and print the best time."""
    name, job, url, rounds = sys.argv[1:5]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    jobs = sdk(url) if name == "airudder" else peers(name, url)
    times = []
    for _ in range(int(rounds)):
        start = time.perf_counter()
        jobs[job]()
        times.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(min(times), after - before)


main()
