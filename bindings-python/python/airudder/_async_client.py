"""The client for asyncio."""

from __future__ import annotations

from airudder._base import BaseClient
from airudder._completions import finish
from airudder.generated.async_resources import AsyncResources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from functools import cached_property
    from types import TracebackType
    from typing import Self

    from airudder._async_router import AsyncEvents
    from airudder.results import RawAnswer
else:
    from airudder._lazy import cached_property


class AsyncClient(BaseClient, AsyncResources):
    """A client of AI Rudder's API for asyncio.

    One client serves any number of event loops and threads: its calls share the same token and connections. Cancelling
    a task ends its call, on the wire too. A forked child may go on using it, in an event loop of its own.

    Sends nothing by itself: the token is fetched with the first call.
    """

    async def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        retry: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        extra_query: Mapping[str, object] | None = None,
        extra_body: Mapping[str, object] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> RawAnswer:
        """Call any path with the client's token, retries, encryption and errors: for what this package does not have.

        Args:
            method: The HTTP method, such as `GET`.
            path: The path, from its first `/`.
            query: The fields of the query string.
            body: The JSON body.
            retry: When it may be sent again: `read`, `repeatable` or `once`. By default a GET is `read` and everything
                else is `once`.
            timeout: How long the call may take with all its retries, in seconds, in place of the client's.
            max_retries: How often the call may be repeated, in place of the client's.
            extra_query: Fields to add to the query string; they replace those of `query`.
            extra_body: Fields to add to the JSON body; they replace those of `body`.
            extra_headers: Headers to add.

        Returns:
            The envelope of the answer.

        Raises:
            AiRudderError: The call failed; its class in `airudder.errors` says why.
        """
        request = {"method": method, "path": path, "query": query, "body": body, "retry": retry}
        options = (timeout, max_retries, extra_query, extra_body, extra_headers)
        answer: RawAnswer = await finish(self._native.raw(request, options))
        return answer

    @cached_property
    def events(self) -> AsyncEvents:
        """Receives what AI Rudder posts to you."""
        from airudder._async_router import AsyncEvents

        return AsyncEvents(self._native)

    async def close(self) -> None:
        """Refuse further calls. Calls under way end as they would have."""
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
