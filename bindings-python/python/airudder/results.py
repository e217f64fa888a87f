"""What is neither a model of AI Rudder's API nor an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from airudder.generated.events import EventData


class Download(NamedTuple):
    """A file that was downloaded."""

    path: Path
    """Where it is."""
    bytes: int
    """How many bytes it has."""
    content_type: str | None
    """What the server said it is, such as `audio/wav`."""


class DownloadProgress(NamedTuple):
    """How far a download is."""

    path: Path
    """Where the file will be."""
    bytes: int
    """How many bytes of it are there, with those of a download that it resumes. Fewer than before if it begins anew."""
    total_bytes: int | None
    """How many bytes it will have, if the server said so."""
    file: int
    """Which file of the call it is, from 1."""
    files: int
    """How many files the call has."""


class RawAnswer(NamedTuple):
    """What a raw call was answered with."""

    http_status: int
    """The HTTP status."""
    code: int | None
    """The envelope's code, if the answer had one."""
    status: str | None
    """The envelope's status."""
    message: str | None
    """The envelope's message."""
    data: Any
    """The envelope's data, or the whole answer when it had no envelope."""

    def __repr__(self) -> str:
        # Nobody knows what the rest holds.
        return f"RawAnswer(http_status={self.http_status!r}, code={self.code!r}, status={self.status!r})"


class SignRequest(NamedTuple):
    """A request that wants to be signed, or an event whose sign is checked."""

    method: str
    """The HTTP method, such as `POST`."""
    path: str
    """The path, with the query after a `?` when there is one; empty for an event, whose path is the receiver's."""
    sign_key: str
    """The client's `sign_key`."""
    body: bytes | None
    """The body, empty when there is none; None when a file is sent from the disk, for it is never held as a whole."""
    body_sha256: str | None
    """The SHA-256 of the whole body in lower-case hexadecimal digits, when `body` is None."""

    def __repr__(self) -> str:
        # The body holds what people say.
        return f"SignRequest(method={self.method!r}, body=<{len(self.body or b'')} bytes>)"


class UnknownEvent(NamedTuple):
    """An event of a kind that this version does not know."""

    data: Any
    """All that came."""

    def __repr__(self) -> str:
        return "UnknownEvent(data=<json>)"


class Event(NamedTuple):
    """An event that AI Rudder posted."""

    kind: str
    """Its kind, such as `call.finished`; `unknown` when nothing tells."""
    data: EventData
    """What it says."""
    key: str = ""
    """What is the same for every copy of this event, and for no other event: 64 hexadecimal digits that show nothing.

    AI Rudder sends an event again when it does not hear that it arrived.
    """
    authenticated: str = "nothing"
    """What proves that it is AI Rudder's.

    `signature`, `encryption` (it was encrypted with the client's key; weak with `aes-ecb`, where blocks of known events
    can be put together anew) or `nothing`: then anybody who knows the URL may have posted it. A proof covers the body,
    and nothing else of the request: whoever has seen a proven event can post it again, and to another URL. An event
    that names its kind is refused under another kind, and a duplicate is handled once.
    """


class Reply(NamedTuple):
    """What to answer AI Rudder when it has posted an event."""

    status: int
    """The HTTP status. AI Rudder sends an event again after anything but 200."""
    outcome: str
    """What became of it.

    `handled`, `duplicate` (it was handled before), `unhandled` (it has no handler), `busy` (another copy is being
    handled), `failed` (its handler or the store failed) or `refused`.
    """
    reason: str | None = None
    """What is wrong with an event that is refused: see `EventError`."""
    message: str | None = None
    """What happened and what to do, for your log; it holds nobody's data. Never answer with it."""
