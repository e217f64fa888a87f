"""The SDK for AI Rudder, the voice-robot platform that phones people.

    from airudder import Client

    with Client() as client:  # AIRUDDER_APP_KEY, AIRUDDER_APP_SECRET
        task = client.tasks.create(
            task_name="November",
            schedule_start_time="2026-11-23 09:00:00",
            schedule_end_time="2026-11-23 18:00:00",
            robot_id="1001",
            details=[{"mobile": "+6281230001111", "debtor": "Budi"}],
        )
        for call in client.tasks.detail(task_id=task.task_id).calls:
            print(call.status, call.talk_duration)

`Client` blocks, `AsyncClient` is its twin for asyncio. The classes of answers and events stand in `airudder.models`,
the exceptions in `airudder.errors`, the dictionaries that calls take in `airudder.types`. `OPERATIONS` and
`EVENT_KINDS` say what is known of each operation and event.

What AI Rudder does not document, this package does not claim: every operation and field names its source, and the
setting `routes` sets a path right without a new release.
"""

from airudder import errors as errors
from airudder._client import Client as Client
from airudder._native import MemoryStore as MemoryStore
from airudder._native import SqliteStore as SqliteStore
from airudder._native import __version__ as __version__
from airudder.errors import *

# As type checkers know it: `typing` takes longer to import than this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from airudder import models as models
    from airudder import operations as operations
    from airudder import types as types
    from airudder._async_client import AsyncClient as AsyncClient
    from airudder._async_router import AsyncRouter as AsyncRouter
    from airudder._router import OwnStore as OwnStore
    from airudder._router import Router as Router
    from airudder.operations import EVENT_KINDS as EVENT_KINDS
    from airudder.operations import OPERATIONS as OPERATIONS
    from airudder.results import Download as Download
    from airudder.results import DownloadProgress as DownloadProgress
    from airudder.results import Event as Event
    from airudder.results import RawAnswer as RawAnswer
    from airudder.results import Reply as Reply
    from airudder.results import SignRequest as SignRequest
    from airudder.results import UnknownEvent as UnknownEvent

# What takes long to import, or to make, and many programs do without: the name, and the module that it is in or is.
_LAZY = {
    "AsyncClient": "airudder._async_client",
    "AsyncRouter": "airudder._async_router",
    "Download": "airudder.results",
    "DownloadProgress": "airudder.results",
    "EVENT_KINDS": "airudder.operations",
    "Event": "airudder.results",
    "OPERATIONS": "airudder.operations",
    "OwnStore": "airudder._router",
    "RawAnswer": "airudder.results",
    "Reply": "airudder.results",
    "Router": "airudder._router",
    "SignRequest": "airudder.results",
    "UnknownEvent": "airudder.results",
    "models": "airudder.models",
    "operations": "airudder.operations",
    "types": "airudder.types",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(_LAZY[name])
    found = globals()[name] = getattr(module, name, module)
    return found
