"""Every operation against the emulator, and some against a mock server, through `Client` and through `AsyncClient`."""

from __future__ import annotations

from typing import Any

import pytest

from suite import FLAVOURS, CaseServer, outcome_of


@pytest.mark.parametrize("flavour_name", FLAVOURS)
def test_every_operation_is_called(flavour_name: str) -> None:
    # A server of its own: what one client called does not count for the other.
    with CaseServer() as server:
        problems = [problem for walk in server.ask("/_walks") for problem in walked(server, walk["file"], flavour_name)]
        missing = server.ask("/_walks/missing?suite=python")["missing"]
    problems += [f"no walk calls {operation}" for operation in missing]
    assert not problems, "\n" + "\n".join(problems)


def walked(server: CaseServer, file: str, flavour_name: str) -> list[str]:
    """Make the calls that the server asks for; it says what was wrong."""
    flavour = FLAVOURS[flavour_name]
    started = server.ask(f"/_walks/{file}/start?suite=python", {})
    outcome: dict[str, Any] | None = None
    client = flavour.client(**started["client"])
    while not (answer := server.ask(f"/_walks/{started['id']}/next", {"outcome": outcome})).get("done"):
        outcome = outcome_of(client, answer["step"], flavour)
    return [f"{file}: {problem}" for problem in answer["problems"]]
