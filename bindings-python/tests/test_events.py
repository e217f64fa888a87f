"""Opening events: what is refused and why, signs, and deliveries for tests."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from airudder import EVENT_KINDS, AsyncClient, Client, EventError, SignRequest, UnknownEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from airudder import Event

SECRET = "canary-sign-secret"
KEY = "0f8fad5bd9cb469fa165708667284a2c"
SIGN = "X-AIRudder-Sign"
SIGNED_KIND = "workflow.chatbot_session_ended"
LOOPBACK = "http://127.0.0.1:1"


def client(**settings: Any) -> Client:
    return Client(base_url=LOOPBACK, **settings)


def sign(request: SignRequest) -> str:
    assert request.body is not None
    return hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()


def refused(open_event: Callable[[], object]) -> EventError:
    with pytest.raises(EventError) as raised:
        open_event()
    assert raised.value.operation == "events.unwrap"
    assert not raised.value.retryable
    return raised.value


PARSED: list[tuple[object, str]] = [
    ({"callid": "c1"}, "a dict"),
    ('{"callid": "c1"}', "a str"),
    (["c1"], "a list"),
    (None, "a NoneType"),
    (7, "an int"),
]


@pytest.mark.parametrize(("body", "what"), PARSED, ids=[what for _, what in PARSED])
def test_what_is_no_raw_body_is_told(body: Any, what: str) -> None:
    error = refused(lambda: client().events.unwrap(body, {}))
    assert error.reason == "not_raw"
    assert f"`body` is {what}" in str(error)
    assert "raw body" in str(error)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_every_form_of_bytes_is_a_body(make: Callable[[bytes], Any]) -> None:
    assert client().events.unwrap(make(b'{"callid": "c1"}'), {}).kind == "call.finished"


HEADERS: list[Any] = [
    {SIGN.lower(): "wrong"},
    [(SIGN, "wrong")],
    [(b"x-airudder-sign", b"wrong")],
    [("x-airudder-sign", "wr\u00f6ng")],
    [("x-airudder-sign", "wr\udcffong")],
]


@pytest.mark.parametrize("headers", HEADERS, ids=ascii)
def test_headers_come_in_many_forms(headers: Any) -> None:
    assert refused(lambda: client(sign_secret=SECRET).events.unwrap(b"{}", headers)).reason == "sign"


@pytest.mark.parametrize("headers", [None, 5, "text", [("one",)], [7]], ids=repr)
def test_what_are_no_headers_is_told(headers: Any) -> None:
    error = refused(lambda: client().events.unwrap(b"{}", headers))
    assert error.reason == "bad_header"
    assert "`headers`" in str(error)


@pytest.mark.parametrize("kind", ["call.finnished", "\udcff", 5, b"call", ""])
def test_a_kind_that_is_none_is_told(kind: Any) -> None:
    assert refused(lambda: client().events.unwrap(b"{}", {}, kind)).reason == "unknown_kind"


HOSTILE: list[tuple[bytes, dict[str, str], str]] = [
    (b"", {}, "not_json"),
    (b"[]", {}, "not_json"),
    (b'{"a": "\xff"}', {}, "not_json"),
    (b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", {}, "not_json"),
    (b" " * (50 << 20), {}, "too_large"),
    (b"QUJD", {"Is-Encrypted": "1", "Signed": "0" * 64}, "decryption"),
    (b"!", {"Is-Encrypted": "1", "Signed": "0" * 64}, "decryption"),
    (b"QUJD", {"Is-Encrypted": "1"}, "missing_header"),
    (b"{}", {SIGN: "a\x00b"}, "bad_header"),
]


@pytest.mark.parametrize(("body", "headers", "reason"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_deliveries_are_refused(body: bytes, headers: dict[str, str], reason: str) -> None:
    opted_out = {"require_signature": False, "require_encryption": False}
    receiver = client(sign_secret=SECRET, encryption_key="airudderredduria", **opted_out)
    assert refused(lambda: receiver.events.unwrap(body, headers)).reason == reason


def test_settings_of_events() -> None:
    assert refused(lambda: client(max_event_bytes=1).events.unwrap(b"{}", {})).reason == "too_large"
    assert client(sign_secret=SECRET, verify_events=False).events.unwrap(b"{}", {SIGN: "wrong"}).kind == "unknown"
    old = json.dumps({"timestamp": int(time.time()) - 3600}).encode()
    kind = "chatbot.session_ended"
    assert client(max_event_age=7200).events.unwrap(old, {}, kind).kind == kind
    assert refused(lambda: client(max_event_age=600).events.unwrap(old, {}, kind)).reason == "too_old"


def test_an_event_that_proves_nothing_is_refused_with_a_key_or_a_secret() -> None:
    body = b'{"callid": "c1"}'
    encrypting = client(encryption_key="airudderredduria")
    assert refused(lambda: encrypting.events.unwrap(body, {})).reason == "not_encrypted"
    assert encrypting.events.unwrap(*encrypting.events.encrypt(body)).authenticated == "encryption"
    signing = client(sign_secret=SECRET)
    assert refused(lambda: signing.events.unwrap(body, {})).reason == "missing_header"
    proven = signing.events.unwrap(body, signing.events.sign(body))
    taken = client(sign_secret=SECRET, require_signature=False).events.unwrap(body, {})
    assert (proven.authenticated, taken.authenticated) == ("signature", "nothing")
    assert proven.key != taken.key


def test_the_key_is_the_same_for_every_copy() -> None:
    def key(body: bytes) -> str:
        return client().events.unwrap(body, {}).key

    assert key(b'{"callid": "c1"}') == key(b'{"callid": "c1", "status": "answered"}')
    assert key(b'{"callid": "c1"}') != key(b'{"callid": "c2"}')
    assert len(key(b"{}")) == 64


@pytest.mark.parametrize("settings", [{"sign_secret": SECRET}, {"signer": sign}], ids=["secret", "signer"])
def test_the_sign_is_checked(settings: dict[str, Any]) -> None:
    events = client(sign_key=KEY, **settings).events
    body = events.sample(SIGNED_KIND)
    headers = events.sign(body)
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert {name.lower(): value for name, value in headers.items()} == {
        "x-airudder-sign": expected,
        "x-airudder-sign-key": KEY,
    }
    assert events.unwrap(body, headers).kind == SIGNED_KIND
    assert refused(lambda: events.unwrap(body + b" ", headers)).reason == "sign"
    assert refused(lambda: events.unwrap(body, {})).reason == "missing_header"


def test_a_signer_sees_the_event() -> None:
    asked: list[SignRequest] = []

    def signer(request: SignRequest) -> str:
        asked.append(request)
        return "signed"

    assert client(sign_key=KEY, signer=signer).events.unwrap(b"{}", {SIGN: "signed"}).kind == "unknown"
    assert asked == [SignRequest("POST", "", KEY, b"{}", None)]


def failing(request: SignRequest) -> str:
    raise KeyError(f"+6281230001111 {request.sign_key}")


async def awaited(request: SignRequest) -> str:
    return sign(request)


@pytest.mark.parametrize(("signer", "words"), [(failing, "it raised KeyError"), (awaited, "must be awaited")])
def test_a_signer_that_fails_is_told(signer: Any, words: str) -> None:
    events = AsyncClient(base_url=LOOPBACK, sign_key=KEY, signer=signer).events
    errors = [refused(lambda: events.unwrap(b"{}", {SIGN: "signed"}))]
    with pytest.raises(EventError) as raised:
        events.sign(b"{}")
    for error in [*errors, raised.value]:
        assert error.reason == "no_key"
        assert words in str(error)
        assert "81230001111" not in str(error)
        assert KEY not in str(error)


SCHEMES: list[dict[str, Any]] = [
    {"encryption_key": "airudderredduria"},
    {"encryption_key": "airudderredduria", "encryption_scheme": "aes-cbc"},
]


def test_there_are_all_kinds() -> None:
    assert len(EVENT_KINDS) == 35


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_a_sample_of_every_kind_is_opened(kind: str) -> None:
    def is_typed(event: Event) -> bool:
        return event.kind == kind and type(event.data) is EVENT_KINDS[kind].model and not event.data.extra

    for scheme in SCHEMES:
        events = client(sign_secret=SECRET, require_encryption=False, **scheme).events
        sample = events.sample(kind)
        clear = events.unwrap(sample, events.sign(sample), kind)
        assert is_typed(clear)
        body, headers = events.encrypt(sample)
        assert sample not in body
        encrypted = events.unwrap(body, headers | events.sign(body), kind)
        assert is_typed(encrypted)
        assert encrypted == clear


def test_what_there_is_no_key_for() -> None:
    # Away from the emulator, there is no sign secret that everybody knows.
    events = Client(base_url="https://api.example.com", app_key="key", app_secret="secret").events
    for make in (events.sign, events.encrypt):
        with pytest.raises(EventError) as raised:
            make(b"{}")
        assert raised.value.reason == "no_key"
    with pytest.raises(EventError) as raised:
        events.sample("call.finnished")
    assert raised.value.reason == "unknown_kind"


def test_what_cannot_be_told_is_unknown() -> None:
    event = client().events.unwrap(b'{"weather": "fine"}', {})
    assert event.kind == "unknown"
    assert event.data == UnknownEvent({"weather": "fine"})
