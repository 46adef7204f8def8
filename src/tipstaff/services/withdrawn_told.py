"""That exclusions were withdrawn is told to the match desk of the force whose crimes they are.

The notices are queued with the run, in one transaction: whoever ran the match, and whatever dies
afterwards. Nothing in them is about a person: the run's random id, and what is to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.notices import OfAnswers
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.matching.changes import LOUD, Changed
from tipstaff.records import forces, notice_contacts, outbox
from tipstaff.records.outbox import AnswersNotice

_SENT: Final = (Means.EMAIL, Means.TEXT, Means.WEBHOOK)
_log = logging.getLogger(__name__)


def tell_withdrawn(run_id: UUID, changed: Iterable[Changed], now: datetime) -> int:
    """Queue notices about exclusions that a run withdrew, in the caller's transaction; how many.

    By every means by which the force's match desk has a contact. Where it has none an email is
    queued all the same: it comes back dead, which is loud, and the shift lead hears of it.
    """
    loud = [change for change in changed if change.kind is LOUD]
    if not loud:
        return 0
    _log.error("run %s withdrew %d exclusions: tell whom they were told to", run_id, len(loud))
    about = sorted({change.crime[0] for change in loud})
    for force in about:
        forces.ensure(force)
    return outbox.queue_of_answers(
        [_notice(run_id, force, means, now) for force in about for means in _means(force, now)]
    )


def _means(force: str, now: datetime) -> list[Means]:
    desk = Recipient.MATCH_DESK
    known = [m for m in _SENT if notice_contacts.addresses_of_force(force, desk, m, now)]
    return known or [Means.EMAIL]


def _notice(run_id: UUID, force: str, means: Means, now: datetime) -> AnswersNotice:
    return AnswersNotice(
        run=run_id,
        force=force,
        about=OfAnswers.EXCLUSION_WITHDRAWN,
        step=OfAnswers.EXCLUSION_WITHDRAWN,
        recipient=Recipient.MATCH_DESK,
        means=means,
        severity=Severity.HIGH,
        queued_at=now,
    )
