"""What the package knows of AI Rudder's pages: each leads to a method, an event, or a text."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

import airudder
from airudder import EVENT_KINDS, OPERATIONS
from suite import ROOT

CLIENTS = [client_class(base_url="http://127.0.0.1:1") for client_class in (airudder.Client, airudder.AsyncClient)]
DOCUMENTS: dict[str, Any] = json.loads((ROOT / "contract" / "documents.json").read_text())
PAGES = [line.split("\t") for line in (ROOT / "contract" / "pages.tsv").read_text().splitlines()[1:]]


def test_no_page_is_passed_over() -> None:
    assert len(PAGES) == 320
    served = {key.removeprefix("event:") for key, _ in PAGES}
    assert served == {*OPERATIONS, *EVENT_KINDS, *DOCUMENTS}


@pytest.mark.parametrize(("key", "title"), PAGES, ids=[f"{number}-{key}" for number, (key, _) in enumerate(PAGES)])
def test_a_page_leads_somewhere(key: str, title: str) -> None:
    if key in DOCUMENTS:
        file, _, anchor = DOCUMENTS[key]["places"]["python"].partition("#")
        assert text_below((ROOT / file).read_text(), anchor), f"{file} says nothing at #{anchor}"
    elif key.startswith("event:"):
        kind = EVENT_KINDS[key.removeprefix("event:")]
        assert title in kind.pages
        for client in CLIENTS:
            sample = client.events.sample(kind.kind)
            event = client.events.unwrap(sample, client.events.sign(sample), kind.kind)
            assert (event.kind, type(event.data)) == (kind.kind, kind.model)
    else:
        operation = OPERATIONS[key]
        assert title in operation.pages
        for client in CLIENTS:
            method = getattr(getattr(client, operation.family), operation.name)
            assert inspect.ismethod(method)
            assert operation.page in " ".join((inspect.getdoc(method) or "").split())


def text_below(document: str, anchor: str) -> str:
    """What stands below a heading, up to the next one. Anchors are made as GitHub makes them."""
    for heading, text in re.findall(r"^#+ (.+)\n((?:(?!#+ ).*\n?)*)", document, re.MULTILINE):
        if re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") == anchor:
            return str(text).strip()
    return ""


def test_an_operation_says_what_is_known_of_it() -> None:
    operation = OPERATIONS["tasks.create"]
    assert operation == airudder.operations.Operation(
        id="tasks.create",
        family="tasks",
        name="create",
        method="POST",
        path="/service/cloud/task",
        source="documented",
        retry="once",
        page="Collection > APIs Related to Calling Tasks > Create a Calling Task",
        pages=operation.pages,
        summary="Create a calling task",
    )
    assert operation.page in operation.pages
    sources = {operation.source for operation in OPERATIONS.values()}
    assert sources == {"documented", "reported", "assumed"}


def test_an_event_says_what_is_known_of_it() -> None:
    kind = EVENT_KINDS["call.finished"]
    assert kind.model is airudder.models.Call
    assert kind.source == "assumed"
    assert kind.summary
    assert all(issubclass(kind.model, airudder.models.Model) for kind in EVENT_KINDS.values())


@pytest.mark.parametrize("table", [OPERATIONS, EVENT_KINDS])
def test_the_tables_cannot_be_changed(table: Any) -> None:
    with pytest.raises(TypeError):
        table["tasks.create"] = None
    with pytest.raises(AttributeError):
        next(iter(table.values())).source = "documented"
