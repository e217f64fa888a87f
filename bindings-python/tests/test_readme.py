"""The programs of the package's README, as they stand there."""

# ruff: noqa: T201 - they print, as a reader's first programs do.

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from airudder import ApiError, Client, EventError, RateLimitedError, SqliteStore
from airudder.models import (
    CollectionCall,
    InboundCall,
    InboundTransfer,
    InfoCheckCall,
    OtherContent,
    TelemarketingCall,
    TextContent,
    WorkflowCall,
)

if TYPE_CHECKING:
    from airudder import Event, SignRequest
    from fake import FakeServer

TASK_ID = "69f531a01a9df58aa6de2487be610abb"
MESSAGES = "/api/v1/session/messages"
UPLOAD = "/api/v1/file/upload"
SEND = "/api/v1/message/send"
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _environment(server: FakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AIRUDDER_BASE_URL", server.base_url)
    monkeypatch.chdir(tmp_path)


def test_first_call(server: FakeServer, capsys: Printed) -> None:
    from airudder import Client

    with Client(app_key="my key", app_secret="my secret") as client:
        for robot in client.tasks.robots().robots:
            print(robot.robot_id, robot.robot_name)

    assert capsys.readouterr().out == "1 Ayu\n2 Budi\n"
    assert server.requests[0].json == {"APPKey": "my key", "APPSecret": "my secret"}


def test_what_is_known(server: FakeServer, capsys: Printed) -> None:
    from airudder import OPERATIONS, Client

    operation = OPERATIONS["plans.create"]
    print(operation.source, operation.method, operation.path)

    client = Client(routes={"plans.create": "/service/cloud/callplan"})

    assert capsys.readouterr().out == "assumed POST /service/cloud/plan\n"
    server.answers["/service/cloud/callplan"] = {"PlanID": TASK_ID}
    client.plans.create(
        plan_name="November",
        strategy_id="1",
        schedule_start_time="2026-11-23 09:00:00",
        schedule_end_time="2026-11-23 18:00:00",
        robot_id="1001",
        details=[{"mobile": "+6281230000001"}],
    )
    assert server.last.path == "/service/cloud/callplan"


def test_business_lines(client: Client, server: FakeServer, capsys: Printed) -> None:
    task = client.tasks.create(
        task_name="Reminders",
        schedule_start_time=datetime(2026, 11, 23, 9),
        schedule_end_time=datetime(2026, 11, 23, 18),
        robot_id="1001",
        details=[
            # Collection
            {"mobile": "+6281230000001", "debtor": "Budi", "arrears": Decimal(150000), "due_date": date(2026, 11, 30)},
            # Telemarketing and E-commerce
            {"mobile": "+6281230000002", "name": "Sari", "product": "a red bicycle", "extra": {"colour": "red"}},
            # Info Check
            {"mobile": "+6281230000003", "name": "Wayan", "id_number": "3171234567890001"},
        ],
    )

    collection, telemarketing, info_check = server.last.json["Details"]
    assert (collection["Arrears"], collection["DueDate"]) == ("150000", "2026-11-30")
    assert telemarketing["colour"] == "red"
    assert info_check["IDNumber"] == "3171234567890001"
    server.answers["/service/cloud/detail"] = {
        "calls": [
            {"status": "answered", "debtor": "Budi", "promisedate": "2026-11-30"},
            {"status": "busy", "label": "interested"},
            {"status": "answered", "checkresult": "passed"},
            {"status": "failed"},
        ]
    }

    for call in client.tasks.detail(task_id=task.task_id).calls:
        match call:
            case CollectionCall():
                print(call.status, "promised to pay on", call.promise_date)
            case TelemarketingCall():
                print(call.status, "is", call.label)
            case InfoCheckCall():
                print(call.status, "the check", call.check_result)
            case _:
                print(call.status)

    assert capsys.readouterr().out.splitlines() == [
        "answered promised to pay on 2026-11-30",
        "busy is interested",
        "answered the check passed",
        "failed",
    ]


def test_workflows(client: Client, server: FakeServer) -> None:
    workflow = client.workflows.create(
        workflow_template_id=7,
        name="November",
        end_time=datetime(2026, 11, 30, 18, tzinfo=ZoneInfo("Asia/Jakarta")),
        details=[{"callee": "+6281230000001", "case_id": "case-1", "variables": {"name": "Budi"}}],
    )

    assert workflow.workflow_id
    assert server.last.json["end_time"] == "2026-11-30 18:00:00+07:00"


def test_event_router(client: Client, capsys: Printed) -> None:
    body = b'{"callid": "c1", "nodetask_id": "n1", "callee": "+6281230000001", "status": "answered"}'
    headers = {"Content-Type": "application/json"}

    router = client.events.router(SqliteStore("events.db"))

    @router.on("workflow.call_finished")
    def call_finished(event: Event) -> None:
        match event.data:
            case WorkflowCall() as call:
                print(call.callee, call.status)
            case _:
                pass

    reply = router.handle(body, headers)
    print(reply.status, reply.outcome)

    assert capsys.readouterr().out == "+6281230000001 answered\n200 handled\n"
    assert router.handle(body, headers).outcome == "duplicate"


@pytest.mark.parametrize(("body", "printed"), [(b"{}", "unknown "), (b"[]", "refused: not_json\n")])
def test_unwrap(client: Client, capsys: Printed, body: bytes, printed: str) -> None:
    headers = {"Content-Type": "application/json"}

    try:
        event = client.events.unwrap(body, headers)
    except EventError as error:
        print("refused:", error.reason)
    else:
        print(event.kind, event.key)

    assert capsys.readouterr().out.startswith(printed)


def test_deliveries(server: FakeServer) -> None:
    client = Client(base_url=server.base_url, encryption_key="airudderredduria")

    body, headers = client.events.encrypt(client.events.sample("call.finished"))
    headers |= client.events.sign(body)

    assert client.events.unwrap(body, headers).kind == "call.finished"


def test_signer(server: FakeServer) -> None:
    def sign(request: SignRequest) -> str:
        return hashlib.sha256(f"{request.path}{request.sign_key}".encode()).hexdigest()

    client = Client(sign_key="0f8fad5bd9cb469fa165708667284a2c", signer=sign)

    server.answers[MESSAGES] = {"messages": []}
    client.chatbot.messages(call_id="c1")
    expected = hashlib.sha256(f"{MESSAGES}0f8fad5bd9cb469fa165708667284a2c".encode()).hexdigest()
    assert server.last.headers["X-AIRudder-Sign"] == expected


def test_chatbot(client: Client, server: FakeServer, capsys: Printed) -> None:
    contents = [{"type": "text", "text": "Where is my parcel?"}, {"type": "hologram", "depth": 3, "width": 4}]
    pages = iter(
        [
            [{"msg_id": str(number), "sender_type": "user", "content": content}]
            for number, content in enumerate(contents)
        ]
    )
    server.answers[MESSAGES] = lambda _: {"messages": next(pages, [])}
    server.answers[UPLOAD] = {"origin_url": "https://example.com/photo.png"}
    server.answers[SEND] = {"msg_ids": ["m1", "m2"]}
    Path("photo.png").write_bytes(b"\x89PNG")

    for message in client.chatbot.messages_all(call_id="c1"):
        match message.content:
            case TextContent(text=text):
                print(message.sender_type, "wrote", text)
            case OtherContent(content_type=name, extra=fields):
                print("a", name, "with", *fields)

    photo = client.chatbot.upload_file(file="photo.png")
    client.chatbot.send_message(
        call_id="c1",
        messages=[
            {"content": {"content_type": "text", "text": "This one?"}},
            {"content": {"content_type": "image", "media": {"origin_url": photo.origin_url}}},
        ],
    )

    assert capsys.readouterr().out == "user wrote Where is my parcel?\na hologram with depth width\n"
    assert server.last.json["messages"][1]["content"] == {
        "type": "image",
        "media": {"origin_url": "https://example.com/photo.png"},
    }


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("inbound.transferred", "an agent took over the call c1\n"),
        ("inbound.call_ended", "the call c1 has ended\n"),
    ],
)
def test_inbound_calls(client: Client, capsys: Printed, kind: str, printed: str) -> None:
    model = {"inbound.transferred": InboundTransfer, "inbound.call_ended": InboundCall}[kind]
    fields = {
        "inbound.transferred": {"callid": "c1", "agentid": "a1", "transfertime": "2026-11-23 09:00:00"},
        "inbound.call_ended": {"callid": "c1", "starttime": "2026-11-23 09:00:00", "transferred": True},
    }[kind]
    body, headers = json.dumps(fields).encode(), {"Content-Type": "application/json"}
    assert type(client.events.unwrap(body, headers).data) is model

    match client.events.unwrap(body, headers).data:
        case InboundTransfer() as transfer:
            print("an agent took over the call", transfer.call_id)
        case InboundCall() as call:
            print("the call", call.call_id, "has ended")

    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    ("status", "printed"),
    [(429, "again in 7.0 seconds\n"), (404, "404 there is no such task r-1\n")],
)
def test_errors(server: FakeServer, capsys: Printed, status: int, printed: str) -> None:
    client = Client(max_retries=0)
    server.errors["/service/cloud/operation"] = (
        status,
        {"Retry-After": "7"},
        {"code": status, "message": "there is no such task", "request_id": "r-1"},
    )

    try:
        client.tasks.stop(task_id="69f531a01a9df58aa6de2487be610abb")
    except RateLimitedError as error:
        print("again in", error.retry_after, "seconds")
    except ApiError as error:
        print(error.api_code, error.api_message, error.request_id)

    assert capsys.readouterr().out == printed


def test_encryption(server: FakeServer) -> None:
    client = Client(encryption_key="airudderredduria")

    client.tasks.stop(task_id=TASK_ID)
    assert server.last.headers["Is-Encrypted"] == "1"
    assert TASK_ID.encode() not in server.last.body
