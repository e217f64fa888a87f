"""Answers as Python objects."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from airudder import models
from airudder.models import Call, CreatedTask, Model, TaskDetail

if TYPE_CHECKING:
    from airudder import Client
    from fake import FakeServer

CALL: dict[str, Any] = {
    "call_id": "c1",
    "callee": "+6281230001111",
    "talk_duration": 12,
    "status": "answered",
    "variables": {"name": "Budi Canary"},
    "extra": {"note": "said Budi Canary", "big": 2**63, "nested": [1, {"a": None, "b": True, "c": 0.5}]},
}
CLASSES = [getattr(models, name) for name in dir(models) if inspect.isclass(getattr(models, name))]


def detail() -> TaskDetail:
    return TaskDetail.from_dict({"task_id": "t1", "total": 2, "calls": [CALL, {"call_id": "c2"}]})


def test_answers_of_a_server_have_their_classes(client: Client, server: FakeServer) -> None:
    answer = client.tasks.robots()
    assert type(answer) is models.RobotList
    assert [type(robot) for robot in answer.robots] == [models.Robot, models.Robot]
    assert [robot.robot_name for robot in answer.robots] == ["Ayu", "Budi"]
    assert (server.last.method, server.last.path) == ("GET", "/service/cloud/robot")


def test_fields_have_their_types() -> None:
    call = Call.from_dict(CALL)
    assert call.call_id == "c1"
    assert call.talk_duration == 12
    assert call.variables == {"name": "Budi Canary"}
    assert call.intention is None
    assert call.extra == CALL["extra"]
    assert detail().calls[1].extra == {}
    assert TaskDetail.from_dict({}).calls == ()


def test_parts_are_made_once_and_outlive_the_whole() -> None:
    answer = detail()
    calls = answer.calls
    assert isinstance(calls, tuple)
    assert answer.calls is calls
    del answer
    assert calls[0].callee == "+6281230001111"


def test_nothing_can_be_changed() -> None:
    call: Any = Call.from_dict(CALL)
    with pytest.raises(AttributeError, match="property 'status' of 'Call' object has no setter"):
        call.status = "busy"
    with pytest.raises(AttributeError):
        call.own = 1
    with pytest.raises(AttributeError):
        del call.status
    call.variables["name"] = "somebody else"
    call.extra["note"] = "something else"
    assert call == Call.from_dict(CALL)


def test_equal_answers_are_equal() -> None:
    assert detail() == detail()
    assert hash(detail()) == hash(detail())
    assert detail().calls[0] == Call.from_dict(CALL)
    assert len({Call.from_dict(CALL), Call.from_dict(CALL), Call.from_dict({"call_id": "c2"})}) == 2


@pytest.mark.parametrize(
    "other",
    [
        {**CALL, "talk_duration": 13},
        {**CALL, "variables": {"name": "somebody else"}},
        {**CALL, "extra": {}},
        {key: value for key, value in CALL.items() if key != "status"},
    ],
)
def test_other_answers_are_not_equal(other: dict[str, Any]) -> None:
    assert Call.from_dict(CALL) != Call.from_dict(other)


def test_other_classes_are_not_equal() -> None:
    empty: list[object] = [Call.from_dict({}), TaskDetail.from_dict({}), None, {}]
    assert all((one == other) is (one is other) for one in empty for other in empty)


def test_answers_are_copied_and_pickled() -> None:
    answer = detail()
    assert copy.copy(answer) is answer
    assert copy.deepcopy(answer) is answer
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(answer, protocol))
        assert type(twin) is TaskDetail
        assert twin == answer
    assert pickle.loads(pickle.dumps(answer.calls[0])) == answer.calls[0]


def test_answers_become_dictionaries() -> None:
    plain = detail().to_dict()
    assert plain == {"task_id": "t1", "total": 2, "calls": [CALL, {"call_id": "c2"}]}
    assert json.loads(json.dumps(plain)) == plain
    assert TaskDetail.from_dict(plain) == detail()


def test_repr_shows_neither_secrets_nor_people() -> None:
    text = repr(detail())
    assert text == (
        'TaskDetail(task_id="t1", total=2, calls=('
        'Call(call_id="c1", callee=<redacted>, talk_duration=12, status="answered", variables=<redacted>,'
        ' extra=<3 fields>), Call(call_id="c2")))'
    )
    assert str(detail()) == text
    assert f"{detail()}" == text


def test_repr_of_many_is_short() -> None:
    text = repr(TaskDetail.from_dict({"calls": [{"call_id": str(number)} for number in range(1000)]}))
    assert "<995 more>" in text
    assert len(text) < 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"talk_time": 3}, "no fields of Call"),
        ({"extra": 3}, "`extra` must be a dict"),
    ],
)
def test_from_dict_refuses_what_it_cannot_keep(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Call.from_dict(fields)


def test_from_dict_needs_what_an_answer_has_to_have() -> None:
    with pytest.raises(ValueError, match=r"TaskID|task_id"):
        CreatedTask.from_dict({})


def test_from_dict_belongs_to_the_classes() -> None:
    with pytest.raises(ValueError, match=r"airudder\.models"):
        Model.from_dict({})


def test_answers_match_patterns() -> None:
    match detail():
        case TaskDetail(calls=(Call(status="answered", talk_duration=seconds), *_)):
            assert seconds == 12
        case _:
            pytest.fail("the pattern did not match")


@pytest.mark.parametrize("model_class", CLASSES)
def test_classes_are_documented_and_cannot_be_made(model_class: Any) -> None:
    assert model_class.__module__ == "airudder.models"
    assert getattr(models, model_class.__name__) is model_class
    assert inspect.getdoc(model_class)
    for name, member in vars(model_class).items():
        if not name.startswith("_"):
            assert inspect.isdatadescriptor(member) or inspect.isroutine(member)
            assert inspect.getdoc(member), f"{model_class.__name__}.{name} says nothing"
    with pytest.raises(TypeError):
        model_class()
