"""What a notice says: a reference, how severe, what about, what to do. No name, place or offence.

Emails and texts lie on machines that are not ours, so they say no more than is needed to look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.deliveries import UNDELIVERED
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import CHANGED
from tipstaff.domain.protocols import Recipient, Severity

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
#: What to do about notices that no protocol has words for.
_OWN_WORDS: Final[dict[str, str]] = {
    CHANGED: "The evidence of this alert changed after you were told of it: look at it again",
    UNDELIVERED: "A notice about this alert did not reach whom it was for: tell them yourself",
}
_WITHOUT_WORDS: Final = "Look at the alert"
#: Where a person looks the notice up.
PATH: Final = "/notices/"


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is about. `words`: what its step says is to be done, if it does.

    `wearer` is their reference, empty where it is not to be told outside: of limited access.
    """

    notice: UUID
    wearer: str = field(repr=False)
    alert: int
    severity: Severity
    kind: FindingKind
    step: str
    recipient: Recipient
    late: bool
    queued_at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words. `link` is empty where the console's address is not set."""

    reference: str
    severity: str
    about: str
    to_do: str
    link: str

    @property
    def subject(self) -> str:
        """The line by which it is recognised: nothing in it is about a person."""
        return f"Tipstaff alert, {self.severity}: {self.about}"

    @property
    def body(self) -> str:
        """All of it, as plain text."""
        lines = [f"{self.subject}.", f"Reference: {self.reference}.", f"{self.to_do}."]
        return "\n".join([*lines, *([self.link] if self.link else [])]) + "\n"


def letter(told: Told, console_url: str) -> Letter:
    """What a notice says; `console_url` is an origin without a path, or empty."""
    to_do = told.words or _OWN_WORDS.get(told.step, _WITHOUT_WORDS)
    late = ", known late" if told.late else ""
    link = f"{console_url}{PATH}{told.notice}" if console_url else ""
    return Letter(
        reference=reference_of(told),
        severity=SEVERITY_WORDS[told.severity],
        about=f"{KIND_WORDS[told.kind]}{late}",
        to_do=to_do,
        link=link,
    )


def reference_of(told: Told) -> str:
    """The wearer's reference and the alert's number; the notice's own where that is not told."""
    if not told.wearer:
        return f"notice {told.notice}"
    return f"{told.wearer}, alert {told.alert}"
