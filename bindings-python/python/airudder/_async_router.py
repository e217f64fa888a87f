"""Handlers by the kind of event, for event loops."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING

from airudder._completions import finish
from airudder._events import BaseEvents
from airudder._native import Delivery
from airudder._router import BaseRouter, log_failure, logged
from airudder.results import Reply

if TYPE_CHECKING:
    from airudder._events import Headers, Pairs, Raw
    from airudder._router import Store


class AsyncRouter(BaseRouter):
    """Hands each event to the handler of its kind, and says what to answer.

    A handler is an `async def`, or a plain function that does not block for long. One that raises, or is cancelled,
    makes AI Rudder send the event again, after a minute and five times at most. One that returned is not run again for
    the same event, also when two copies come at the same moment.

        router = client.events.router(MemoryStore())

        @router.on("call.finished")
        async def keep(event):
            print(event.data.status)

        reply = await router.handle(body, headers)  # answer with reply.status

    Event loops may share it.
    """

    __slots__ = ()

    async def handle(
        self, body: Raw, headers: Headers | Pairs, kind: str | None = None, *, path: str | None = None
    ) -> Reply:
        """Open an event and run its handler, in this task.

        What a handler raises goes to `on_error` and, redacted, to the logger `airudder.events`.

        Args:
            body: What came over the wire, untouched.
            headers: All of the request's headers: a mapping, or pairs such as ASGI's.
            kind: The kind of event, when you know it.
            path: The path of the request's URL: when its last part is a kind, as in `/events/call.finished`, the event
                is of that kind. Otherwise the body tells.

        Returns:
            What to answer. It raises nothing but what ends a task or a program, such as CancelledError.
        """
        taken = self._take(body, headers, kind, path)
        if not isinstance(taken, Reply):
            taken = await finish(taken)
        if isinstance(taken, Delivery):
            return await self._run(taken)
        return logged(taken)

    async def _run(self, delivery: Delivery) -> Reply:
        handler = self._handler(delivery.event)
        settled = "unhandled"
        if handler is not None:
            try:
                outcome = handler(delivery.event)
                if isawaitable(outcome):
                    await outcome
                settled = "handled"
            except Exception as error:
                log_failure(delivery, error)
                await self._tell(error, delivery)
                settled = "failed"
            except BaseException:
                delivery.release()
                raise
        reply: Reply = await finish(delivery.settle(settled))
        # A failure is logged already, with its stack.
        return logged(reply) if settled == "handled" else reply

    async def _tell(self, error: Exception, delivery: Delivery) -> None:
        if self._on_error is None:
            return
        try:
            outcome = self._on_error(error, delivery.event)
            if isawaitable(outcome):
                await outcome
        except Exception as second:
            log_failure(delivery, second, "`on_error`")


class AsyncEvents(BaseEvents):
    """Receives what AI Rudder posts to the URL that you gave it."""

    __slots__ = ()

    def router(self, store: Store, *, body_timeout: float | None = None) -> AsyncRouter:
        """A router without handlers, that awaits each in the task which received the event.

        Args:
            store: Where it keeps which events were handled: `MemoryStore()`, which a restart empties and which other
                processes do not see, `SqliteStore("events.db")`, or an object of your own with the methods of
                `airudder.OwnStore`.
            body_timeout: How long the body of a request may take to come, in seconds, where `airudder.fastapi` reads
                it; 30 by default. One that takes longer is answered with 408.

        Raises:
            ConfigurationError: `store` is no store, or `body_timeout` no number of seconds.
        """
        return AsyncRouter(self._native, store, body_timeout)
