"""Receiving events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from airudder.errors import InvalidRequestError

if TYPE_CHECKING:
    from airudder._native import Client as Native
    from airudder.results import Event

Pairs: TypeAlias = Iterable[tuple[str | bytes, str | bytes]]
"""Headers as ASGI has them."""


class Headers(Protocol):
    """Headers as web frameworks have them: a mapping, or what is like one."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values."""
        ...


class Events:
    """Opens what AI Rudder posts to the URL that you gave it."""

    __slots__ = ("_native",)

    def __init__(self, native: Native) -> None:
        """A client makes it."""
        self._native = native

    def unwrap(
        self, body: bytes | bytearray | memoryview | str, headers: Headers | Pairs, kind: str | None = None
    ) -> Event:
        """Open an event: decrypt the body when the header `Is-Encrypted: 1` says so, check `Signed`, and read it.

        AI Rudder sends an event again when it is not answered with 200, so the same event can come more than once. That
        events are encrypted like answers is assumed, for AI Rudder's page on it could not be read.

        Args:
            body: What came over the wire, untouched.
            headers: The request's headers: a mapping, or pairs such as ASGI's.
            kind: The kind of event, when the URL tells it: `"call.finished"`. Otherwise the body tells.

        Returns:
            The event; its data is an `UnknownEvent` when its kind cannot be told.

        Raises:
            DecryptionError: The body cannot be decrypted, or its sign does not match.
            InvalidResponseError: The body is no JSON object.
            InvalidRequestError: An argument is wrong.
        """
        items: Any = getattr(headers, "items", None)
        pairs: Any = headers if items is None else items()
        return self._native.unwrap(_bytes(body), [(_text(name), _text(value)) for name, value in pairs], kind)


def _bytes(body: bytes | bytearray | memoryview | str) -> bytes:
    if isinstance(body, str):
        return body.encode()
    try:
        return bytes(memoryview(body))
    except TypeError:
        raise InvalidRequestError(
            "`body` must be the bytes that came over the wire: only they can be decrypted and checked. Take them from"
            " the web framework before it parses them.",
            operation="events.unwrap",
        ) from None


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
