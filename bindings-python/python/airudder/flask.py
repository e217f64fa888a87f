"""Receives events with Flask; it has to be installed, and is not installed with this package.

    from flask import Flask

    import airudder.flask
    from airudder import Client, SqliteStore

    router = Client().events.router(SqliteStore("events.db"))

    @router.on("call.finished")
    def keep(event):
        print(event.data.status)

    app = Flask(__name__)
    app.register_blueprint(airudder.flask.blueprint(router), url_prefix="/events")

Give AI Rudder the URL `https://.../events`, or better one for each kind, as `https://.../events/call.finished`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, request

if TYPE_CHECKING:
    from airudder._router import Router


def blueprint(router: Router, name: str = "airudder_events") -> Blueprint:
    """A blueprint that takes every POST to its prefix and below it.

    Handlers run in the thread of the request. What is answered is the status, and the outcome as JSON. Two blueprints
    of one application need different names.
    """
    events = Blueprint(name, __name__)

    @events.post("", strict_slashes=False)
    @events.post("/<path:kind>")
    def receive(kind: str = "") -> tuple[dict[str, str], int]:
        is_chunked = "Transfer-Encoding" in request.headers and request.content_length is None
        if is_chunked and not request.environ.get("wsgi.input_terminated"):
            # The server does not terminate `wsgi.input`: Flask reads the body as empty.
            return {"outcome": "refused"}, HTTPStatus.LENGTH_REQUIRED
        # No more is read than it takes to see that a body is too large.
        body = request.stream.read(router.enough_bytes)
        reply = router.handle(body, request.headers, path=f"/{kind}")
        return {"outcome": reply.outcome}, reply.status

    return events
