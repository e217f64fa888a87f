"""Receives events with FastAPI, each handled once, also after a restart.

pip install airudder fastapi uvicorn
AIRUDDER_BASE_URL=http://127.0.0.1:8181 python receiver_fastapi.py 9000
airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events/call.finished
"""

from __future__ import annotations

import logging
import sys

import uvicorn
from fastapi import FastAPI

import airudder.fastapi
from airudder import AsyncClient, Event, SqliteStore
from airudder.models import Call

logging.basicConfig(level=logging.INFO)
log = logging.getLogger("receiver")
router = AsyncClient().events.router(SqliteStore("events.db"))


@router.on("call.finished")
async def call_finished(event: Event) -> None:
    # What this raises makes AI Rudder send the event again.
    match event.data:
        case Call(call_id=call_id, status=status):
            log.info("%s %s %s", event.kind, call_id, status)
        case _:
            pass


@router.otherwise
async def everything_else(event: Event) -> None:
    log.info(event.kind)


app = FastAPI()
app.include_router(airudder.fastapi.routes(router), prefix="/events")

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]))
