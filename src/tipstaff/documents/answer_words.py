"""The numbers of an answer in words for the page: cards, tables, the comparison of two rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from tipstaff.documents.run_view import CrimeView
from tipstaff.documents.trail_paths import PlacedFix
from tipstaff.matching import uk_times, wording
from tipstaff.matching.bands import NO_MEANINGFUL_SUPPORT, STEPS
from tipstaff.matching.outcomes import DecidedBy, Outcome
from tipstaff.matching.ratio_wording import cap_of, interval_words, size_words
from tipstaff.matching.sentences import Grounds, chance_words

#: In a word what decided an answer; the sentence beside it says the rest.
REASONS: Final[dict[str, str]] = {
    DecidedBy.STRENGTH.name.lower(): "strength of the trail",
    DecidedBy.REACH.name.lower(): "could not have got there and back",
    DecidedBy.TRAIL.name.lower(): "the trail stays away",
    DecidedBy.NO_FIX.name.lower(): "no position received",
    DecidedBy.GAP.name.lower(): "reachable only in a gap",
    DecidedBy.ACTIVATION.name.lower(): "tag worn for part of the window",
    DecidedBy.CLOCK.name.lower(): "the tag's clock is in doubt",
    DecidedBy.CONTRADICTION.name.lower(): "positions contradict each other",
    DecidedBy.NETWORK_ONLY.name.lower(): "network positions only",
    DecidedBy.FRAGILE.name.lower(): "would hang on one fix or stretch",
    DecidedBy.NEAR.name.lower(): "the trail leaves a visit possible",
}

_INTERVAL: Final = ("log10_lr_low", "log10_lr_high")

OUTCOME_WORDS: Final[dict[str, str]] = {
    Outcome.CANDIDATE.value: "candidate",
    Outcome.EXCLUDED.value: "excluded",
    Outcome.NOT_MONITORABLE.value: "not monitorable",
    Outcome.CANNOT_EXCLUDE.value: "cannot be excluded",
}


def headline(crime: CrimeView) -> str:
    """The crime's answer in one sentence."""
    if not crime.located:
        return "The place of this crime could not be located, so it was not matched."
    searched = wording.plural(crime.count("searched_wearers"), "wearer")
    number = len(crime.candidates)
    if not number:
        return f"Nobody among the {searched} searched is a candidate."
    if number == 1:
        return f"One of the {searched} searched is a candidate: they could have been at the scene."
    return f"{number} of the {searched} searched are candidates: each could have been at the scene."


def card(row: dict[str, Any], caps: tuple[float, ...] = ()) -> dict[str, Any]:
    """A candidate's numbers, each as a short phrase; None where it is not known.

    `caps`: the largest log10 ratios that the run's model states.
    """
    words = row["strength"] or NO_MEANINGFUL_SUPPORT
    return {
        "rank": row["rank"],
        "wearer_id": row["wearer_id"] or "",
        "devices": (row["device_ids"] or "").replace(";", ", "),
        "band": words[:1].upper() + words[1:],
        "level": _level(words),
        "ratio": _ratio(row, caps),
        "interval": _interval(row, caps),
        "chance": _chance(row),
        "searched": _number(row["searched_wearers"]),
        "presence": _share(row["presence_probability"]),
        "nearest": _nearest(row),
        "dwell": None if row["dwell_s"] is None else _dwell(row["dwell_s"]),
        "fixes_near": _number(row["fixes_near"]),
        "coverage": _share(row["coverage"]),
        "explanation": row["explanation"] or "",
        "legacy": _labels(row) if row["legacy_match"] else None,
    }


def _level(words: str) -> int:
    """0 for no meaningful support to 5 for very strong: for the small bar beside the words."""
    found = [i for i, (_bound, step) in enumerate(STEPS, 1) if words.startswith(step)]
    return found[0] if found else 0


def _ratio(row: dict[str, Any], caps: tuple[float, ...]) -> str | None:
    value = row["log10_lr"]
    if value is None or not math.isfinite(value):
        return None
    way = "more" if value >= 0 else "less"
    low, high = (value if row[name] is None else row[name] for name in _INTERVAL)
    size = size_words(value, low, high, cap_of((value, low, high), caps))
    return f"{size} times {way} likely if there than if living as usual"


def _interval(row: dict[str, Any], caps: tuple[float, ...]) -> str | None:
    value, low, high = (row[name] for name in ("log10_lr", *_INTERVAL))
    if value is None or low is None or high is None:
        return None
    return interval_words(value, low, high, cap_of((value, low, high), caps))


def _chance(row: dict[str, Any]) -> str | None:
    if row["expected_chance_matches"] == 0:
        return "None seen"  # the sentence, which knows how many windows were looked at, says more
    words = chance_words(
        Grounds(
            searched_wearers=row["searched_wearers"] or 0,
            expected_chance_matches=row["expected_chance_matches"],
        )
    )
    return words[:1].upper() + words[1:] if words else None


def _nearest(row: dict[str, Any]) -> str | None:
    if row["nearest_m"] is None:
        return None
    at = row["nearest_at"]
    return f"about {wording.distance(row['nearest_m'])}" + (
        f" at {uk_times.clock(at)}" if at is not None else ""
    )


def _dwell(seconds: int) -> str:
    return f"about {wording.duration(seconds)}" if seconds else "no stay seen"


def _share(value: float | None) -> str | None:
    return None if value is None else wording.share(value)


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def _labels(row: dict[str, Any]) -> str:
    return runs_of_labels((row["legacy_labels"] or "").split(";"))


def runs_of_labels(labels: list[str]) -> str:
    """Labels by visit, first to last: "A1 to A14, B1, C1 to C6"."""
    visits: dict[str, list[str]] = {}
    for label in labels:
        visits.setdefault(label.rstrip("0123456789"), []).append(label)
    return ", ".join(v[0] if len(v) == 1 else f"{v[0]} to {v[-1]}" for v in visits.values())


def table_row(row: dict[str, Any]) -> dict[str, str]:
    """One answer as a row of a table."""
    return {
        "wearer_id": row["wearer_id"] or "",
        "reason": REASONS.get(row["decided_by"] or "", row["decided_by"] or ""),
        "nearest": _nearest(row) or "no fix",
        "explanation": row["explanation"] or "",
        "legacy": "yes" if row["legacy_match"] else "no",
    }


def legacy(crime: CrimeView) -> dict[str, Any]:
    """Whom the fixed-circle rule names beside whom this program names, and where they differ."""
    ours = {row["wearer_id"] for row in crime.candidates}
    rows = [
        {
            "wearer_id": row["wearer_id"] or "",
            "labels": _labels(row),
            "ours": OUTCOME_WORDS.get(row["outcome"], row["outcome"]),
        }
        for row in crime.legacy_rows
    ]
    rows += [
        {"wearer_id": w, "labels": "", "ours": "not a candidate"} for w in crime.legacy_unwritten
    ]
    theirs = {row["wearer_id"] for row in rows}
    return {
        "rows": rows,
        "unlisted": max(0, crime.count("legacy_candidates") - len(rows)),
        "verdict": _verdict(ours, theirs, crime.count("legacy_candidates")),
        "missed": sorted(ours - theirs),
    }


def _verdict(ours: set[str], theirs: set[str], named: int) -> str:
    if not ours and not named:
        return "Both name nobody."
    if ours == theirs and len(theirs) >= named:
        return "Both name the same people."
    only_ours, only_theirs = len(ours - theirs), max(named, len(theirs)) - len(ours & theirs)
    parts = [f"both name {len(ours & theirs)}"]
    parts += [f"this program alone names {only_ours}"] if only_ours else []
    parts += [f"the fixed-circle rule alone names {only_theirs}"] if only_theirs else []
    said = wording.listed(parts)
    return f"They differ: {said}."


def span(trail: Sequence[PlacedFix]) -> str:
    """A trail in a phrase: how many fixes, how near, when nearest."""
    if not trail:
        return "no fixes within 2 km"
    nearest = min(trail, key=lambda p: (p.away_m, p.at))
    fixes = "1 fix" if len(trail) == 1 else f"{len(trail):,} fixes"
    return f"{fixes}, the nearest {wording.distance(nearest.away_m)} away at " + uk_times.clock(
        nearest.at
    )
