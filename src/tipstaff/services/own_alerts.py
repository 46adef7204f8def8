"""What a wearer's own copy tells of alerts about them: those decided, and their kept hours."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tipstaff.domain.findings import PeriodOutcome
from tipstaff.formats.own_alerts import OwnAlert
from tipstaff.records import period_outcomes
from tipstaff.records.alerts import KeptAlerts, kept_of


@dataclass(frozen=True, slots=True, repr=False)
class OwnWatching:
    """Alerts that were decided, by number, and what periods came to, by their ends."""

    alerts: tuple[OwnAlert, ...]
    periods: tuple[PeriodOutcome, ...]


def own_watching(subject: UUID) -> OwnWatching:
    """Of the wearer whom the audit knows by that reference."""
    kept = kept_of([subject]).get(subject)
    if kept is None:
        return OwnWatching((), ())
    periods = period_outcomes.outcomes_of([kept.row]).get(kept.row, [])
    return OwnWatching(_alerts(kept), tuple(periods))


def _alerts(kept: KeptAlerts) -> tuple[OwnAlert, ...]:
    """An alert of which somebody has to look again is not decided."""
    visits = {one.value.number: one.value.visit for one in kept.episodes}
    out = []
    for one in (each.value for each in kept.alerts):
        visit, outcome, closed_at = visits[one.opened.episode], one.outcome, one.closed_at
        if outcome is not None and closed_at is not None and not one.needs_a_person:
            out.append(
                OwnAlert(
                    one.number, one.kind, visit.condition, visit.began, visit.ended,
                    one.opened_at, closed_at, outcome,
                )
            )  # fmt: skip
    return tuple(out)
