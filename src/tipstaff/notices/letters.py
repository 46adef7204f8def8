"""What a notice says: a reference, how severe, what about, what to do. No name, place or offence.

Emails and texts lie on machines that are not ours, so they say no more than is needed to look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tipstaff.domain.alerts import Alert, Evidence
from tipstaff.domain.daily_digests import DailyDigest, FileCounts
from tipstaff.domain.deliveries import UNDELIVERED
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import CHANGED, SHARED, About, OfAnswers
from tipstaff.domain.protocols import Recipient, Severity
from tipstaff.domain.transitions import AlertState
from tipstaff.domain.wall_time import wall_time


class Since(StrEnum):
    """What is so of an alert by the time that a notice of it goes out; nothing: it stands."""

    NOTHING = ""
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CHANGED = "changed"
    CLOSED = "closed"
    ENDED = "ended"


SEVERITY_WORDS: Final[dict[Severity, str]] = {
    Severity.INFORMATION: "for information",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
    Severity.CRITICAL: "critical",
}
KIND_WORDS: Final[dict[FindingKind, str]] = {
    FindingKind.ZONE: "a zone",
    FindingKind.CURFEW: "a curfew",
    FindingKind.WHEREABOUTS: "whereabouts not known",
    FindingKind.ATTENDANCE: "an appointment",
    FindingKind.STRAP: "the strap of a device",
    FindingKind.CASE: "the case of a device",
    FindingKind.BATTERY: "the battery of a device",
    FindingKind.CHARGING: "the charging of a device",
    FindingKind.SILENCE: "a silent device",
    FindingKind.SHIELDING: "positions that ended at once",
    FindingKind.EQUIPMENT: "a device that may be faulty",
    FindingKind.NO_POSITION: "a device without positions",
    FindingKind.CHARGER: "a charger",
    FindingKind.HOME_UNIT: "a home unit",
    FindingKind.CLOCK: "the clock of a device",
}
_ANSWERS_WORDS: Final[dict[OfAnswers, str]] = {
    OfAnswers.EXCLUSION_WITHDRAWN: "an exclusion was WITHDRAWN",
    OfAnswers.DAILY_DIGEST: "crime files of a day",
}
#: What is said before what is to be done.
_SINCE_WORDS: Final[dict[Since, str]] = {
    Since.WITHDRAWN: "Its evidence has been WITHDRAWN: do not act on it before you look",
    Since.MERGED: "It is now part of what another alert is about: look at both",
    Since.CHANGED: "Its evidence has CHANGED since: do not act on it before you look",
    Since.CLOSED: "The alert has been closed by now",
    Since.ENDED: "It is over by now, as far as is known",
}
#: What to do about notices that no protocol has words for.
_OWN_WORDS: Final[dict[str, str]] = {
    CHANGED: "The evidence of this alert changed after you were told of it: look at it again",
    UNDELIVERED: "A notice about this alert did not reach whom it was for: tell them yourself",
}
_SHARED_WORDS: Final = "Somebody shares this alert with you: read on its page what they say of it"
_ESCALATED_WORDS: Final = (
    "Somebody escalates this alert to you: read on its page what they say of it, and decide what "
    "is done"
)
_ANSWERS_TO_DO: Final[dict[OfAnswers, str]] = {
    OfAnswers.EXCLUSION_WITHDRAWN: (
        "Late data withdrew at least one exclusion that was told: whoever was told that somebody "
        "could not have been there must be told otherwise. 'tipstaff runs --changes' says of whom"
    ),
    OfAnswers.DAILY_DIGEST: "See what became of each file on the page Crimes",
}
_ANSWERS_UNDELIVERED: Final = (
    "A notice that says so did not reach the force's match desk: tell them yourself"
)
_DIGEST_UNDELIVERED: Final = "The daily digest did not reach the force's match desk"
#: A day has rarely more; of those beyond only how many.
_MOST_FILES: Final = 40
_WITHOUT_WORDS: Final = "Look at the alert"
#: Where a person looks the notice up.
PATH: Final = "/notices/"
_CRIMES: Final = "/crimes"


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is about. `words`: what its step says is to be done, if it does.

    `wearer` is their reference, empty where it is not to be told outside: of limited access. Of
    answers there is a `run`, of a day's crime files a `digest`, and no wearer.
    """

    notice: UUID
    wearer: str = field(repr=False)
    alert: int
    severity: Severity
    kind: About
    step: str
    recipient: Recipient
    late: bool
    queued_at: datetime
    words: str = ""
    since: Since = Since.NOTHING
    run: UUID | None = None
    digest: DailyDigest | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words. `link` is empty where the console's address is not set.

    `at` is when it was queued: it may go out long after.
    """

    reference: str
    at: str
    severity: str
    about: str
    to_do: str
    link: str
    what: str = "alert"

    @property
    def subject(self) -> str:
        """The line by which it is recognised: nothing in it is about a person."""
        return f"Tipstaff {self.what}, {self.severity}: {self.about}"

    @property
    def body(self) -> str:
        """All of it, as plain text."""
        lines = [f"{self.subject}.", f"As of {self.at}.", f"Reference: {self.reference}."]
        lines.append(f"{self.to_do}.")
        return "\n".join([*lines, *([self.link] if self.link else [])]) + "\n"


def letter(told: Told, console_url: str) -> Letter:
    """What a notice says; `console_url` is an origin without a path, or empty."""
    since = _SINCE_WORDS.get(told.since)
    severity = SEVERITY_WORDS[told.severity]
    if told.digest is not None:
        return _of_digest(told, told.digest, console_url)
    if isinstance(told.kind, OfAnswers):
        return _of_answers(told, told.kind)
    to_do = told.words or _own_words(told)
    late = ", known late" if told.late else ""
    link = f"{console_url}{PATH}{told.notice}" if console_url else ""
    return Letter(
        reference=reference_of(told),
        at=_time(told.queued_at),
        severity=f"{severity}, now {told.since}" if since else severity,
        about=f"{KIND_WORDS[told.kind]}{late}",
        to_do=f"{since}. {to_do}" if since else to_do,
        link=link,
    )


def _own_words(told: Told) -> str:
    """What is to be done about a notice that no protocol has words for."""
    if not told.step.startswith(SHARED):
        return _OWN_WORDS.get(told.step, _WITHOUT_WORDS)
    return _ESCALATED_WORDS if told.recipient is Recipient.SHIFT_LEAD else _SHARED_WORDS


def _of_answers(told: Told, about: OfAnswers) -> Letter:
    """A notice about the answers of a run: no link, since pages show a run to who may see it."""
    undelivered = f". {_ANSWERS_UNDELIVERED}" if told.step == UNDELIVERED else ""
    return Letter(
        reference=reference_of(told),
        at=_time(told.queued_at),
        severity=SEVERITY_WORDS[told.severity],
        about=_ANSWERS_WORDS[about],
        to_do=f"{_ANSWERS_TO_DO[about]}{undelivered}",
        link="",
        what="match",
    )


def _of_digest(told: Told, digest: DailyDigest, console_url: str) -> Letter:
    """A force's crime files of a day in counts; the page says what was wrong with a row."""
    lines = [_of_file(one) for one in digest.files[:_MOST_FILES]]
    if more := len(digest.files) - len(lines):
        lines.append(f"And {more} more")
    if told.step == UNDELIVERED:
        lines = [_DIGEST_UNDELIVERED]
    return Letter(
        reference=reference_of(told),
        at=_time(told.queued_at),
        severity=SEVERITY_WORDS[told.severity],
        about=f"crime files of {_day(digest.day)}",
        to_do="\n".join([*lines, _ANSWERS_TO_DO[OfAnswers.DAILY_DIGEST]]),
        link=f"{console_url}{_CRIMES}" if console_url else "",
        what="digest",
    )


def _of_file(one: FileCounts) -> str:
    return (
        f"{one.batch_id}: rows {one.rows}, taken {one.taken}, refused {one.refused}; "
        f"crimes matched by now {one.matched}"
    )


def since_of(step: str, revision: int, alert: Alert) -> Since:
    """What is so of an alert by now, for a notice of that step and revision.

    Of a notice that says that the evidence changed, only a later change counts, and that somebody
    closed the alert is not news.
    """
    evidence, over = alert.told.evidence, alert.state is AlertState.CLOSED and step != CHANGED
    if evidence is Evidence.RETRACTED:
        return Since.WITHDRAWN
    if evidence is Evidence.MERGED:
        return Since.MERGED
    if alert.changed > revision:
        return Since.CHANGED
    if over:
        return Since.CLOSED
    return Since.NOTHING if alert.told.goes_on else Since.ENDED


def _time(instant: datetime) -> str:
    """The time in Great Britain, to the minute, and which of the two it is."""
    wall = wall_time(instant)
    summer = wall > instant.astimezone(UTC).replace(tzinfo=None)
    return f"{wall:%H:%M} {'BST' if summer else 'GMT'} on {_day(wall)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def reference_of(told: Told) -> str:
    """The wearer's reference and the alert's number; the notice's own where that is not told.

    Of answers the run's, of a day's crime files the force's and the day.
    """
    if told.digest is not None:
        return f"{told.digest.force}, {told.digest.day.isoformat()}"
    if told.run is not None:
        return f"run {told.run}"
    if not told.wearer:
        return f"notice {told.notice}"
    return f"{told.wearer}, alert {told.alert}"
