"""Receiving events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from airudder.errors import EventError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airudder._native import Client as Native
    from airudder.results import Event

Pairs: TypeAlias = Iterable[tuple[str | bytes, str | bytes]]
"""Headers as ASGI has them."""
Raw: TypeAlias = bytes | bytearray | memoryview
"""A body as it came over the wire."""


class Headers(Protocol):
    """Headers as web frameworks have them: a mapping, or what is like one."""

    def items(self) -> Iterable[tuple[str, str | Sequence[str]]]:
        """Names and values. A value may be a list, such as API Gateway's `multiValueHeaders` have."""
        ...


class BaseEvents:
    """Opens what AI Rudder posts to the URL that you gave it."""

    __slots__ = ("_native",)

    def __init__(self, native: Native) -> None:
        """A client makes it."""
        self._native = native

    def unwrap(self, body: Raw, headers: Headers | Pairs, kind: str | None = None) -> Event:
        """Open an event: check its sign, decrypt the body when the header `Is-Encrypted: 1` says so, and read it.

        The signature is checked where there is one. It is required for the kinds that AI Rudder documents it for, and
        for all kinds if the client has a `sign_secret` or `signer`, unless `require_signature` is False. With an
        `encryption_key`, encryption is required likewise. Give the kind where you know it: who forges an event chooses
        the fields by which its kind is detected otherwise. `authenticated` says what was proved.

        AI Rudder sends an event again when it is not answered with 200, so the same event can come more than once; its
        `key` is the same then. That events are encrypted like answers and signed like requests is assumed, for AI
        Rudder's pages on it could not be read.

        Args:
            body: What came over the wire, untouched.
            headers: All of the request's headers: a mapping, whose values may be lists, or pairs such as ASGI's.
            kind: The kind of event, when the URL tells it: `"call.finished"`. Otherwise the body tells.

        Returns:
            The event; its data is an `UnknownEvent` when its kind cannot be told.

        Raises:
            EventError: It cannot be taken. `reason` says why: `"not_raw"`, `"too_large"`, `"coding"`, `"bad_header"`,
                `"missing_header"`, `"no_key"`, `"sign"`, `"decryption"`, `"not_encrypted"`, `"not_json"`,
                `"wrong_kind"`, `"unknown_kind"` or `"too_old"`; the text says what to do about
                it. Answer with HTTP status 400.
        """
        return self._native.unwrap(
            body if type(body) is bytes else self._bytes(body), headers, kind if kind is None else kind_of(kind)
        )

    def sample(self, kind: str) -> bytes:
        """A body as AI Rudder might post it for events of this kind, for tests of your receiver.

        It is the same every time, and its people do not exist.

        Raises:
            EventError: There is no such kind; its reason is `"unknown_kind"`.
        """
        return self._native.sample(kind_of(kind) or "")

    def sign(self, body: Raw) -> dict[str, str]:
        """The headers of a body signed with the client's own `sign_secret` or `signer`, for tests of your receiver.

        Sign what is sent: encrypt first.

        Raises:
            EventError: The client has nothing to sign with; its reason is `"no_key"`.
        """
        return dict(self._native.sign(self._bytes(body)))

    def encrypt(self, body: Raw) -> tuple[bytes, dict[str, str]]:
        """A body encrypted with the client's own key, and the headers that say so, for tests of your receiver.

        Raises:
            EventError: The client has no `encryption_key`; its reason is `"no_key"`.
        """
        encrypted, headers = self._native.encrypt(self._bytes(body))
        return encrypted, dict(headers)

    def _bytes(self, body: Raw) -> bytes:
        """The body, if it is one; frameworks offer texts and dictionaries in its place."""
        raw = bytes_of(body)
        if raw is None:
            self._native.not_raw(article_of(body))
        return raw


def bytes_of(body: object) -> bytes | None:
    """The bytes of a body; None when it is something else."""
    match body:
        case bytes():
            return body
        case bytearray():
            return bytes(body)
        case memoryview():
            return body.tobytes()
        case _:
            return None


def article_of(value: object) -> str:
    """What a value is, for a sentence: `a dict`."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def pairs_of(headers: Headers | Pairs) -> list[tuple[str, str]]:
    """Names and values, of whatever form a framework has given them."""
    items: Any = getattr(headers, "items", None)
    pairs: Any = headers if items is None else items()
    try:
        return [(_text(name), _text(one)) for name, value in pairs for one in _values(value)]
    except (TypeError, ValueError):
        raise EventError(
            f"The event cannot be taken: `headers` is {article_of(headers)}; pass the headers of the request, as a"
            " mapping or as pairs.",
            operation="events.unwrap",
            may_have_been_applied=False,
            reason="bad_header",
        ) from None


def _values(value: object) -> Iterable[object]:
    return cast("Iterable[object]", value) if isinstance(value, list | tuple) else (value,)


def kind_of(kind: object) -> str | None:
    """The kind, which may come from a URL. What is no text is no kind either, as the text of it is none."""
    return None if kind is None else _text(kind)


def _text(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    # Servers put what is no UTF-8 into half characters, which cannot leave Python.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
