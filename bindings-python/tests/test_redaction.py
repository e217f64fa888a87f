"""Secrets and people's data are in no text that a developer, a log or a bug report gets to see."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from airudder import AiRudderError, AsyncClient, Client, MemoryStore, SignRequest, models

if TYPE_CHECKING:
    from fake import FakeServer

SECRETS: dict[str, Any] = {
    "app_key": "canary-app-key",
    "app_secret": "canary-app-secret",
    "encryption_key": "canary-key-16byt",
    "sign_secret": "canary-sign-secret",
}
PEOPLE = {"mobile": "+6281230001111", "debtor": "Budi Canary", "extra": {"street": "Canary street"}}
CANARIES = ["canary", "81230001111"]
TASK: dict[str, Any] = {
    "task_name": "Reminders",
    "schedule_start_time": "2026-03-02 09:00:00",
    "schedule_end_time": "2026-03-02 18:00:00",
    "robot_id": "1024",
    "details": [PEOPLE],
}
CALL = {
    "callid": "c1",
    "callee": "+6281230001111",
    "caller": "+6281230001111",
    "recording": "https://recordings.example/canary.wav",
    "variables": {"name": "Budi Canary"},
    "unknown": "Budi Canary",
}
TEXT: dict[str, Any] = {"content": {"content_type": "text", "text": "Halo, Budi Canary"}}
MESSAGES = [
    {"msg_id": "m1", "content": {"type": "text", "text": "I am Budi Canary", "mood": "canary"}},
    {"msg_id": "m2", "content": {"type": "image", "media": {"origin_url": "https://example.com/canary.png"}}},
    {"msg_id": "m3", "content": {"type": "hologram", "text": "Budi Canary"}, "reply": {"content": "Budi Canary"}},
]


def all_text_of(error: BaseException) -> list[str]:
    return [str(error), repr(error), *traceback.format_exception(error), repr(vars(error))]


def errors_of(client: Client, server: FakeServer) -> list[AiRudderError]:
    """An error of every stage that a request goes through."""
    collected = []

    def fails(call: Any, **arguments: Any) -> None:
        with pytest.raises(AiRudderError) as raised:
            call(**arguments)
        collected.append(raised.value)

    fails(client.tasks.create, **{**TASK, "details": [{"mobile": "6281230001111"}]})
    fails(client.tasks.create, **{**TASK, "details": [{**PEOPLE, "arrears": object()}]})
    fails(client.tasks.create, **{**TASK, "details": [{**PEOPLE, "Budi Canary": 1}]})
    fails(client.tasks.cancel_call, task_id="t1", callee_number="81230001111")
    fails(client.workflows.create, workflow_template_id=7, name="November", end_time="+6281230001111 Budi Canary")
    fails(
        client.chatbot.send_message, call_id="c1", messages=[TEXT, {"content": {"content_type": "Budi Canary"}, "x": 1}]
    )
    fails(client.chatbot.send_message, call_id="c1", messages=[TEXT, {"content": {**TEXT["content"], "media": {}}}])
    fails(client.chatbot.upload_file, file="/nowhere/Budi Canary.png")
    server.errors["/api/v1/message/send"] = (400, {}, {"code": 400, "message": "cannot send Halo, Budi Canary"})
    fails(client.chatbot.send_message, call_id="c1", messages=[TEXT])
    server.answers["/service/cloud/task"] = "+6281230001111 Budi Canary"
    fails(client.tasks.create, **TASK)
    server.silent.add("/service/cloud/task")
    fails(client.tasks.create, **TASK, timeout=0.1)
    server.silent.add("/service/cloud/auth")
    fails(Client(base_url=server.base_url, **SECRETS).tasks.create, **TASK, timeout=0.1)
    fails(client.events.unwrap, body=b"Budi Canary +6281230001111", headers={})
    fails(client.events.unwrap, body=b"Budi Canary +6281230001111", headers={"Is-Encrypted": "1", "Signed": "canary"})
    return collected


def test_nothing_is_shown(
    server: FakeServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    with caplog.at_level(logging.DEBUG):
        client = Client(base_url=server.base_url, require_signature=False, require_encryption=False, **SECRETS)
        shown += [repr(client), repr(client.tasks), repr(client.events), repr(vars(client))]
        server.answers["/service/cloud/call"] = CALL
        answer = client.tasks.call_by_id(call_id="c1")
        assert answer.callee == CALL["callee"]
        raw = client.raw("GET", "/service/cloud/call")
        assert raw.data == CALL
        event = client.events.unwrap(b'{"callid": "c1", "callee": "+6281230001111"}', {})
        assert isinstance(event.data, models.Call)
        unknown = client.events.unwrap(b'{"who": "Budi Canary"}', {})
        router = client.events.router(MemoryStore())
        shown += [repr(router), repr(router.handle(b'{"who": "Budi Canary"}', {}))]
        shown.append(repr(router.handle(b"Budi Canary", {"X-AIRudder-Sign": "canary"})))
        server.answers["/api/v1/session/messages"] = {"messages": MESSAGES}
        chat = client.chatbot.messages(call_id="c1")
        assert isinstance(chat.messages[0].content, models.TextContent)
        pages = client.chatbot.messages_all(call_id="c1")
        shown += [repr(pages), repr(next(pages).content)]
        request = SignRequest("POST", "/canary", "canary", b"Budi Canary", None)
        shown += [text for value in (answer, raw, event, unknown, chat, request) for text in (repr(value), str(value))]
        for error in errors_of(client, server):
            shown += all_text_of(error)
    output = capfd.readouterr()
    shown += [caplog.text, output.out, output.err]
    for text in shown:
        assert not [canary for canary in CANARIES if canary in text.lower()], text


def test_nothing_is_shown_by_asyncio(
    server: FakeServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    server.silent.add("/service/cloud/task")

    async def main() -> list[str]:
        client = AsyncClient(base_url=server.base_url, **SECRETS)
        call = asyncio.ensure_future(client.tasks.create(**TASK, timeout=0.1))
        await asyncio.sleep(0)
        shown = [repr(client), repr(call), repr(call.get_stack())]
        with pytest.raises(AiRudderError) as raised:
            await call
        return [*shown, *all_text_of(raised.value)]

    with caplog.at_level(logging.DEBUG):
        shown = asyncio.run(main(), debug=True)
    output = capfd.readouterr()
    for text in [*shown, caplog.text, output.out, output.err]:
        assert not [canary for canary in CANARIES if canary in text.lower()], text
