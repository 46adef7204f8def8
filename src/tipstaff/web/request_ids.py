"""A random id for each request: in the answer's head and in what is logged meanwhile.

Whoever complains of an answer names the id; the log then says where it happened, and not of whom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import uuid4

from structlog.contextvars import bound_contextvars

HEADER: Final = b"x-request-id"
#: By what the id is called in the log.
NAME: Final = "request"
Application = Callable[[Any, Any, Any], Awaitable[None]]


def with_request_ids(application: Application) -> Application:
    """The application, each of its requests with an id. One that a client sends is not believed."""

    async def known(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        request = uuid4().hex

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                head = [*message.get("headers", ()), (HEADER, request.encode())]
                message = {**message, "headers": head}
            await send(message)

        with bound_contextvars(**{NAME: request}):
            await application(scope, receive, sent)

    return known
