"""Every row of the error table, through the native layer."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle

import pytest

import airudder
from airudder import _native
from airudder._completions import finish
from airudder.generated import errors

RETRYABLE = {"rate_limited", "server", "connection_failed", "connection_lost", "timeout", "incomplete_download"}
CODES = _native._error_codes()
KINDS = {getattr(errors, name).code: getattr(errors, name) for name in errors.__all__ if getattr(errors, name).code}


def sample(code: str) -> airudder.AiRudderError:
    with pytest.raises(airudder.AiRudderError) as raised:
        _native._raise_sample(code)
    return raised.value


def test_every_kind_has_its_own_class() -> None:
    assert sorted(KINDS) == sorted(CODES)
    assert len(set(KINDS.values())) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_kind_becomes_its_class_with_every_attribute(code: str) -> None:
    error = sample(code)
    assert type(error) is KINDS[code]
    assert error.code == code
    assert error.message == str(error)
    assert error.operation == "tasks.create"
    assert error.status == 418
    assert error.api_code == 40_018
    assert error.api_message == "a sample of AI Rudder's words"
    assert error.request_id == "0123456789abcdef0123456789abcdef"
    assert error.attempts == 2
    assert error.retry_after == 1.5
    assert error.retryable is (code in RETRYABLE)
    assert error.may_have_been_applied is True
    assert error.reason == "sign"


@pytest.mark.parametrize("code", CODES)
def test_errors_cross_processes(code: str) -> None:
    error = sample(code)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert twin.args == error.args


@pytest.mark.parametrize("name", errors.__all__)
def test_classes_are_found_where_they_say_they_are(name: str) -> None:
    error_class = getattr(airudder, name)
    assert error_class.__module__ == "airudder.errors"
    assert issubclass(error_class, airudder.AiRudderError)
    assert name in (airudder.errors.__doc__ or "")
    assert error_class.__doc__


def test_the_tree_groups_what_is_treated_alike() -> None:
    assert issubclass(airudder.RateLimitedError, airudder.ApiError)
    assert issubclass(airudder.RequestTimeoutError, airudder.TransportError)
    assert issubclass(airudder.DecryptionError, airudder.ResponseError)
    assert issubclass(airudder.FileError, airudder.DownloadError)


def test_errors_can_be_made_for_tests() -> None:
    error = airudder.RateLimitedError("slow down", retry_after=2.0)
    assert (error.code, error.retry_after, error.status) == ("rate_limited", 2.0, None)


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_without_facts_says_what_is_safe(name: str) -> None:
    error = getattr(airudder, name)("text")
    assert (error.retryable, error.may_have_been_applied, str(error)) == (False, True, "text")


@pytest.mark.parametrize("code", CODES)
def test_facts_travel_in_args(code: str) -> None:
    error = sample(code)
    # What Celery's JSON backend does with an exception.
    twin = type(error)(*json.loads(json.dumps(error.args)))
    assert vars(twin) == vars(error)
    assert str(twin) == str(error)


def test_a_panic_becomes_an_error() -> None:
    with pytest.raises(airudder.InternalError) as raised:
        _native._panicking_call().wait()
    assert "on purpose" not in str(raised.value)


def test_a_panic_becomes_an_error_in_asyncio() -> None:
    with pytest.raises(airudder.InternalError):
        asyncio.run(finish(_native._panicking_call()))


def test_a_call_is_sent_once() -> None:
    call = _native._panicking_call()
    with pytest.raises(airudder.InternalError):
        call.wait()
    with pytest.raises(RuntimeError, match="sent already"):
        call.wait()
