"""The program of the package's README, as it stands there."""

# ruff: noqa: T201 - it prints, as a reader's first program does.

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from fake import FakeServer


def test_first_call(server: FakeServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AIRUDDER_BASE_URL", server.base_url)

    from airudder import Client

    with Client(app_key="my key", app_secret="my secret") as client:
        for robot in client.tasks.robots().robots:
            print(robot.robot_id, robot.robot_name)

    assert capsys.readouterr().out == "1 Ayu\n2 Budi\n"
    assert server.requests[0].json == {"APPKey": "my key", "APPSecret": "my secret"}
