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

from http import HTTPStatus
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
        body = _read(request, router.enough_bytes)
        if body is None:
            return JsonResponse({"outcome": "refused"}, status=HTTPStatus.LENGTH_REQUIRED)
        return _response(router.handle(body, request.headers, path=request.path))

    return receive


def _async_view(router: AsyncRouter) -> Callable[[HttpRequest], Any]:
    async def receive(request: HttpRequest) -> JsonResponse:
        return _response(await router.handle(request.read(router.enough_bytes), request.headers, path=request.path))

    return receive


def _read(request: HttpRequest, enough: int) -> bytes | None:
    """The body, neither parsed nor refused by Django, and not read further than it may be large.

    None for a chunked body if the server does not terminate `wsgi.input`: Django reads it as empty.
    """
    environ = getattr(request, "environ", {})
    if "HTTP_TRANSFER_ENCODING" not in environ or environ.get("CONTENT_LENGTH"):
        return request.read(enough)
    return environ["wsgi.input"].read(enough) if environ.get("wsgi.input_terminated") else None


def _response(reply: Reply) -> JsonResponse:
    return JsonResponse({"outcome": reply.outcome}, status=reply.status)
