"""What monitoring's validation comes to beside its aims."""

from __future__ import annotations

from typing import Final

from validation.monitored import OURS, SHIPPED, ZONES
from validation.watched_alerts import Judged
from validation.watched_detectors import POINT
from validation.watched_tally import Figure, Tally, fewer, median_fixes, recall, recall_less
from validation.watched_zones import CURFEWS, SCENARIOS


def aims(found: dict[str, Tally]) -> list[str]:
    """The section that says which aims are reached."""
    ours, point = found[OURS], found[POINT]
    whole = [
        _ratio_row("all", ours, point),
        _ratio_row("zones", ours.of(ZONES), point.of(ZONES)),
        _ratio_row("curfews", ours.of(CURFEWS), point.of(CURFEWS)),
        _ratio_row("all, not calibrated", found[SHIPPED], point),
        _throughout_row(ours, point),
        _recall_row("told", ours, point, standing=False),
        _recall_row("told or standing", ours, point, standing=True),
        *(_delay_row(name, ours.of(some), point.of(some)) for name, some in _PARTS.items()),
    ]
    return [
        "## Against the aims",
        "",
        "Beside a point in a polygon.",
        "",
        "| figure | measured | aim | |",
        "|---|---|---|---|",
        *whole,
        "",
        "Recall has two readings. *Told*: an alert was told during the breach or within 5 minutes of",
        "it. *Told or standing*: one told earlier, for whatever reason, that has not ended counts too.",
        "The first tells whether an operator heard of the breach, and favours ours; the second is the",
        "plainer one and favours a point in a polygon, whose drift through a night stands in whatever",
        "happens in it. A detector that never ended an alert would find everything by the second.",
        "Both were settled on the towns on which monitoring-2 was chosen, before these were simulated.",
        "",
    ]


_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "all": tuple(SCENARIOS),
    "zones": ZONES,
    "curfews": tuple(CURFEWS),
}


def _verdict(reached: bool, *, surely: bool = True) -> str:
    if not reached:
        return "**not reached**"
    return "reached" if surely else "reached, but the interval spans the aim"


def _ratio_row(name: str, ours: Tally, point: Tally) -> str:
    figure = fewer(ours, point)
    words = f"times fewer false alerts, {name}"
    return f"| {words} | {with_interval(figure, 1)} | ≥ 10 | {_verdict(figure[0] >= 10, surely=figure[1] >= 10)} |"


def _throughout_row(ours: Tally, point: Tally) -> str:
    def throughout(one: Judged) -> float:
        return float(one.false_throughout.sum())

    figure = fewer(ours, point, throughout)
    words = "the same, false only if nobody was there in all its length"
    return f"| {words} | {with_interval(figure, 1)} | ≥ 10 | {_verdict(figure[0] >= 10, surely=figure[1] >= 10)} |"


def _recall_row(name: str, ours: Tally, point: Tally, *, standing: bool) -> str:
    own, other = (recall(t, standing=standing)[0] for t in (ours, point))
    less = recall_less(ours, point, standing=standing)
    measured = f"{own:.3f} and {other:.3f}; difference {with_interval(less, 3)}"
    return f"| recall, ours and naive, {name} | {measured} | ≥ 0 | {_verdict(less[0] >= 0, surely=less[1] >= 0)} |"


def _delay_row(name: str, ours: Tally, point: Tally) -> str:
    own, other = median_fixes(ours), median_fixes(point)
    measured = f"{with_interval(own, 0)} and {with_interval(other, 0)}"
    words = f"median delay in fixes, ours and naive, {name}"
    return f"| {words} | {measured} | ≤ one more | {_verdict(own[0] - other[0] <= 1)} |"


def with_interval(figure: Figure, digits: int) -> str:
    """A figure and its interval, in words."""
    value, low, high = figure
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
