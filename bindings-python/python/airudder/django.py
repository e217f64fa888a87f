"""Receives events with Django; it has to be installed, and is not installed with this package.

In `urls.py`:

    from django.urls import include, path

    import airudder.django
    from airudder import Client, SqliteStore

    router = Client().events.router(SqliteStore("events.db"))

    @router.on("call.finished")
    def keep(event):
        print(event.data.status)

    urlpatterns = [path("events", include(airudder.django.urls(router)))]

Give AI Rudder the URL `https://.../events`, or better one for each kind, as `https://.../events/call.finished`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from airudder._router import Router

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest
    from django.urls import URLPattern

    from airudder._async_router import AsyncRouter
    from airudder.results import Reply


def urls(router: Router | AsyncRouter) -> list[URLPattern]:
    """URL patterns that take every POST to where they are included and below it.

    The handlers of a `Router` run in the thread of the request, those of an `AsyncRouter` in the event loop of an ASGI
    server. What is answered is the status, and the outcome as JSON. No CSRF token is asked for, for AI Rudder has none.
    """
    return [re_path(r"^(?:/.*)?$", view(router))]


def view(router: Router | AsyncRouter) -> Callable[..., Any]:
    """The view alone, for URL patterns of your own."""
    return csrf_exempt(require_POST(_view(router) if isinstance(router, Router) else _async_view(router)))


def _view(router: Router) -> Callable[[HttpRequest], JsonResponse]:
    def receive(request: HttpRequest) -> JsonResponse:
        # Read like this, a body is neither parsed nor refused by Django, and not read further than it may be large.
        return _response(router.handle(request.read(router.enough_bytes), request.headers, path=request.path))

    return receive


def _async_view(router: AsyncRouter) -> Callable[[HttpRequest], Any]:
    async def receive(request: HttpRequest) -> JsonResponse:
        return _response(await router.handle(request.read(router.enough_bytes), request.headers, path=request.path))

    return receive


def _response(reply: Reply) -> JsonResponse:
    return JsonResponse({"outcome": reply.outcome}, status=reply.status)
