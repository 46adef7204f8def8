"""Words for what the records call things: the one place where a page turns a state into English."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.alerts import AlertOutcome, Decision, Evidence, Reached
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import Queue, Recipient, Severity
from tipstaff.domain.purposes import PURPOSE_HELP, Purpose
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.web.state_words import spoken

KIND: Final[dict[FindingKind, str]] = {
    FindingKind.ZONE: "Zone",
    FindingKind.CURFEW: "Curfew",
    FindingKind.WHEREABOUTS: "Whereabouts not known",
    FindingKind.ATTENDANCE: "Appointment",
    FindingKind.STRAP: "Strap",
    FindingKind.CASE: "Case of the device",
    FindingKind.BATTERY: "Battery",
    FindingKind.CHARGING: "Charging",
    FindingKind.SILENCE: "Device silent",
    FindingKind.SHIELDING: "Signal may be blocked",
    FindingKind.EQUIPMENT: "Device may be faulty",
    FindingKind.NO_POSITION: "No positions",
    FindingKind.CHARGER: "Charger",
    FindingKind.HOME_UNIT: "Home unit",
    FindingKind.CLOCK: "Clock of the device",
}
SEVERITY: Final[dict[Severity, str]] = {
    Severity.INFORMATION: "For information",
    Severity.LOW: "Low",
    Severity.MEDIUM: "Medium",
    Severity.HIGH: "High",
    Severity.CRITICAL: "Critical",
}
#: The tag's class of GOV.UK Frontend; the word is always there beside the colour.
SEVERITY_TAG: Final[dict[Severity, str]] = {
    Severity.INFORMATION: "govuk-tag--grey",
    Severity.LOW: "govuk-tag--blue",
    Severity.MEDIUM: "govuk-tag--yellow",
    Severity.HIGH: "govuk-tag--orange",
    Severity.CRITICAL: "govuk-tag--red",
}
LEVEL: Final[dict[Level, str]] = {
    Level.SUSPECTED: "suspected",
    Level.PROBABLE: "probable",
    Level.CONFIRMED: "confirmed",
}
STATE: Final[dict[AlertState, str]] = {
    AlertState.NEW: "New",
    AlertState.ACKNOWLEDGED: "Acknowledged",
    AlertState.IN_HAND: "In hand",
    AlertState.CLOSED: "Closed",
}
QUEUE: Final[dict[Queue, str]] = {
    Queue.LIVE: "Live queue",
    Queue.CASE_MANAGER: "Case managers’ queue",
}
OUTCOME: Final[dict[AlertOutcome, str]] = {
    AlertOutcome.GENUINE: "Genuine",
    AlertOutcome.NOT_GENUINE: "Not genuine",
    AlertOutcome.EQUIPMENT: "Equipment",
    AlertOutcome.AUTHORISED: "Authorised",
    AlertOutcome.REASONABLE_EXCUSE: "Reasonable excuse",
    AlertOutcome.RETRACTED: "Withdrawn by the program: the evidence went",
    AlertOutcome.MERGED: "Merged into another",
}
EVIDENCE: Final[dict[Evidence, str]] = {
    Evidence.STANDS: "stands",
    Evidence.MERGED: "merged into another alert",
    Evidence.RETRACTED: "withdrawn: late data or a correction took it away",
}
REACHED: Final[dict[Reached, str]] = {
    Reached.SPOKE: "Spoke to them",
    Reached.MESSAGE_LEFT: "Left a message",
    Reached.NO_ANSWER: "No answer",
    Reached.NOT_POSSIBLE: "Not possible",
}
ACT: Final[dict[Act, str]] = {
    Act.ACKNOWLEDGE: "acknowledged it",
    Act.TAKE_IN_HAND: "took it in hand",
    Act.HAND_OVER: "handed it over",
    Act.NOTE: "added a note",
    Act.SHARE: "shared it",
    Act.CONTACT: "tried to reach the wearer",
    Act.SEEN: "looked at what changed",
    Act.CLOSE: "closed it",
    Act.LAPSE: "closed it, since nobody had acted and the evidence went",
}


def part(one: Recipient) -> str:
    """Who is told, by their part."""
    return f"the {spoken(one)}"


def did(one: Decision) -> str:
    """What somebody did to an alert; with whom it was shared, and that it was escalated."""
    ways = []
    if others := [part(to) for to in one.shared_with if to is not Recipient.SHIFT_LEAD]:
        ways.append(f"{ACT[one.act]} with {' and '.join(others)}")
    if Recipient.SHIFT_LEAD in one.shared_with:
        ways.append(f"escalated it to {part(Recipient.SHIFT_LEAD)}")
    return " and ".join(ways) or ACT[one.act]


def purpose(one: Purpose) -> str:
    """A purpose, as a sentence."""
    return PURPOSE_HELP[one][:1].upper() + PURPOSE_HELP[one][1:]


def ago(then: datetime, now: datetime) -> str:
    """How long ago, as a person would say it."""
    return f"{lasting(now - then)} ago" if then <= now else f"in {lasting(then - now)}"


def until(then: datetime, now: datetime) -> str:
    """How long until then, as a person would say it; "now" once it is reached."""
    return "now" if then <= now else ago(then, now)


def lasting(time: timedelta) -> str:
    """A length of time, in one unit."""
    minutes = round(time.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return _many(minutes, "minute")
    hours = round(minutes / 60)
    return _many(hours, "hour") if hours < 48 else _many(round(hours / 24), "day")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
