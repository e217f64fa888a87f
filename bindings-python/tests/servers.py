"""Web servers with each adapter, and the emulator that posts to them."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.simple_server import make_server as wsgiref_server

import django
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings
from django.urls import include, path
from fastapi import FastAPI
from flask import Flask
from werkzeug.serving import make_server

import airudder.django
import airudder.fastapi
import airudder.flask
from airudder import AsyncClient, Client
from suite import TARGET

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from http.server import HTTPServer

    from airudder import AsyncRouter, Router

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="for tests", ROOT_URLCONF=())
django.setup()


class Emulator:
    """The emulator, and what tests ask of it."""

    def __init__(self) -> None:
        program = TARGET / "debug" / "airudder-emulator"
        command = [str(program), "--port", "0", "--until-stdin-closes"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip().removeprefix("listening on ")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers, method=method)) as answer:
            return json.load(answer)["data"]

    def stop(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def serving_wsgi(app: Any) -> Generator[str]:
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        yield url


@contextmanager
def running(server: HTTPServer) -> Generator[str]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serving_asgi(app: Any) -> Generator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def fastapi(router: Router | AsyncRouter) -> AbstractContextManager[str]:
    app = FastAPI()
    app.include_router(airudder.fastapi.routes(router), prefix="/events")
    return serving_asgi(app)


@contextmanager
def serving_wsgiref(app: Any) -> Generator[str]:
    """A server that does not read chunks, and does not tell where a body ends."""
    with running(wsgiref_server("127.0.0.1", 0, app, handler_class=_Quiet)) as url:
        yield url


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Keep quiet."""


@contextmanager
def flask_app(router: Router) -> Generator[Any]:
    app = Flask(__name__)
    app.register_blueprint(airudder.flask.blueprint(router), url_prefix="/events")
    yield app


@contextmanager
def django_app(router: Router) -> Generator[Any]:
    with override_settings(ROOT_URLCONF=(path("events", include(airudder.django.urls(router))),)):
        yield get_wsgi_application()


APPS = {"flask": flask_app, "django": django_app}


@contextmanager
def flask(router: Router) -> Generator[str]:
    with flask_app(router) as app, serving_wsgi(app) as url:
        yield url


@contextmanager
def django_wsgi(router: Router) -> Generator[str]:
    with django_app(router) as app, serving_wsgi(app) as url:
        yield url


@contextmanager
def django_asgi(router: AsyncRouter) -> Generator[str]:
    with (
        override_settings(ROOT_URLCONF=(path("events", include(airudder.django.urls(router))),)),
        serving_asgi(get_asgi_application()) as url,
    ):
        yield url


class Adapter(NamedTuple):
    """A framework, and the client whose router it takes."""

    client: Callable[..., Client | AsyncClient]
    serving: Callable[[Any], AbstractContextManager[str]]


ADAPTERS = {
    "fastapi": Adapter(AsyncClient, fastapi),
    "fastapi-threads": Adapter(Client, fastapi),
    "flask": Adapter(Client, flask),
    "django": Adapter(Client, django_wsgi),
    "django-asgi": Adapter(AsyncClient, django_asgi),
}
