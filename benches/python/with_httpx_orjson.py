"""httpx, orjson and pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from typed import DetailAnswer
from with_httpx import pages_read_by

if TYPE_CHECKING:
    from collections.abc import Callable


def job_page(url: str) -> Callable[[int], str]:
    """Pages of calls."""
    return pages_read_by(url, lambda json: DetailAnswer.model_validate(orjson.loads(json)))
