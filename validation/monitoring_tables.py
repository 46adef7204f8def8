"""The tables and the plot of monitoring's validation."""

from __future__ import annotations

from typing import Final

import numpy as np

from validation import plots
from validation.monitored import DETECTORS, OURS, SURE, WITHOUT_LINES, ZONES
from validation.monitoring_aims import with_interval
from validation.watched_detectors import MARGIN, POINT
from validation.watched_tally import (
    DEPTHS_M,
    PASSES_S,
    Tally,
    alert_count,
    delays,
    false_count,
    fewer,
    passes_told,
    precision,
    rate,
    recall,
)
from validation.watched_zones import SCENARIOS

_COLUMNS: Final = (
    "| detector | alerts a wearer's month | false a wearer's month | times fewer | precision "
    "| recall | recall, told or standing | delay, minutes: median, 95% | fixes: median |"
)


def all_detectors(found: dict[str, Tally]) -> list[str]:
    """The section of all detectors over all wearers."""
    return [
        "## All detectors",
        "",
        _COLUMNS,
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(detector.name, found) for detector in DETECTORS),
        "",
        "*Satellites only* is a point in a polygon that leaves network positions out; *with a margin*",
        "asks for the whole circle of the claimed radius. *Calibrated* is of the error model: *sizes*",
        "keep the time constants of monitoring's own, *all* takes the fitted ones, which are of six",
        "minutes and more. *Without lines* leaves out what rests on the line between two fixes alone,",
        "which no naive detector tells: passes between fixes, and jumps.",
        "",
        "Severity is harm by level: *suspected* is information, low or medium, by the zone's harm.",
        "Who is texted from *probable* on sees the row of that name.",
        "",
    ]


def _row(name: str, found: dict[str, Tally]) -> str:
    own = found[name]
    minutes, fixes = delays(own)
    median, late = _quantiles(minutes)
    cells = [
        name,
        f"{rate(own, alert_count)[0]:.2f}",
        with_interval(rate(own, false_count), 2),
        "" if name == POINT else with_interval(fewer(own, found[POINT]), 1),
        f"{precision(own)[0]:.2f}",
        with_interval(recall(own), 3),
        f"{recall(own, standing=True)[0]:.3f}",
        f"{median:.1f}, {late:.1f}",
        f"{_quantiles(fixes)[0]:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _quantiles(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    if not values.size:
        return float("nan"), float("nan")
    median, late = np.quantile(values, [0.5, 0.95])
    return float(median), float(late)


def by_scenario(found: dict[str, Tally]) -> list[str]:
    """The section of each scenario apart."""
    rows = []
    for name in SCENARIOS:
        point, ours = found[POINT].of([name]), found[OURS].of([name])
        sure, margin = found[SURE].of([name]), found[MARGIN].of([name])
        must = sum(one.found.size for one in point.judged)
        false = [f"{rate(t, false_count)[0]:.2f}" for t in (point, margin)]
        false += [with_interval(rate(ours, false_count), 2), f"{rate(sure, false_count)[0]:.2f}"]
        recalls = [f"{recall(t)[0]:.2f}" for t in (point, margin, ours, sure)]
        late = [f"{_quantiles(delays(t)[1])[0]:.0f}" for t in (point, ours)]
        cells = [name, str(must), *false, " / ".join(recalls), " / ".join(late)]
        rows.append(f"| {' | '.join(cells)} |")
    return [
        "## By scenario",
        "",
        "False alerts a wearer's month; recall of a point in a polygon, with a margin, ours, ours",
        "from probable on; median delay in fixes of a point in a polygon and ours.",
        "",
        "| scenario | breaches | point | margin | ours | ours, probable on | recall | delay |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def by_kind(found: dict[str, Tally]) -> list[str]:
    """The section of what was wrong with fixes that told false alerts."""
    point, ours = found[POINT].false_by_kind(), found[OURS].false_by_kind()
    months = sum(found[POINT].months)
    words = {
        "normal": "open sky", "canyon": "between high buildings", "indoor": "indoors",
        "gross": "a jump of hundreds of metres", "network": "looked up by the network",
        "cached": "the network answers with the place before", "held": "the receiver repeats itself",
        "rf": "in range of the home unit",
    }  # fmt: skip
    rows = [
        f"| {words[kind]} | {point[kind] / months:.2f} | {ours[kind] / months:.2f} |"
        for kind in words
    ]
    return [
        "## What false alerts are told at",
        "",
        "A wearer's month, by what was wrong with the fix in truth.",
        "",
        "| the fix | point in polygon | ours |",
        "|---|---|---|",
        *rows,
        "",
    ]


def by_depth(found: dict[str, Tally]) -> list[str]:
    """The section of how deep breaches go."""
    names = (POINT, MARGIN, OURS, SURE)
    columns = [found[name].recall_by_depth() for name in names]
    columns += [found[name].recall_by_depth(standing=True) for name in (POINT, OURS)]
    rows = []
    for i, (low, high) in enumerate(DEPTHS_M):
        words = f"{low:.0f} to {high:.0f} m" if np.isfinite(high) else f"{low:.0f} m and more"
        cells = [words, str(columns[0][i][0]), *(f"{column[i][1]:.3f}" for column in columns)]
        rows.append(f"| {' | '.join(cells)} |")
    return [
        "## How deep",
        "",
        "Recall by how far within the forbidden ground the breach goes.",
        "",
        f"| deepest | breaches | {' | '.join(names)} | {POINT}, told or standing | {OURS}, told or "
        "standing |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "A few metres within the edge a position of ordinary error says as much for inside as for",
        "outside, and ours falls short most. Deeper it misses what few fixes tell of.",
        "",
    ]


def by_length(found: dict[str, Tally]) -> list[str]:
    """The section of passes through zones, which are too short to be breaches."""
    names = (POINT, MARGIN, OURS, WITHOUT_LINES, SURE)
    columns = [passes_told(found[name].of(ZONES)) for name in names]
    rows = []
    for i, (low, high) in enumerate(PASSES_S):
        cells = [f"{low:.0f} to {high:.0f} s", str(columns[0][i][0])]
        rows.append(f"| {' | '.join([*cells, *(f'{column[i][1]:.3f}' for column in columns)])} |")
    return [
        "## Passes",
        "",
        "Presences in zones of less than 5 minutes, by their length, and the share told of within 7",
        "minutes. Tags report about once a minute: one of less than that leaves a fix in the zone or",
        "none. They are no breaches for the figures above; this is what asking for two fixes that",
        "agree costs, and what lines between fixes bring.",
        "",
        f"| length | passes | {' | '.join(names)} |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def delay_plot(found: dict[str, Tally]) -> str:
    """The share of all breaches that have an alert after so many minutes."""
    grid = np.linspace(0.0, 15.0, 61)
    series = []
    for name in (POINT, MARGIN, OURS):
        minutes, _ = delays(found[name])
        must = sum(one.found.size for one in found[name].judged)
        series.append((name, grid, np.array([(minutes <= g).sum() / max(1, must) for g in grid])))
    title = "Breaches of 5 minutes or more with an alert"
    return plots.lines(title, "minutes since the beginning", "share", (0.0, 15.0), series)
