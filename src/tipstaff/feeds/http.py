"""The intake over HTTP: an ASGI application with one address a feed, each opened by a supplier's
key.

A request is answered "received" only once all of it is on the disk. What waits is bounded: requests
that are being worked on, bytes of each, messages that are to be written; beyond that a sender is
asked to come again. Nothing of a request is logged but its random id.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tipstaff.feeds import openapi
from tipstaff.feeds.answers import Answer, not_read, problem, taken
from tipstaff.feeds.bodies import BodyError, Receive, read_body, unpacked
from tipstaff.formats.feeds.listed import FEEDS, Feed
from tipstaff.formats.feeds.messages import Message
from tipstaff.positions.inbox import InboxClosedError, InboxFullError
from tipstaff.positions.inbox_tables import InboxWriteError
from tipstaff.records.connections import close_own
from tipstaff.services.feed_intake import FeedIntake, ScopeRefusedError
from tipstaff.services.form_fields import form_fields
from tipstaff.services.key_desk import KeyRefused, KnownSupplier

Scope = Mapping[str, Any]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

#: Everything below it is the intake's, and opened by a key and nothing else.
PREFIX: Final = "/intake/"
BY_KEY: Final = {f"{PREFIX}{feed.address}": feed for feed in FEEDS}
#: What anybody may read: how to send.
DOCUMENTATION: Final = f"{PREFIX}openapi.json"

#: Requests that are worked on at once; each holds at most a body, packed and unpacked.
MOST_REQUESTS: Final = 64
#: Threads that read and judge. More would only wait for the interpreter.
_THREADS: Final = 2
_BUSY_S: Final = 2
_LEAVE_S: Final = 30.0
_FULL_DISK_S: Final = 30
_FORM: Final = "application/x-www-form-urlencoded"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    """What of a request's head matters."""

    feed: Feed
    key: str
    source: str
    query: dict[str, str]
    headers: dict[str, str]


class HttpIntake:
    """The application. `https_only`: refuse what did not come by https (behind a proxy).

    `answered` is told the status of each answer.
    """

    def __init__(
        self,
        intake: FeedIntake,
        *,
        https_only: bool = False,
        most_requests: int = MOST_REQUESTS,
        answered: Callable[[int], None] = lambda _status: None,
    ) -> None:
        self._intake = intake
        self._https_only = https_only
        self._most = most_requests
        self._answered = answered
        self._busy = 0
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="intake")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, receive)
        self._answered(int(answer.status))
        headers = {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        }
        encoded = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        await send(
            {"type": "http.response.start", "status": int(answer.status), "headers": encoded}
        )
        await send({"type": "http.response.body", "body": answer.body})

    def close(self) -> None:
        """Finish what is being read, and have each thread close its connection."""
        together = threading.Barrier(_THREADS)
        for left in [self._pool.submit(_leave, together) for _thread in range(_THREADS)]:
            left.result()
        self._pool.shutdown()

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["path"] == DOCUMENTATION and scope["method"] in {"GET", "HEAD"}:
            return Answer(200, openapi.text())
        feed = BY_KEY.get(scope["path"])
        refused = self._refusal(scope, feed)
        if refused is not None or feed is None:
            return refused or problem("NO_SUCH_ADDRESS")
        self._busy += 1
        try:
            return await self._take(_request(scope, feed), receive)
        except BodyError as error:
            return problem("TOO_SLOW" if error.code == "GONE" else error.code)
        except InboxWriteError:
            return problem("NOT_STORED", _FULL_DISK_S)
        except Exception:
            _log.exception("a request failed")
            return problem("FAILED", _FULL_DISK_S)
        finally:
            self._busy -= 1

    def _refusal(self, scope: Scope, feed: Feed | None) -> Answer | None:
        """Why a request is answered by its head alone; None where it is not."""
        if self._https_only and scope.get("scheme") != "https":
            return problem("NOT_HTTPS")
        if feed is None:
            return problem("NO_SUCH_ADDRESS")
        if scope["method"] not in feed.methods:
            return problem("METHOD", Allow=", ".join(feed.methods))
        return problem("BUSY", _BUSY_S) if self._busy >= self._most else None

    async def _take(self, request: _Request, receive: Receive) -> Answer:
        if not request.key:
            return problem("NO_KEY")
        now = datetime.now(UTC)
        known = await self._in_pool(
            self._intake.admit, request.key, request.feed, request.source, now
        )
        if isinstance(known, KeyRefused):
            return problem(known.told or "KEY_DOES_NOT_WORK", known.wait_s)
        body = await read_body(receive, request.headers.get("content-length", ""))
        if body and not _is_of(request.feed, request.headers.get("content-type", "")):
            return problem("CONTENT_TYPE")
        return await self._store(request, known, body)

    async def _store(self, request: _Request, known: KnownSupplier, body: bytes) -> Answer:
        try:
            done = await self._in_pool(self._read, request, known, body)
        except ScopeRefusedError:
            return problem("OUTSIDE_SCOPE")
        except InboxFullError:
            return problem("BUSY", _BUSY_S)
        except InboxClosedError:
            return problem("CLOSING", _BUSY_S)
        await asyncio.wrap_future(done.done)
        if done.fault:
            return not_read(done.fault)
        return Answer(200, b"[]") if request.feed.empty_list else taken(done.received, done.unread)

    def _read(self, request: _Request, known: KnownSupplier, body: bytes) -> Any:
        plain = unpacked(body, request.headers.get("content-encoding", "").strip().lower())
        content_type = request.headers.get("content-type", "")
        query = request.query | (form_fields(plain) if _FORM in content_type else {})
        message = Message(plain, query, content_type, request.headers)
        return self._intake.take_in(known, request.feed, message, datetime.now(UTC))

    async def _in_pool(self, work: Callable[..., Any], *given: Any) -> Any:
        own = copy_context()  # what is logged there is of the same request
        return await asyncio.get_running_loop().run_in_executor(self._pool, own.run, work, *given)


def _leave(together: threading.Barrier) -> None:
    """What the last job of a thread does; each waits for the others, so that each does it once."""
    close_own()
    with suppress(threading.BrokenBarrierError):  # one is still busy: the process is ending anyway
        together.wait(_LEAVE_S)


def beside(intake: Application, pages: Application) -> Application:
    """Both in one: what lies below `PREFIX` is the intake's."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        own = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (intake if own else pages)(scope, receive, send)

    return application


def _request(scope: Scope, feed: Feed) -> _Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1")
               for name, value in scope["headers"]}  # fmt: skip
    query = form_fields(scope.get("query_string", b""))
    in_query = query.pop("key", "") if feed.key_in_query else ""
    key = _key(headers.get("authorization", "")) or in_query
    client = scope.get("client")
    return _Request(feed, key, client[0] if client else "", query, headers)


def _key(authorization: str) -> str:
    """The key of an Authorization header: Bearer, or the password of Basic."""
    scheme, _space, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        _user, _colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password


def _is_of(feed: Feed, content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in feed.content_types
