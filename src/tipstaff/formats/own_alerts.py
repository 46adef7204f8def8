"""A wearer's alerts and kept hours in their own copy: two tables, in plain words.

Left out: what staff wrote in their own words, which may be about others; who they are; what was
asked of the police; and what nobody has decided yet. Conditions are named as in the record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Final

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.findings import FindingKind, Outcome, PeriodOutcome

KIND_WORDS: Final[dict[FindingKind, str]] = {
    FindingKind.ZONE: "in a place that the condition forbids, or out of one it demands",
    FindingKind.CURFEW: "away from home in the hours of a curfew",
    FindingKind.WHEREABOUTS: "it was not known whether you were where you had to be",
    FindingKind.ATTENDANCE: "not where an appointment was",
    FindingKind.STRAP: "the tag said that its strap was cut",
    FindingKind.CASE: "the tag said that its case was opened",
    FindingKind.BATTERY: "the battery was low or empty",
    FindingKind.CHARGING: "the tag was not charged in the time agreed",
    FindingKind.SILENCE: "nothing was heard of the tag",
    FindingKind.SHIELDING: "the tag's positions ended at once",
    FindingKind.EQUIPMENT: "the tag seemed to be faulty",
    FindingKind.NO_POSITION: "the tag told no position",
    FindingKind.CHARGER: "the charger seemed to be faulty",
    FindingKind.HOME_UNIT: "the home unit seemed to be faulty, moved or without power",
    FindingKind.CLOCK: "the tag's clock was wrong",
}
OUTCOME_WORDS: Final[dict[AlertOutcome, str]] = {
    AlertOutcome.GENUINE: "found to be so",
    AlertOutcome.NOT_GENUINE: "found not to be so",
    AlertOutcome.EQUIPMENT: "found to be the equipment's fault",
    AlertOutcome.AUTHORISED: "was allowed",
    AlertOutcome.REASONABLE_EXCUSE: "had a reasonable excuse",
    AlertOutcome.RETRACTED: "taken back: later data showed that it was not so",
    AlertOutcome.MERGED: "is part of another",
}
_PERIOD_WORDS: Final[dict[Outcome, str]] = {
    Outcome.KEPT: "kept",
    Outcome.BROKEN: "not kept",
    Outcome.UNKNOWN: "not known",
}


@dataclass(frozen=True, slots=True, repr=False)
class OwnAlert:
    """An alert about the wearer that was decided. `ended` is None where the end is not known."""

    number: int
    kind: FindingKind
    condition: str
    began: datetime
    ended: datetime | None
    opened_at: datetime
    closed_at: datetime
    outcome: AlertOutcome


def write_own_alerts(alerts: Iterable[OwnAlert]) -> bytes:
    """A line for each alert, in the order of numbers."""
    return _table(
        ("number", "what it said", "about", "from", "to", "noticed", "decided", "outcome"),
        (
            (
                one.number,
                KIND_WORDS[one.kind],
                one.condition,
                _instant(one.began),
                _instant(one.ended),
                _instant(one.opened_at),
                _instant(one.closed_at),
                OUTCOME_WORDS[one.outcome],
            )
            for one in alerts
        ),
    )


def write_own_periods(outcomes: Iterable[PeriodOutcome]) -> bytes:
    """A line for each period in which to be somewhere, in the order of their ends."""
    return _table(
        ("about", "from", "to", "outcome", "minutes away", "minutes not known"),
        (
            (
                one.condition,
                _instant(one.start),
                _instant(one.at),
                _PERIOD_WORDS[one.outcome],
                round(one.absent_s / 60),
                round(one.unknown_s / 60),
            )
            for one in outcomes
        ),
    )


def _instant(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _table(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()
