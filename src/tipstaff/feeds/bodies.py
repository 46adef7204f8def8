"""Reading a request's body in bounded memory: so many bytes as sent, so many unpacked."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

#: Bytes as sent, and unpacked: room for 10,000 messages of our own with all their fields.
MOST_SENT: Final = 4 << 20
MOST_UNPACKED: Final = 8 << 20
#: A sender that takes longer to send one request is cut off.
PATIENCE_S: Final = 30.0
_GZIP: Final = 16 + zlib.MAX_WBITS

Receive = Callable[[], Awaitable[Any]]


class BodyError(Exception):
    """The body cannot be taken; `code` is one of the problems of `answers`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def read_body(receive: Receive, declared: str) -> bytes:
    """The body as sent. `declared` is its Content-Length, if any."""
    if declared and (not declared.isdecimal() or int(declared) > MOST_SENT):
        raise BodyError("BODY_TOO_LARGE")
    try:
        return await asyncio.wait_for(_read(receive), PATIENCE_S)
    except TimeoutError:
        raise BodyError("TOO_SLOW") from None


async def _read(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise BodyError("GONE")
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > MOST_SENT:
            raise BodyError("BODY_TOO_LARGE")
        if not event.get("more_body", False):
            return b"".join(pieces)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was packed; never more than `MOST_UNPACKED` of it in memory."""
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip"}:
        raise BodyError("UNKNOWN_ENCODING")
    packed = zlib.decompressobj(_GZIP)
    try:
        plain = packed.decompress(body, MOST_UNPACKED + 1)
    except zlib.error:
        raise BodyError("DAMAGED_GZIP") from None
    if len(plain) > MOST_UNPACKED:
        raise BodyError("BODY_TOO_LARGE")
    if not packed.eof or packed.unused_data:
        raise BodyError("DAMAGED_GZIP")
    return plain
