"""The worker that delivers notices for as long as its process lives. Several may run at once.

Each means has a thread of its own: a relay that answers nothing holds up emails, and no texts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from typing import Final

from tipstaff.domain.protocols import Means
from tipstaff.records.connections import close_own, mended
from tipstaff.services.account_outcomes import clock
from tipstaff.services.notice_delivery import deliver_due

#: Seconds between two looks at the outbox while nothing is due.
EVERY_S: Final = 2.0
_AT_ONCE: Final = 20
_SENT: Final = (Means.EMAIL, Means.TEXT, Means.WEBHOOK)
_log = logging.getLogger(__name__)


def deliver_all(
    means: Collection[Means] = tuple(Means), ended: threading.Event | None = None
) -> int:
    """Deliver until nothing more is due, or `ended`; how many notices came to a new state.

    The time is read anew for each round: a round may take minutes, and leases count from it.
    """
    count = 0
    while ended is None or not ended.is_set():
        moved = sum(deliver_due(clock(), _AT_ONCE, means).values())
        if not moved:
            break
        count += moved
    return count


def keep_delivering(ended: threading.Event, every_s: float = EVERY_S) -> None:
    """Deliver what falls due until `ended`, each means by itself."""
    threads = [
        threading.Thread(target=_keep, args=(means, ended, every_s), name=f"notices-{means}")
        for means in _SENT
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        ended.set()


def _keep(means: Means, ended: threading.Event, every_s: float) -> None:
    """Deliver what falls due by one means; a database that fails is asked again."""
    try:
        while not ended.is_set():
            try:
                with mended():
                    deliver_all((means,), ended)
            except Exception as error:
                # of a fault its name alone: its words may hold what a notice is about
                _log.error("notices by %s: %s; tried again", means, type(error).__name__)
            ended.wait(every_s)
    finally:
        close_own()
