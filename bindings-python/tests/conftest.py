from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from airudder import Client
from fake import FakeServer

if TYPE_CHECKING:
    from collections.abc import Iterator


# Whoever runs the tests may have settings of their own. `AIRUDDER_CASES` and `AIRUDDER_CASE` choose tests.
for _name in [name for name in os.environ if name.startswith("AIRUDDER_") and not name.startswith("AIRUDDER_CASE")]:
    del os.environ[_name]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def client(server: FakeServer) -> Iterator[Client]:
    with Client(base_url=server.base_url) as client:
        yield client
