"""Receives events with Django, each handled once, also after a restart.

pip install airudder django
AIRUDDER_BASE_URL=http://127.0.0.1:8181 python receiver_django.py 9000
airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events/call.finished
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.urls import include, path

import airudder.django
from airudder import Client, Event, SqliteStore
from airudder.models import Call

logging.basicConfig(level=logging.INFO)
log = logging.getLogger("receiver")
router = Client().events.router(SqliteStore("events.db"))


@router.on("call.finished")
def call_finished(event: Event) -> None:
    # What this raises makes AI Rudder send the event again.
    match event.data:
        case Call(call_id=call_id, status=status):
            log.info("%s %s %s", event.kind, call_id, status)
        case _:
            pass


@router.otherwise
def everything_else(event: Event) -> None:
    log.info(event.kind)


urlpatterns = [path("events", include(airudder.django.urls(router)))]

if __name__ == "__main__":
    # A project of yours has its settings in a file of their own.
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__)
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{sys.argv[1]}"])
