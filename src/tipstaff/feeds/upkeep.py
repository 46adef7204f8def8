"""What the process that takes messages in does now and then, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from tipstaff.records.change_marks import forget_old
from tipstaff.records.connections import close_own
from tipstaff.services.beside import beside
from tipstaff.services.feed_intake import FeedIntake
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.inbox_upkeep import forget_unread, look_again, make_room

EVERY_S: Final = 10.0
_log = logging.getLogger(__name__)


@contextmanager
def kept_up(
    intake: FeedIntake,
    every_s: float = EVERY_S,
    told: Callable[[str], None] = lambda _failed: None,
) -> Iterator[None]:
    """While this lasts: what is held is looked at again, what was read is dropped.

    `told` after each round: by what kind of error it failed, or nothing.
    """

    def work(ended: threading.Event) -> None:
        try:
            go_on(ended)
        finally:
            close_own()

    def go_on(ended: threading.Event) -> None:
        while not ended.wait(every_s):
            try:
                now = datetime.now(UTC)
                look_again(intake, now)
                forget_unread(intake, now)
                make_room(intake, inbox_reader())
                forget_old()
                intake.flush(now)
            except Exception as error:
                # of a fault its name alone: its words may hold what a message is about
                _log.error("upkeep failed: %s; tried again", type(error).__name__)
                told(type(error).__name__)
            else:
                told("")

    try:
        with beside({"intake-upkeep": work}):
            yield
    finally:
        intake.desk.close()
