"""Calls that an event loop waits for.

Calls run on threads of their own and leave their outcomes in a queue. Only the first outcome of a batch wakes the event
loop, which then takes all that are there: under load that is far fewer wake-ups than one for each call.
"""

from __future__ import annotations

from asyncio import CancelledError, get_running_loop
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from airudder._native import Queue

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable

    from airudder._native import Pending


async def finish(pending: Pending) -> Any:  # noqa: ANN401 - every operation has its own answer
    """Send a call and wait for its answer; when the task is cancelled, so is the call."""
    loop = get_running_loop()
    completions = _completions_of(loop)
    future = loop.create_future()
    pending.start(completions.queue, future)
    try:
        return await future
    except CancelledError as cancelled:
        if note := pending.interruption():
            cancelled.add_note(note)
        raise
    finally:
        pending.cancel()


class _Completions:
    """Hands the outcomes of calls to the tasks of one event loop.

    It does not know its loop: the loop keeps it alive, and lets go of it when it is closed.
    """

    __slots__ = ("__weakref__", "queue")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.queue = Queue()
        try:
            loop.add_reader(self.queue.fileno(), self.deliver)
        except NotImplementedError:
            # A loop that watches no sockets, such as Windows' own. Then only calls under way keep this object alive.
            self.queue = Queue(_Waker(loop, self))

    def deliver(self) -> None:
        """Give every outcome that is there to whom it belongs."""
        for future, answer, error in self.queue.take():
            if future.done():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)


class _Waker:
    """Wakes a loop from any thread."""

    __slots__ = ("_completions", "_loop")

    def __init__(self, loop: AbstractEventLoop, completions: _Completions) -> None:
        self._loop = ref(loop)
        self._completions = ref(completions)

    def __call__(self) -> None:
        loop, completions = self._loop(), self._completions()
        if loop is not None and completions is not None and not loop.is_closed():
            loop.call_soon_threadsafe(completions.deliver)


_ALL: WeakKeyDictionary[AbstractEventLoop, ref[_Completions]] = WeakKeyDictionary()
# The loop of the last call, and its completions: most programs have one, and a dictionary of weak references is slow.
_last: tuple[Callable[[], AbstractEventLoop | None], Callable[[], _Completions | None]] = (lambda: None, lambda: None)


def _completions_of(loop: AbstractEventLoop) -> _Completions:
    global _last  # noqa: PLW0603 - threads replace it as a whole
    last_loop, last_completions = _last
    if last_loop() is loop and (completions := last_completions()) is not None:
        return completions
    known = _ALL.get(loop)
    completions = None if known is None else known()
    if completions is None:
        completions = _Completions(loop)
        _ALL[loop] = ref(completions)
    _last = (ref(loop), ref(completions))
    return completions
