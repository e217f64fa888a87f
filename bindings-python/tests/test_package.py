"""What the package promises about itself."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import pkgutil
import subprocess
import sys
from typing import Any

import pytest

import airudder
from airudder.generated.async_resources import AsyncResources
from airudder.generated.resources import Resources

OPTIONS = ["timeout", "max_retries", "extra_query", "extra_body", "extra_headers"]


def methods() -> list[Any]:
    """Every generated method, blocking and asyncio."""
    found = []
    for client_class, resources in ((airudder.Client, Resources), (airudder.AsyncClient, AsyncResources)):
        client = client_class(base_url="http://127.0.0.1:1")
        for family in vars(resources):
            if not family.startswith("_"):
                resource = getattr(client, family)
                found += [member for name, member in inspect.getmembers(resource, callable) if not name.startswith("_")]
    return found


def test_it_depends_on_nothing() -> None:
    metadata = importlib.metadata.metadata("airudder")
    assert metadata.get_all("Requires-Dist") is None
    assert metadata["Version"] == airudder.__version__


def test_importing_it_leaves_out_what_most_do_not_need() -> None:
    program = "import sys; before = set(sys.modules); import airudder; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "airudder._native" in loaded
    assert not {"asyncio", "socket", "ssl", "http", "email", "json", "logging", "decimal", "datetime"} & set(loaded)


def test_public_names_are_there() -> None:
    for name in ("AiRudderError", "AsyncClient", "Client", "Download", "Event", "RawAnswer", "UnknownEvent"):
        assert inspect.isclass(getattr(airudder, name))
    for name in ("errors", "models", "types"):
        assert inspect.ismodule(getattr(airudder, name))
    with pytest.raises(AttributeError, match="Klient"):
        airudder.Klient  # noqa: B018 - reading it is what fails


def test_every_module_says_what_it_is_for() -> None:
    for module in pkgutil.walk_packages(airudder.__path__, "airudder."):
        if module.name != "airudder._native":
            assert importlib.import_module(module.name).__doc__, module.name


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.__qualname__)
def test_methods_are_keyword_only_and_documented(method: Any) -> None:
    parameters = inspect.signature(method).parameters
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert list(parameters)[-5:] == OPTIONS
    text = inspect.getdoc(method) or ""
    for part in ("Args:", "Returns:", "Raises:", "source: ", "AI Rudder's page: "):
        assert part in text
    for name in parameters:
        assert f"{name}: " in text


def test_both_clients_have_the_same_methods() -> None:
    parameters = {method.__qualname__: inspect.signature(method).parameters for method in methods()}
    blocking = {name for name in parameters if not name.startswith("Async")}
    assert len(blocking) * 2 == len(parameters)
    for name in blocking:
        assert parameters[f"Async{name}"] == parameters[name]
