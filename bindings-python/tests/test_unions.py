"""Values that are one of several classes: contents of messages, results of calls, contacts."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import airudder
from airudder.models import (
    Call,
    CallResult,
    ChatMessage,
    CollectionCall,
    InfoCheckCall,
    MessageContent,
    MessagesSent,
    OtherContent,
    TaskDetail,
    TelemarketingCall,
    TextContent,
)

if TYPE_CHECKING:
    from airudder.types import OutgoingMessage
    from fake import FakeServer

MESSAGES = "/api/v1/session/messages"
SEND = "/api/v1/message/send"


def received(client: airudder.Client, server: FakeServer, content: dict[str, Any]) -> ChatMessage:
    server.answers[MESSAGES] = {"messages": [{"msg_id": "m1", "content": content}]}
    [message] = client.chatbot.messages(call_id="c1").messages
    return message


@pytest.mark.parametrize(
    ("content_type", "class_name"),
    [
        ("text", "TextContent"),
        ("image", "ImageContent"),
        ("video", "VideoContent"),
        ("audio", "AudioContent"),
        ("file", "FileContent"),
        ("interactive", "InteractiveContent"),
        ("template", "TemplateContent"),
        ("system", "SystemContent"),
        ("button", "ButtonContent"),
        ("hologram", "OtherContent"),
    ],
)
def test_the_tag_tells_the_class(
    client: airudder.Client, server: FakeServer, content_type: str, class_name: str
) -> None:
    content = received(client, server, {"type": content_type}).content
    assert type(content).__name__ == class_name
    assert isinstance(content, MessageContent)
    assert content.content_type == content_type


def test_fields_of_a_content_have_their_types(client: airudder.Client, server: FakeServer) -> None:
    content = received(client, server, {"type": "text", "text": "Halo, Budi", "mood": "glad"}).content
    match content:
        case TextContent(text=text):
            assert text == "Halo, Budi"
        case _:
            pytest.fail("the pattern did not match")
    assert content.extra == {"mood": "glad"}
    assert "Budi" not in repr(content)


def test_a_content_of_an_unknown_type_keeps_everything(client: airudder.Client, server: FakeServer) -> None:
    content = received(client, server, {"type": "hologram", "depth": [1, 2], "text": "Budi"}).content
    assert isinstance(content, OtherContent)
    assert content.extra == {"depth": [1, 2], "text": "Budi"}
    assert "Budi" not in repr(content)


def test_the_fields_tell_the_class() -> None:
    calls: list[dict[str, Any]] = [
        {"call_id": "c1", "debtor": "Budi"},
        {"call_id": "c2", "check_result": "passed"},
        {"call_id": "c3", "label": "interested"},
        {"call_id": "c4", "extra": {"branch": "Menteng"}},
    ]
    detail = TaskDetail.from_dict({"calls": calls})
    assert [type(call) for call in detail.calls] == [CollectionCall, InfoCheckCall, TelemarketingCall, Call]
    assert [call.call_id for call in detail.calls] == ["c1", "c2", "c3", "c4"]
    assert all(isinstance(call, CallResult) for call in detail.calls)
    assert detail.to_dict() == {"calls": calls}
    assert pickle.loads(pickle.dumps(detail)) == detail


def test_messages_quote_messages() -> None:
    fields: dict[str, Any] = {
        "msg_id": "m3",
        "content": {"content_type": "text", "text": "Yes"},
        "reply": {"msg_id": "m2", "reply": {"msg_id": "m1", "content": {"content_type": "text", "text": "Shall we?"}}},
    }
    message = ChatMessage.from_dict(fields)
    assert message.to_dict() == fields
    assert message.reply
    assert message.reply.reply
    first = message.reply.reply.content
    assert isinstance(first, TextContent)
    assert first.text == "Shall we?"
    assert pickle.loads(pickle.dumps(message)) == message
    assert pickle.loads(pickle.dumps(first)) == first
    assert message.reply.reply.reply is None


def test_a_class_knows_its_tag() -> None:
    content = TextContent.from_dict({"text": "Halo"})
    assert content.content_type == "text"
    assert content == TextContent.from_dict({"content_type": "text", "text": "Halo"})
    assert content.to_dict() == {"content_type": "text", "text": "Halo"}
    attribute: Any = content
    with pytest.raises(AttributeError):
        attribute.content_type = "image"


def test_contents_are_sent_as_plain_dictionaries(client: airudder.Client, server: FakeServer) -> None:
    server.answers[SEND] = {"msg_ids": ["m1", "m2", "m3"]}
    messages: list[OutgoingMessage] = [
        {"content": {"content_type": "text", "text": "Halo"}},
        {
            "content": {
                "content_type": "interactive",
                "interactive": {
                    "interactive_type": "button",
                    "body": {"text": "Agree?"},
                    "action": {"buttons": [{"button_type": "reply", "reply": {"id": "yes", "title": "Yes"}}]},
                },
            }
        },
        {"content": {"content_type": "hologram", "extra": {"depth": 3}}},
    ]
    sent = client.chatbot.send_message(call_id="c1", messages=messages)
    assert sent.msg_ids == ("m1", "m2", "m3")
    contents = [message["content"] for message in server.last.json["messages"]]
    assert contents[0] == {"type": "text", "text": "Halo"}
    assert contents[1]["interactive"]["type"] == "button"
    assert contents[1]["interactive"]["action"]["buttons"] == [
        {"type": "reply", "reply": {"id": "yes", "title": "Yes"}}
    ]
    assert contents[2] == {"type": "hologram", "depth": 3}


def test_what_came_is_sent_on_as_it_is(client: airudder.Client, server: FakeServer) -> None:
    contents = [
        {"type": "text", "text": "Halo", "mood": "glad"},
        {"type": "image", "media": {"origin_url": "https://example.com/1.png", "alt": "a parcel"}},
        {"type": "hologram", "depth": [1, {"x": None}]},
    ]
    server.answers[SEND] = {"msg_ids": ["m1", "m2", "m3"]}
    body = {"event": "message.send", "user": {"id": "u1", "vip": True}, "messages": [{"content": c} for c in contents]}
    reply = client.events.unwrap(json.dumps(body).encode(), {}, "chatbot.bot_reply").data
    assert isinstance(reply, MessagesSent)
    assert reply.user
    messages: list[OutgoingMessage] = [{"content": message.content} for message in reply.messages if message.content]
    client.chatbot.send_message(call_id="c1", messages=messages)
    assert [message["content"] for message in server.last.json["messages"]] == contents
    client.chatbot.bot_user_message(call_id="c1", channel_id="5003", user=reply.user, messages=messages)
    assert server.last.json["user"] == {"id": "u1", "vip": True}


def test_an_object_of_another_class_is_refused(client: airudder.Client, server: FakeServer) -> None:
    content: Any = Call.from_dict({"call_id": "c1", "callee": "+6281230001111"})
    with pytest.raises(airudder.InvalidRequestError, match=r"`messages\[0\].content`") as raised:
        client.chatbot.send_message(call_id="c1", messages=[{"content": content}])
    assert "81230001111" not in str(raised.value)
    assert server.requests == []


def test_a_field_that_no_variant_has_is_refused(client: airudder.Client, server: FakeServer) -> None:
    messages: Any = [{"content": {"content_type": "text", "txt": "Halo Budi"}}]
    with pytest.raises(airudder.InvalidRequestError, match=r"messages\[0\].content.* `text`") as raised:
        client.chatbot.send_message(call_id="c1", messages=messages)
    assert "Budi" not in str(raised.value)
    assert server.requests == []
