"""Receives events with Flask, each handled once, also after a restart.

pip install airudder flask
AIRUDDER_BASE_URL=http://127.0.0.1:8181 python receiver_flask.py 9000
airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events/call.finished
"""

from __future__ import annotations

import logging
import sys

from flask import Flask

import airudder.flask
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


app = Flask(__name__)
app.register_blueprint(airudder.flask.blueprint(router), url_prefix="/events")

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]))
