"""The main job, from credentials to a finished call.

Signs in, chooses a robot, creates a task over an encrypting client, follows it, receives its events, reads its results,
and listens to a recording. It prints what was sent and received, and ends with 1 when anything is not as it should be.
Run it against the emulator:

    AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria python demo.py
"""

from __future__ import annotations

import faulthandler
import sys
import tempfile
import time
import wave
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airudder import Client, Event
from airudder.models import Call, TaskDetail, TaskFinished
from story import DEADLINE, Receiver, Verdict, emulator, listening, masked, say

if TYPE_CHECKING:
    from queue import Queue

    from airudder.types import CollectionContact

# The emulator goes by a number's last digits: these people answer, do not answer, are busy, and answer when they are
# called again.
CONTACTS: list[CollectionContact] = [
    {"mobile": "+6281230000001", "debtor": "Budi", "arrears": "150000", "unit": "IDR", "platform": "KoinKita"},
    {"mobile": "+6281230000002", "debtor": "Sari", "arrears": "275000", "unit": "IDR", "platform": "KoinKita"},
    {"mobile": "+6281230000003", "debtor": "Wayan", "arrears": "80000", "unit": "IDR", "platform": "KoinKita"},
    {"mobile": "+6281230000005", "debtor": "Dewi", "arrears": "990000", "unit": "IDR", "platform": "KoinKita"},
]
STATUSES = ["answered", "no_answer", "busy", "answered"]


class Story(Verdict):
    """The job, step by step."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def tell(self) -> bool:
        """Live it through, and say whether all was as it should be."""
        token = self.client.auth.token().token
        say("signed in", f"received a token of {len(token)} characters")
        robot_id = self.choose_robot()
        with listening(self.client) as events:
            task_id = self.create(robot_id)
            detail = self.follow(task_id)
            self.check_calls(detail)
            self.check_events(detail, events)
            self.check_recording(task_id, detail)
            self.check_encryption()
        return self.is_right

    def choose_robot(self) -> str:
        robots = self.client.tasks.robots().robots
        say("robots", ", ".join(f"{robot.robot_name} ({robot.robot_id}, {robot.language})" for robot in robots))
        return next(robot.robot_id for robot in robots if robot.robot_id and robot.status == "enabled")

    def create(self, robot_id: str) -> str:
        task = self.client.tasks.create(
            task_name="Reminders from Python",
            # The account's time; this takes it to be in the time zone of this machine.
            schedule_start_time=datetime.now(),
            schedule_end_time=datetime.now() + timedelta(hours=8),
            robot_id=robot_id,
            repeat_number=1,
            repeat_interval=1,
            details=CONTACTS,
        )
        say("created", f"task {task.task_id} with {len(CONTACTS)} contacts")
        return task.task_id

    def follow(self, task_id: str) -> TaskDetail:
        told = ""
        while True:
            detail = self.client.tasks.detail(task_id=task_id)
            progress = f"{detail.status}, {detail.finished} of {detail.total} numbers have their result"
            if progress != told:
                say("followed", progress)
                told = progress
            if detail.status == "finished":
                return detail
            time.sleep(0.2)

    def check_calls(self, detail: TaskDetail) -> None:
        numbers = [contact["mobile"] for contact in CONTACTS]
        statuses = {call.callee: call.status for call in detail.calls}
        self.check("the details have one call for each contact", sorted(statuses, key=str) == sorted(numbers))
        self.check("the calls ended as the numbers say", [statuses.get(number) for number in numbers] == STATUSES)

    def check_events(self, detail: TaskDetail, events: Queue[Event]) -> None:
        calls: dict[str | None, Call] = {}
        ended: TaskFinished | None = None
        while ended is None or len(calls) < len(CONTACTS):
            match events.get(timeout=DEADLINE).data:
                # The same event may come again: kept by its id, it counts once.
                case Call() as call:
                    talk = f", {call.talk_duration} s, intention {call.intention}" if call.talk_duration else ""
                    say("call.finished", f"{masked(call.callee)} {call.status}{talk}")
                    calls[call.call_id] = call
                case TaskFinished() as ended:
                    say("task.finished", f"{ended.total} numbers, {ended.answered} answered")
                case _:
                    self.check("every event is known", is_so=False)
        self.check("task.finished tells the task", ended.task_id == detail.task_id and ended.total == len(CONTACTS))
        self.check("task.finished counts who answered", ended.answered == STATUSES.count("answered"))
        # An event has no class for each business line: what the line adds is among its extra fields.
        for result in detail.calls:
            told = without_link(calls[result.call_id])
            self.check("the events say what the details say", told.items() <= result.to_dict().items())

    def check_recording(self, task_id: str, detail: TaskDetail) -> None:
        call = next(call for call in detail.calls if call.status == "answered")
        with tempfile.TemporaryDirectory() as folder:
            download = self.client.tasks.recording(
                task_id=task_id, callee=call.callee or "", path=Path(folder, "call.wav")
            )
            with wave.open(str(download.path)) as recording:
                seconds = recording.getnframes() / recording.getframerate()
                rate, sound = recording.getframerate(), recording.readframes(recording.getnframes())
        say("recording", f"{download.bytes} bytes of {download.content_type}: {seconds:g} s at {rate} Hz")
        self.check("the recording is as long as the talk", seconds == call.talk_duration)
        self.check("the recording can be heard", len(set(sound)) > 1)

    def check_encryption(self) -> None:
        # The emulator keeps a log. A request that says nothing has nothing to encrypt, and a token is asked for in
        # clear.
        log = emulator("GET", "/_emulator/requests")["List"]
        own = [request for request in log if "Python/" in request["headers"].get("user-agent", "")]
        spoken = [request for request in own if request["query"] or request["body"] is not None]
        sent = [request for request in spoken if request["operation"] != "auth.token"]
        say("encrypted", f"{len(sent)} requests, and all events")
        operations = {request["operation"] for request in sent}
        self.check("the log has every request", {"tasks.create", "tasks.detail", "tasks.recording"} <= operations)
        self.check("every request was encrypted", all(request["encrypted"] for request in sent))
        self.check("every event was encrypted", Receiver.in_clear == 0)


def without_link(call: Call) -> dict[str, Any]:
    """What a call says, but for the link to its recording, which is a new one in each answer."""
    return {name: value for name, value in call.to_dict().items() if name not in {"recording", "extra"}}


def main() -> None:
    # Whatever hangs, the program ends, and says where it was.
    faulthandler.dump_traceback_later(DEADLINE, exit=True)
    with Client() as client:
        is_right = Story(client).tell()
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
