"""The cases that the suites of all languages share, through `Client` and through `AsyncClient`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import airudder
from suite import FLAVOURS, CaseServer, outcome_of, reported

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

_server: CaseServer | None = None


def case_server() -> CaseServer:
    """The server, started when pytest collects the names of the cases."""
    global _server  # noqa: PLW0603 - collecting and running share it
    if _server is None:
        _server = CaseServer()
    return _server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = [f"{case['file']}/{case['name']}" for case in case_server().ask("/_cases?suite=python")]
    assert names, "the case server has no case for Python"
    metafunc.parametrize("name", names)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[None]]]:
    """The cases that were chosen, by the names of their tests. Cases mostly wait, so many are played at once."""
    chosen = [test for test in request.session.items if test.path == Path(__file__)]
    tests = [test for test in chosen if isinstance(test, pytest.Function)]
    with ThreadPoolExecutor(16) as pool:
        yield {test.name: pool.submit(play, str(test.callspec.params["name"]), test.originalname) for test in tests}
        pool.shutdown(cancel_futures=True)
    case_server().stop()


def test_blocking(name: str, played: dict[str, Future[None]]) -> None:
    played[f"test_blocking[{name}]"].result()


def test_asyncio(name: str, played: dict[str, Future[None]]) -> None:
    played[f"test_asyncio[{name}]"].result()


def play(name: str, test_name: str) -> None:
    flavour = FLAVOURS[test_name.removeprefix("test_")]
    started = case_server().ask(f"/_cases/{name}/start?suite=python", {})
    outcomes: list[dict[str, Any]] = []
    try:
        client = flavour.client(**started["case"]["client"])
        outcomes.extend(outcome_of(client, step, flavour) for step in started["case"]["steps"])
    except airudder.AiRudderError as error:
        outcomes.append(reported(error))
    verdict = case_server().ask(f"/_cases/{started['id']}/finish", {"outcomes": outcomes})
    assert verdict["ok"], f"{name}:\n" + "\n".join(verdict["problems"])
