"""Each force hears once a day which of its crime files came, and what became of them, in counts.

It goes by the outbox of the notices, to the match desk, by email and webhook. A force without a
file that day, or without such a contact at the day's end and now, is told nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from tipstaff.domain.daily_digests import days_to_tell, name_of_day, span_of
from tipstaff.domain.notices import OfAnswers
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.records import crime_lists, notice_contacts, notice_lists, outbox
from tipstaff.records.outbox import AnswersNotice
from tipstaff.services.access import admit_to
from tipstaff.services.recording import changing

_DIGEST: Final = OfAnswers.DAILY_DIGEST
#: A text has no room for it.
_MEANS: Final = (Means.EMAIL, Means.WEBHOOK)


def tell_digests(
    *, actor: str, purpose: Purpose, authority: str, now: datetime | None = None
) -> int:
    """Queue the digests of the days that are over and were not told; how many.

    All of them or none; a digest that is there already is not queued again.
    """
    access = admit_to(actor, purpose, authority, "tell_digests")
    at = now or datetime.now(UTC)
    with changing(access, extent={"of": "digests"}) as looked:
        days = days_to_tell(notice_lists.last_digest(), at)
        looked.rows = outbox.queue_of_answers([one for day in days for one in _of_day(day, at)])
    return looked.rows


def _of_day(day: date, now: datetime) -> list[AnswersNotice]:
    start, end = span_of(day)
    return [
        AnswersNotice(
            run=name_of_day(day),
            force=force,
            about=_DIGEST,
            step=_DIGEST,
            recipient=Recipient.MATCH_DESK,
            means=means,
            severity=Severity.INFORMATION,
            queued_at=now,
        )
        for force in crime_lists.forces_with_batches(start, end)
        for means in _MEANS
        if _has_contact(force, means, end, now)
    ]


def _has_contact(force: str, means: Means, end: datetime, now: datetime) -> bool:
    """Whether a contact of theirs was in force as the day ended, and is."""
    desk = Recipient.MATCH_DESK
    then, today = (
        {ref for ref, _ in notice_contacts.addresses_of_force(force, desk, means, at)}
        for at in (end, now)
    )
    return bool(then & today)
