"""What changed, told to the pages that are open: topics, never anything about anybody.

One look at the database a second serves all who listen to this process. A stream ends after a few
minutes, and the browser opens another: whoever was signed out meanwhile gets none.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from tipstaff.records.connections import close_own
from tipstaff.records.screen_marks import screen_marks

_LOOK_EVERY_S: Final = 1.0
_LASTS_S: Final = 240.0
#: A line now and then, so that proxies and browsers know that somebody is there.
_BREATH_S: Final = 15.0


class _Marks:
    """The marks as they were at most a second ago."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._marks: Mapping[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    async def now(self) -> Mapping[str, str]:
        async with self._one_at_a_time:
            if time.monotonic() - self._at >= _LOOK_EVERY_S:
                self._marks = await sync_to_async(_read, thread_sensitive=False)()
                self._at = time.monotonic()
            return self._marks


_marks: Final = _Marks()


def _read() -> Mapping[str, str]:
    try:
        return screen_marks()
    finally:
        close_own()


@require_GET
async def live(_request: HttpRequest) -> StreamingHttpResponse:
    """A stream of topics that changed, as server-sent events."""
    answer = StreamingHttpResponse(_told(), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _told() -> AsyncIterator[str]:
    began = breathed = time.monotonic()
    before = await _marks.now()
    yield "retry: 3000\n: listening\n\n"
    while time.monotonic() - began < _LASTS_S:
        await asyncio.sleep(_LOOK_EVERY_S)
        marks = await _marks.now()
        changed = sorted(name for name in marks if marks[name] != before.get(name))
        before = marks
        if changed:
            yield f"event: changed\ndata: {' '.join(changed)}\n\n"
        elif time.monotonic() - breathed >= _BREATH_S:
            breathed = time.monotonic()
            yield ": still here\n\n"
