"""What is known of each operation and of each kind of event: where it goes, how sure that is, and who says so."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from airudder import models
from airudder._native import event_kinds, operations

if TYPE_CHECKING:
    from collections.abc import Mapping


class Operation(NamedTuple):
    """An operation of the API."""

    id: str
    """Its name in every language: `tasks.create`, here the method `client.tasks.create`."""
    family: str
    """The group that it belongs to: `tasks`."""
    name: str
    """Its name within the group: `create`."""
    method: str
    """The HTTP method: `POST`."""
    path: str
    """The path; the setting `routes` puts another one in its place."""
    source: str
    """How sure the path is: `documented`, `reported` or `assumed`."""
    retry: str
    """When a failed request is sent again: `read`, `repeatable` or `once`."""
    page: str
    """The title of AI Rudder's page on it."""
    pages: tuple[str, ...]
    """The titles of all of AI Rudder's pages on it."""
    summary: str
    """What it does."""


class EventKind(NamedTuple):
    """A kind of event that AI Rudder posts."""

    kind: str
    """Its name in every language: `call.finished`."""
    source: str
    """How sure it is: `documented`, `reported` or `assumed`."""
    pages: tuple[str, ...]
    """The titles of all of AI Rudder's pages on it."""
    summary: str
    """What it tells."""
    model: type[models.Model]
    """The class of its data."""


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        known["id"]: Operation(
            **{name: known[name] for name in Operation._fields if name != "pages"}, pages=tuple(known["pages"])
        )
        for known in operations()
    }
)
"""All operations, by their ids."""

EVENT_KINDS: Mapping[str, EventKind] = MappingProxyType(
    {
        kind: EventKind(kind, source, tuple(pages), summary, getattr(models, model))
        for kind, source, pages, summary, model in event_kinds()
    }
)
"""All kinds of events, by their names."""
