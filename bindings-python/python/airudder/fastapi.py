"""Receives events with FastAPI; it has to be installed, and is not installed with this package.

    from fastapi import FastAPI

    import airudder.fastapi
    from airudder import AsyncClient, SqliteStore

    router = AsyncClient().events.router(SqliteStore("events.db"))

    @router.on("call.finished")
    async def keep(event):
        print(event.data.status)

    app = FastAPI()
    app.include_router(airudder.fastapi.routes(router), prefix="/events")

Give AI Rudder the URL `https://.../events`, or better one for each kind, as `https://.../events/call.finished`.
"""

from __future__ import annotations

from asyncio import timeout
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request  # noqa: TC002 - FastAPI reads annotations while it runs
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from airudder._router import Router

if TYPE_CHECKING:
    from airudder._async_router import AsyncRouter


def routes(router: AsyncRouter | Router) -> APIRouter:
    """Routes that take every POST to their prefix and below it.

    The handlers of a client's `AsyncRouter` run in the event loop, those of a `Router` in FastAPI's threads. What is
    answered is the status, and the outcome as JSON.
    """

    async def receive(request: Request) -> JSONResponse:
        try:
            async with timeout(router.body_timeout):
                body = await _read(request, router.enough_bytes)
        except TimeoutError:
            return JSONResponse({"outcome": "refused"}, HTTPStatus.REQUEST_TIMEOUT, {"Connection": "close"})
        headers, path = request.headers.raw, request.url.path
        if isinstance(router, Router):
            reply = await run_in_threadpool(router.handle, body, headers, path=path)
        else:
            reply = await router.handle(body, headers, path=path)
        return JSONResponse({"outcome": reply.outcome}, reply.status)

    api = APIRouter()
    for path in ("", "/{kind:path}"):
        # The schema is about the program's own API, which AI Rudder's events are no part of.
        api.add_api_route(path, receive, methods=["POST"], include_in_schema=False)
    return api


async def _read(request: Request, enough: int) -> bytes:
    """The body, but no more of it than it takes to see that it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) >= enough:
            break
    return bytes(body[:enough])
