"""What the log says of a handler that failed."""

from __future__ import annotations

from traceback import format_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_ERRORS = 10
"""More causes than this say nothing new."""


def described(error: BaseException, redacted: Callable[[str], str | None]) -> str:
    """Describe an error and its causes like a traceback, with their messages redacted."""
    return "\n\nwhich led to:\n\n".join(
        f"{''.join(format_tb(each.__traceback__))}{type(each).__qualname__}: {redacted(_text(each))}"
        for each in reversed(list(_chain(error)))
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen and len(seen) < MOST_ERRORS:
        seen.add(id(each))
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "[no text]"
