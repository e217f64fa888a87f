"""What arguments become on their way to core."""

from __future__ import annotations

import enum
from collections import UserDict, UserList
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

import airudder

if TYPE_CHECKING:
    from fake import FakeServer

CONTACT = {"mobile": "+6281230001111"}


def create(client: airudder.Client, **changes: Any) -> None:
    arguments: dict[str, Any] = {
        "task_name": "Reminders",
        "schedule_start_time": "2026-03-02 09:00:00",
        "schedule_end_time": "2026-03-02 18:00:00",
        "robot_id": "1024",
        "details": [CONTACT],
    }
    client.tasks.create(**{**arguments, **changes})


class Word(enum.StrEnum):
    SINGLE = "single"


@pytest.mark.parametrize(
    ("name", "value", "wire"),
    [
        ("robot_id", 1024, {"RobotID": "1024"}),
        ("robot_id", Decimal(1024), {"RobotID": "1024"}),
        ("schedule_start_time", datetime(2026, 3, 2, 9, 5, 7, 999), {"ScheduleStartTime": "2026-03-02 09:05:07"}),
        ("robot_method", Word.SINGLE, {"RobotMethod": "single"}),
        ("repeat_number", 2, {"RepeatNumber": 2}),
        ("sip_line", None, {}),
        ("details", (CONTACT,), {}),
        ("details", UserList([CONTACT]), {}),
        ("details", [MappingProxyType(CONTACT)], {}),
        ("details", [UserDict(CONTACT)], {}),
    ],
)
def test_values_are_carried_over(
    client: airudder.Client, server: FakeServer, name: str, value: object, wire: dict[str, Any]
) -> None:
    create(client, **{name: value})
    expected: dict[str, Any] = {
        "TaskName": "Reminders",
        "ScheduleStartTime": "2026-03-02 09:00:00",
        "ScheduleEndTime": "2026-03-02 18:00:00",
        "RobotID": "1024",
        "Details": [{"Mobile": "+6281230001111"}],
    }
    assert server.last.json == {**expected, **wire}


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        ("due_date", date(2026, 3, 10), {"DueDate": "2026-03-10"}),
        ("arrears", Decimal("150000.50"), {"Arrears": "150000.50"}),
        ("arrears", Decimal("1E+3"), {"Arrears": "1000"}),
        ("arrears", 1500, {"Arrears": "1500"}),
        ("arrears", 0.5, {"Arrears": "0.5"}),
        ("debtor", None, {}),
        ("debtor", "Siti 👋", {"Debtor": "Siti 👋"}),
        ("extra", {"branch": "Menteng", "tries": [1, None, True, 0.5, {"x": 2**63}]}, None),
    ],
)
def test_contacts_are_carried_over(
    client: airudder.Client, server: FakeServer, field: str, value: Any, wire: Any
) -> None:
    create(client, details=[{**CONTACT, field: value}])
    [contact] = server.last.json["Details"]
    assert contact == {"Mobile": "+6281230001111", **(value if wire is None else wire)}


def endless() -> list[object]:
    items: list[object] = []
    items.append(items)
    return items


class Broken(UserList[Any]):
    def __iter__(self) -> Any:
        raise OSError("+6281230001111")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"schedule_start_time": datetime(2026, 3, 2, tzinfo=UTC)},
            "`schedule_start_time` must carry no zone: it is a time in the time zone of the account",
        ),
        ({"schedule_start_time": date(2026, 3, 2)}, "`schedule_start_time` must be a time as YYYY-MM-DD HH:MM:SS"),
        (
            {"details": [CONTACT, {**CONTACT, "arrears": float("nan")}]},
            r"`details\[1\].arrears` must be a finite number",
        ),
        ({"details": [{**CONTACT, "arrears": Decimal("Infinity")}]}, r"`details\[0\].arrears` must be a finite number"),
        ({"details": [{**CONTACT, "debtor": b"Budi"}]}, r"`details\[0\].debtor` is bytes"),
        ({"details": [{**CONTACT, "debtor": "\ud800"}]}, r"`details\[0\].debtor` holds a lone surrogate"),
        ({"details": [{**CONTACT, "debtor": object()}]}, r"`details\[0\].debtor` must be text"),
        ({"details": [{**CONTACT, "debtor": {"Budi"}}]}, r"`details\[0\].debtor` must be text"),
        ({"details": [{5: "five"}]}, r"`details\[0\]` has a key that is no text"),
        ({"details": [{**CONTACT, "debtr": "Budi"}]}, "did you mean `debtor`"),
        ({"details": [{"mobile": "6281230001111"}]}, r"`details\[0\].mobile` must be a phone number"),
        ({"details": []}, "`details` is empty"),
        ({"details": endless()}, r"`details\[0\]` must be an object, not a list"),
        ({"details": [{**CONTACT, "extra": {"more": endless()}}]}, r"`details\[0\].extra` is nested too deep"),
        ({"details": Broken([CONTACT])}, "`details` cannot be read as a list"),
        ({"details": "+6281230001111"}, "`details` must be a list, not text"),
        ({"repeat_number": 2**80}, "`repeat_number` is larger than 64 bits"),
        ({"repeat_number": "2"}, "`repeat_number` must be a whole number"),
        ({"repeat_number": True}, "`repeat_number` must be a whole number"),
        ({"robot_id": None}, "`robot_id` is missing"),
        ({"timeout": "5"}, "`timeout` must be a number"),
        ({"timeout": -1}, "`timeout`"),
        ({"timeout": float("nan")}, "`timeout`"),
        ({"max_retries": -1}, "`max_retries` must be a whole number"),
        ({"max_retries": 1.5}, "`max_retries` must be a whole number"),
        ({"extra_body": ["a"]}, "`extra_body` must be a mapping"),
        ({"extra_query": 5}, "`extra_query` must be a mapping"),
        ({"extra_headers": {"X-Tries": 5}}, "`extra_headers.…` must be text"),
        ({"extra_headers": {"X Y": "z"}}, "header"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_place(
    client: airudder.Client, server: FakeServer, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(airudder.InvalidRequestError, match=message) as raised:
        create(client, **changes)
    assert not [request for request in server.requests if request.path == "/service/cloud/task"]
    assert "81230001111" not in str(raised.value)
    assert raised.value.code == "invalid_request"


@pytest.mark.parametrize(
    ("end_time", "wire"),
    [
        (datetime(2026, 11, 24, 18, 0, 0, 999, tzinfo=timezone(timedelta(hours=7))), "2026-11-24 18:00:00+07:00"),
        (datetime(2026, 11, 24, 18, tzinfo=ZoneInfo("America/New_York")), "2026-11-24 18:00:00-05:00"),
        (datetime(2026, 11, 24, 18, tzinfo=UTC), "2026-11-24 18:00:00+00:00"),
        ("2026-11-24T18:00+08:00", "2026-11-24 18:00:00+08:00"),
    ],
)
def test_times_keep_their_zone(
    client: airudder.Client, server: FakeServer, end_time: str | datetime, wire: str
) -> None:
    client.workflows.create(workflow_template_id=7, name="November", end_time=end_time)
    assert server.last.json["end_time"] == wire


@pytest.mark.parametrize("end_time", [datetime(2026, 11, 24, 18), "2026-11-24 18:00:00"])
def test_a_time_without_its_zone_is_refused_where_it_needs_one(
    client: airudder.Client, server: FakeServer, end_time: str | datetime
) -> None:
    with pytest.raises(airudder.InvalidRequestError, match="`end_time` must carry its zone"):
        client.workflows.create(workflow_template_id=7, name="November", end_time=end_time)
    assert server.requests == []


def test_options_reach_the_wire(client: airudder.Client, server: FakeServer) -> None:
    create(
        client, extra_query={"dry": True}, extra_body={"Campaign": "spring"}, extra_headers={"X-Trace": "7"}, timeout=5
    )
    assert server.last.query == "dry=true"
    assert server.last.json["Campaign"] == "spring"
    assert server.last.headers["X-Trace"] == "7"


def test_unknown_arguments_are_refused_by_python(client: airudder.Client) -> None:
    with pytest.raises(TypeError, match="task_nam"):
        create(client, task_nam="Reminders")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "app_key"),
        ({"app_key": "key"}, "app_secret"),
        ({"base_url": 5}, "`base_url` must be text"),
        ({"base_url": "no url"}, "`base_url`"),
        ({"base_url": "http://127.0.0.1:1", "timeout": "soon"}, "`timeout` must be a number of seconds"),
        ({"base_url": "http://127.0.0.1:1", "timeout": 0}, "`timeout`"),
        ({"base_url": "http://127.0.0.1:1", "max_retries": -1}, "`max_retries` must be a whole number"),
        ({"base_url": "http://127.0.0.1:1", "max_response_bytes": 0.5}, "`max_response_bytes` must be a whole number"),
        ({"base_url": "http://127.0.0.1:1", "routes": {"tasks.list": 5}}, "`routes` must be a dict of text"),
        ({"base_url": "http://127.0.0.1:1", "routes": {"tasks.lst": "/x"}}, "tasks.lst"),
        ({"base_url": "http://127.0.0.1:1", "encryption_key": "short"}, "encryption_key"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, Any], message: str) -> None:
    for client_class in (airudder.Client, airudder.AsyncClient):
        with pytest.raises(airudder.ConfigurationError, match=message) as raised:
            client_class(**settings)
        assert raised.value.code == "configuration"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> None:
    monkeypatch.setenv("AIRUDDER_BASE_URL", server.base_url)
    assert airudder.Client().tasks.robots().robots
    with pytest.raises(airudder.ConnectionFailedError):
        airudder.Client(base_url="http://127.0.0.1:1", max_retries=0).tasks.robots()


def test_a_closed_client_refuses_calls(client: airudder.Client) -> None:
    with client as same:
        assert same.tasks.robots().robots
    with pytest.raises(airudder.ConfigurationError, match="closed"):
        client.tasks.robots()
