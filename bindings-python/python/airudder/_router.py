"""Handlers by the kind of event, for threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, overload

from airudder._events import BaseEvents, article_of, bytes_of, kind_of, pairs_of
from airudder._native import Delivery, MemoryStore, Receiver, SqliteStore, kind_of_path
from airudder.errors import ConfigurationError, EventError
from airudder.results import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from logging import Logger

    from airudder._events import Headers, Pairs, Raw
    from airudder._native import Client as Native
    from airudder._native import Pending
    from airudder.results import Event

HandlerT = TypeVar("HandlerT", bound="Callable[[Event], object]")
ErrorCallbackT = TypeVar("ErrorCallbackT", bound="Callable[[Exception, Event], object]")


class OwnStore(Protocol):
    """A store of your own, of the database that your program has anyway.

    Its methods are called on threads of their own, several at a time. With `AsyncClient` they may be `async def`, which
    then run in the event loop that receives. What one raises ends a delivery with the outcome `failed`, so that AI
    Rudder sends it again.
    """

    def begin(self, key: str, fence: str, lease: float, /) -> str | Awaitable[str]:
        """Claim an event: `"new"` when it is the caller's now, `"busy"` or `"done"` when it is not.

        Decide in one step: of two who ask at the same moment, only one may get `"new"`. Keep `fence` with the claim: no
        other claim has it, so it proves whose the claim is. A claim that is older than its lease, in seconds, counts as
        released.
        """
        ...

    def renew(self, key: str, fence: str, lease: float, /) -> bool | Awaitable[bool]:
        """Extend the claim to `lease` from now. It is called three times within each lease.

        Return whether the claim still is the one with this fence. If not, change nothing.
        """
        ...

    def finish(self, key: str, fence: str, /) -> bool | Awaitable[bool]:
        """Record the event as `"done"`, for ten minutes at least, in which AI Rudder may send it again.

        Return whether the claim still was the one with this fence. If not, record the event as `"done"` only if no
        other claim on it is live. After an exception it is called again.
        """
        ...

    def release(self, key: str, fence: str, /) -> object:
        """Make the event `"new"` again: it was not handled. Change nothing if the claim has another fence."""
        ...


Store: TypeAlias = MemoryStore | SqliteStore | OwnStore
"""Where a router keeps which events it has handled."""


class BaseRouter:
    """Handlers, and what both kinds of routers do before and after one runs."""

    __slots__ = ("__weakref__", "_handlers", "_on_error", "_otherwise", "_receiver", "body_timeout")

    def __init__(self, native: Native, store: Store, body_timeout: float | None = None) -> None:
        """`client.events.router` makes it."""
        # How long a body may take to come, in seconds, for adapters that read it.
        self.body_timeout = Receiver.BODY_TIMEOUT if body_timeout is None else _seconds(body_timeout)
        self._receiver = Receiver(native, store)
        self._handlers: dict[str, Callable[[Event], object]] = {}
        self._otherwise: Callable[[Event], object] | None = None
        self._on_error: Callable[[Exception, Event], object] | None = None

    @overload
    def on(self, kind: str, handler: None = None) -> Callable[[HandlerT], HandlerT]: ...
    @overload
    def on(self, kind: str, handler: HandlerT) -> HandlerT: ...
    def on(self, kind: str, handler: HandlerT | None = None) -> HandlerT | Callable[[HandlerT], HandlerT]:
        """Handle events of this kind: by `handler`, or by the function below `@router.on("call.finished")`.

        The last handler of a kind counts.

        Raises:
            ConfigurationError: There is no such kind.
        """
        if kind_of_path(kind) != kind:
            raise ConfigurationError(
                f"There is no kind {kind!r} of event; `airudder.EVENT_KINDS` has them all.", may_have_been_applied=False
            )

        def register(handler: HandlerT) -> HandlerT:
            self._handlers[kind] = handler
            return handler

        return register if handler is None else register(handler)

    def otherwise(self, handler: HandlerT) -> HandlerT:
        """Handle events of all kinds that have no handler of their own, unknown ones too; also `@router.otherwise`.

        Without it they are answered with 200 and forgotten.
        """
        self._otherwise = handler
        return handler

    def on_error(self, callback: ErrorCallbackT) -> ErrorCallbackT:
        """Call `callback(error, event)` when a handler raises; also `@router.on_error`.

        It is called before AI Rudder is asked to send the event again, with what the handler raised. The log has the
        stack of the error, and its message without what the event says of people.
        """
        self._on_error = callback
        return callback

    @property
    def enough_bytes(self) -> int:
        """How many bytes of a body are worth reading, for adapters: one that has so many is too large."""
        return self._receiver.enough_bytes()

    def _handler(self, event: Event) -> Callable[[Event], object] | None:
        return self._handlers.get(event.kind, self._otherwise)

    def _take(self, body: object, headers: Headers | Pairs, kind: str | None, path: str | None) -> Pending | Reply:
        raw = bytes_of(body)
        if raw is None:
            return self._receiver.not_raw(article_of(body))
        if kind is None and path is not None:
            kind = kind_of_path(kind_of(path) or "")
        try:
            return self._receiver.take(raw, pairs_of(headers), kind_of(kind))
        except EventError as error:
            return Reply(400, "refused", error.reason, str(error))


class Router(BaseRouter):
    """Hands each event to the handler of its kind, and says what to answer.

    A handler that raises makes AI Rudder send the event again, after a minute and five times at most. One that returned
    is not run again for the same event, also when two copies come at the same moment.

        router = client.events.router(MemoryStore())

        @router.on("call.finished")
        def keep(event):
            print(event.data.status)

        reply = router.handle(body, headers)  # answer with reply.status

    Threads may share it.
    """

    __slots__ = ()

    def handle(self, body: Raw, headers: Headers | Pairs, kind: str | None = None, *, path: str | None = None) -> Reply:
        """Open an event and run its handler, in the thread of the caller.

        What a handler raises goes to `on_error` and, redacted, to the logger `airudder.events`.

        Args:
            body: What came over the wire, untouched.
            headers: All of the request's headers: a mapping, or pairs such as ASGI's.
            kind: The kind of event, when you know it.
            path: The path of the request's URL: when its last part is a kind, as in `/events/call.finished`, the event
                is of that kind. Otherwise the body tells.

        Returns:
            What to answer. It raises nothing but what ends a program, such as KeyboardInterrupt.
        """
        taken = self._take(body, headers, kind, path)
        if not isinstance(taken, Reply):
            taken = taken.wait()
        if isinstance(taken, Delivery):
            return self._run(taken)
        return logged(taken)

    def _run(self, delivery: Delivery) -> Reply:
        handler = self._handler(delivery.event)
        settled = "unhandled"
        if handler is not None:
            try:
                handler(delivery.event)
                settled = "handled"
            except Exception as error:
                log_failure(delivery, error)
                self._tell(error, delivery)
                settled = "failed"
            except BaseException:
                delivery.release()
                raise
        reply: Reply = delivery.settle(settled).wait()
        # A failure is logged already, with its stack.
        return logged(reply) if settled == "handled" else reply

    def _tell(self, error: Exception, delivery: Delivery) -> None:
        if self._on_error is None:
            return
        try:
            self._on_error(error, delivery.event)
        except Exception as second:
            log_failure(delivery, second, "`on_error`")


class Events(BaseEvents):
    """Receives what AI Rudder posts to the URL that you gave it."""

    __slots__ = ()

    def router(self, store: Store, *, body_timeout: float | None = None) -> Router:
        """A router without handlers, that runs each in the thread which received the event.

        Args:
            store: Where it keeps which events were handled: `MemoryStore()`, which a restart empties and which other
                processes do not see, `SqliteStore("events.db")`, or an object of your own with the methods of
                `airudder.OwnStore`.
            body_timeout: How long the body of a request may take to come, in seconds, where `airudder.fastapi` reads
                it; 30 by default. One that takes longer is answered with 408. With Flask and Django the server has a
                limit of its own.

        Raises:
            ConfigurationError: `store` is no store, or `body_timeout` no number of seconds.
        """
        return Router(self._native, store, body_timeout)


def _seconds(value: object) -> float:
    if isinstance(value, int | float) and value > 0:
        return value
    raise ConfigurationError("`body_timeout` must be a number of seconds, more than 0.", may_have_been_applied=False)


def log_failure(delivery: Delivery, error: Exception, who: str = "the handler") -> None:
    """Log that a handler failed, with the stack, and with messages that say nothing of people."""
    from airudder._handler_failure import described

    _logger().error(
        "%s of %s failed; AI Rudder is to send the event again\n%s",
        who,
        delivery.event.kind,
        described(error, delivery.redacted),
    )


def logged(reply: Reply) -> Reply:
    """Log why an event was refused or what went wrong with it: the response does not say it."""
    if reply.message is not None:
        _logger().warning("an event was %s: %s", reply.outcome, reply.message)
    return reply


def _logger() -> Logger:
    # Most programs never need it, and it takes long to import.
    from logging import getLogger

    return getLogger("airudder.events")
