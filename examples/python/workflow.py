"""A workflow, from its template to finished contacts.

Chooses a template, creates a workflow, adds a contact and takes another out while it runs, receives its events, follows
it until everybody is through, and reads the calls and their recordings. It prints what was sent and received, and ends
with 1 when anything is not as it should be. Run it against the emulator:

    AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria python workflow.py
"""

from __future__ import annotations

import faulthandler
import sys
import tempfile
import time
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from airudder import Client, Event
from airudder.models import (
    Workflow,
    WorkflowApiPush,
    WorkflowCall,
    WorkflowContactFinished,
    WorkflowStatusChange,
    WorkflowTemplate,
)
from story import DEADLINE, Verdict, listening, masked, say

if TYPE_CHECKING:
    from queue import Queue

    from airudder.types import WorkflowContact

JAKARTA = timezone(timedelta(hours=7))

# The emulator goes by a number's last digits: these people answer, do not answer, and answer the second call.
CONTACTS: list[WorkflowContact] = [
    {"callee": "+6281230000001", "case_id": "case-1", "variables": {"callee_name": "Budi", "due_date": "2026-11-30"}},
    {"callee": "+6281230000002", "case_id": "case-2", "variables": {"callee_name": "Sari"}},
    {"callee": "+6281230000005", "case_id": "case-3", "variables": {"callee_name": "Wayan"}},
]
ADDED: WorkflowContact = {"callee": "+6281230010001", "case_id": "case-4", "variables": {"callee_name": "Dewi"}}
NUMBERS = [contact["callee"] for contact in [*CONTACTS, ADDED]]
TAKEN_OUT = NUMBERS[2]
STATUSES = ["answered", "no_answer", "no_answer", "answered"]


class Story(Verdict):
    """The workflow, step by step."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def tell(self) -> bool:
        """Live it through, and say whether all was as it should be."""
        template = self.choose_template()
        with listening(self.client) as events:
            workflow_id = self.create(template)
            self.change(workflow_id)
            workflow = self.follow(workflow_id)
            self.check("every contact is through", (workflow.finished, workflow.total) == (4, 4))
            self.check_events(workflow_id, events)
            self.check_calls(workflow_id)
            self.check_recordings(workflow_id)
        return self.is_right

    def choose_template(self) -> WorkflowTemplate:
        # Pages are fetched while they are walked through; the rest of them stays where it is.
        templates = self.client.workflows.templates_all(size=2)
        template = next(template for template in templates if template.workflow_template_name == "Payment reminder")
        nodes = ", ".join(f"{node.node_name} ({node.node_type})" for node in template.nodes)
        say("template", f"{template.workflow_template_name}: {nodes}")
        return template

    def create(self, template: WorkflowTemplate) -> str:
        workflow = self.client.workflows.create(
            workflow_template_id=template.workflow_template_id or 0,
            name="Reminders from Python",
            end_time=datetime.now(JAKARTA) + timedelta(days=1),
            # Ends by itself when everybody is through.
            auto_finish=1,
            details=CONTACTS,
        )
        say("created", f"workflow {workflow.workflow_id} with {len(CONTACTS)} contacts")
        return workflow.workflow_id

    def change(self, workflow_id: str) -> None:
        self.client.workflows.add_contacts(workflow_id=workflow_id, details=[ADDED])
        self.client.workflows.cancel_contact(workflow_id=workflow_id, callee=TAKEN_OUT)
        say("changed", f"{masked(ADDED['callee'])} came in, {masked(TAKEN_OUT)} is out after the call under way")

    def follow(self, workflow_id: str) -> Workflow:
        told = ""
        while True:
            workflows = self.client.workflows.list_all()
            workflow = next(workflow for workflow in workflows if workflow.workflow_id == workflow_id)
            progress = f"{workflow.status}, {workflow.finished} of {workflow.total} contacts are through"
            if progress != told:
                say("followed", progress)
                told = progress
            if workflow.status == "finished":
                return workflow
            time.sleep(0.2)

    def check_events(self, workflow_id: str, events: Queue[Event]) -> None:
        statuses: list[str | None] = []
        calls: dict[str | None, WorkflowCall] = {}
        contacts: dict[str | None, WorkflowContactFinished] = {}
        while "finished" not in statuses or len(calls) < len(NUMBERS) or len(contacts) < len(NUMBERS):
            event = events.get(timeout=DEADLINE)
            match event.data:
                # The same event may come again: kept by its number, it counts once.
                case WorkflowCall() as call:
                    say(event.kind, f"{masked(call.callee)} {call.status} in {call.nodetask_name}")
                    calls[call.callee] = call
                case WorkflowContactFinished() as contact:
                    nodes = ", ".join(str(row.nodetask_name) for row in contact.rows)
                    say(event.kind, f"{masked(contact.callee_number)} went through {nodes}")
                    contacts[contact.callee_number] = contact
                case WorkflowStatusChange() as change:
                    say(event.kind, f"{change.status}")
                    statuses.append(change.status)
                case WorkflowApiPush():
                    pass
                case _:
                    self.check(f"{event.kind} belongs to a workflow", is_so=False)
        told = {call.workflow_id for call in calls.values()} | {contact.workflow_id for contact in contacts.values()}
        self.check("all events tell the workflow", told == {workflow_id})
        self.check("it began before it finished", statuses[0] == "running" and statuses[-1] == "finished")
        self.check("everybody had a result", set(calls) == set(contacts) == set(NUMBERS))
        self.check("results are as the numbers say", [calls[number].status for number in NUMBERS] == STATUSES)
        self.check(
            "who was taken out got no second call", len(contacts[TAKEN_OUT].rows) < len(contacts[NUMBERS[1]].rows)
        )

    def check_calls(self, workflow_id: str) -> None:
        for number, status in zip(NUMBERS, STATUSES, strict=True):
            calls = self.client.workflows.find_calls(workflow_id=workflow_id, callee=number).calls
            for call in calls:
                recorded = f", {call.talk_duration} s, recorded" if call.recording else ""
                say("call", f"{masked(number)} {call.status} in {call.nodetask_name}{recorded}")
            self.check("the last call tells the result", calls[-1].status == status)
            self.check("who answered was recorded", bool(calls[-1].recording) == (status == "answered"))

    def check_recordings(self, workflow_id: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            [file] = self.client.workflows.number_recordings(workflow_id=workflow_id, callee=NUMBERS[0], folder=folder)
            with zipfile.ZipFile(file.path) as archive:
                recordings = archive.namelist()
            say("recordings", f"{file.bytes} bytes with {', '.join(recordings)}")
        self.check("there is a recording to listen to", [Path(name).suffix for name in recordings] == [".wav"])


def main() -> None:
    # Whatever hangs, the program ends, and says where it was.
    faulthandler.dump_traceback_later(DEADLINE, exit=True)
    with Client() as client:
        is_right = Story(client).tell()
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
