"""The worker that delivers notices for as long as its process lives. Several may run at once."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import Final

from tipstaff.records.connections import close_own, mended
from tipstaff.services.notice_delivery import deliver_due

#: Seconds between two looks at the outbox while nothing is due.
EVERY_S: Final = 2.0
_AT_ONCE: Final = 20
_log = logging.getLogger(__name__)


def deliver_all(now: datetime) -> int:
    """Deliver until nothing more is due; how many notices came to a new state."""
    count = 0
    while moved := sum(deliver_due(now, _AT_ONCE).values()):
        count += moved
    return count


def keep_delivering(ended: threading.Event, every_s: float = EVERY_S) -> None:
    """Deliver what falls due until `ended`; a database that fails is asked again."""
    try:
        while not ended.is_set():
            try:
                with mended():
                    deliver_all(datetime.now(UTC))
            except Exception:
                _log.exception("notices could not be delivered; tried again")
            ended.wait(every_s)
    finally:
        close_own()
