"""Answers as tables: one row per crime and wearer, one per crime, and the fixes they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import E7, distance_m
from tipstaff.domain.local_time import MINUTE_US
from tipstaff.domain.periods import from_micros
from tipstaff.matching import gate, kept_out
from tipstaff.matching.bands import band
from tipstaff.matching.inputs import Worn
from tipstaff.matching.judging import EXCLUDING
from tipstaff.matching.loading import Loaded
from tipstaff.matching.match import Answers
from tipstaff.matching.outcomes import OUTCOME_OF, RESULT_SCHEMA, DecidedBy, Outcome
from tipstaff.matching.sentences import Grounds, sentence

I64 = NDArray[np.int64]

#: The order of outcomes in a result file.
_ORDER: Final = (
    Outcome.CANDIDATE,
    Outcome.CANNOT_EXCLUDE,
    Outcome.NOT_MONITORABLE,
    Outcome.EXCLUDED,
)
FACTS_WITHIN_US: Final = 60 * MINUTE_US
FACTS_WITHIN_M: Final = 2_000.0


@dataclass(frozen=True, slots=True)
class Matched:
    """A match with what it was made of: enough to write every table of it.

    `devices` names devices by key, `worn` says who wore them.
    """

    answers: Answers
    crimes: list[Crime]
    loaded: Loaded
    worn: Worn
    devices: Mapping[int, str]


def ranks_of(answers: Answers) -> I64:
    """Rank of each candidate within its crime, strongest first; 0 for the rest.

    Strengths are rounded to six places before they are compared; ties go by the wearer's name.
    """
    chosen = np.flatnonzero(answers.code == DecidedBy.STRENGTH)
    strength = -np.round(answers.raw_log10[chosen], 6)
    order = chosen[np.lexsort((answers.wearer[chosen], strength, answers.scene[chosen]))]
    scene = answers.scene[order]
    first = np.searchsorted(scene, scene, side="left")
    ranks = np.zeros(len(answers.code), np.int64)
    ranks[order] = np.arange(len(order)) - first + 1
    return ranks


def beyond(answers: Answers) -> NDArray[np.bool_]:
    """Pairs that are counted, never written: excluded, and no fix within 10 km in the window."""
    return np.asarray((answers.place == gate.BEYOND) & np.isin(answers.code, EXCLUDING))


def _number(value: float, places: int) -> float | None:
    return None if np.isnan(value) else float(np.round(value, places)) + 0.0


def _instant(t_us: int, *, known: bool) -> datetime | None:
    return from_micros(t_us) if known else None


def _grounds(matched: Matched, pair: int, row: dict[str, Any]) -> Grounds:
    """The numbers behind a row's sentence."""
    a, trails = matched.answers, matched.loaded.trails
    before, after = int(a.verdicts.before[pair]), int(a.verdicts.after[pair])
    low, high = _near_span(matched, pair) if row["rank"] else (None, None)
    return Grounds(
        searched_wearers=row["searched_wearers"],
        log10_lr=row["log10_lr"],
        log10_lr_low=row["log10_lr_low"],
        log10_lr_high=row["log10_lr_high"],
        cap_log10=None if row["log10_lr"] is None else float(a.cap_log10[pair]),
        nearest_m=row["nearest_m"],
        nearest_at=row["nearest_at"],
        near_from=low,
        near_to=high,
        fixes_near=row["fixes_near"],
        expected_chance_matches=row["expected_chance_matches"],
        chance_windows=int(a.controls[pair]) or None,
        before_at=_instant(int(trails.t_us[before]), known=True) if before >= 0 else None,
        after_at=_instant(int(trails.t_us[after]), known=True) if after >= 0 else None,
        needed_mps=_number(float(a.verdicts.speed_needed_mps[pair]), 2),
        visit_bound=_number(float(a.verdicts.bound[pair]), 9),
        routine_unknown=not bool(a.known[pair]),
    )


def _near_rows(matched: Matched, pair: int, pad_us: int, within_m: float) -> tuple[I64, Any]:
    """Rows of a pair's fixes in the padded window and so near, with their distances in metres."""
    a, trails = matched.answers, matched.loaded.trails
    c, w = int(a.scene[pair]), int(a.wearer[pair])
    own = slice(int(trails.offsets[w]), int(trails.offsets[w + 1]))
    t_us = trails.t_us[own]
    first = own.start + int(np.searchsorted(t_us, a.scenes.start_us[c] - pad_us, side="left"))
    last = own.start + int(np.searchsorted(t_us, a.scenes.end_us[c] + pad_us, side="right"))
    away = distance_m(
        a.scenes.latitude[c],
        a.scenes.longitude[c],
        trails.lat_e7[first:last] / E7,
        trails.lon_e7[first:last] / E7,
    )
    return np.flatnonzero(away <= within_m) + first, away[away <= within_m]


def _near_span(matched: Matched, pair: int) -> tuple[datetime | None, datetime | None]:
    """The first and last instant of the window at which a fix's circle meets the 100 m disc."""
    rows, away = _near_rows(matched, pair, 0, FACTS_WITHIN_M)
    radius = np.nan_to_num(matched.loaded.trails.radius_m[rows])
    near = rows[away <= 100.0 + radius]
    if not len(near):
        return None, None
    t_us = matched.loaded.trails.t_us
    return from_micros(int(t_us[near[0]])), from_micros(int(t_us[near[-1]]))


def _devices_of(matched: Matched, scene: int, wearer: int) -> str:
    """The devices a wearer wore at some time of a scene's window, in order."""
    start, end = matched.answers.scenes.start_us[scene], matched.answers.scenes.end_us[scene]
    keys = matched.worn.table.column("device_key").to_numpy()
    offsets, active_from, active_to = matched.worn.active
    own = range(int(offsets[wearer]), int(offsets[wearer + 1]))
    names = {
        matched.devices[int(keys[i])] for i in own if active_from[i] <= end and active_to[i] > start
    }
    return ";".join(sorted(names))


def answer_row(matched: Matched, pair: int, rank: int) -> dict[str, Any]:
    """One row of a result file."""
    row, decided, grounds = answer(matched, pair, rank)
    return {**row, "explanation": sentence(Outcome(row["outcome"]), decided, grounds)}


def answer(matched: Matched, pair: int, rank: int) -> tuple[dict[str, Any], DecidedBy, Grounds]:
    """One answer: its columns but the explanation, what decided it, and the sentence's numbers."""
    a = matched.answers
    scene, decided = int(a.scene[pair]), DecidedBy(int(a.code[pair]))
    crime = matched.crimes[int(a.scenes.index[scene])]
    outcome = OUTCOME_OF[decided]
    numbers = [_number(float(v[pair]), 4) for v in (a.log10_lr, a.low, a.high)]
    known = not np.isnan(a.verdicts.nearest_m[pair])
    row: dict[str, Any] = {
        "force": crime.force,
        "crime_reference": crime.reference,
        "crime_version": crime.version,
        "wearer_id": matched.loaded.trails.wearers[int(a.wearer[pair])],
        "device_ids": _devices_of(matched, scene, int(a.wearer[pair])),
        "outcome": outcome.value,
        "rank": rank or None,
        "log10_lr": numbers[0],
        "log10_lr_low": numbers[1],
        "log10_lr_high": numbers[2],
        "strength": None
        if numbers[0] is None
        else band(*(numbers[0] if n is None else n for n in numbers)),
        "presence_probability": _number(float(a.presence[pair]), 6),
        "expected_chance_matches": _number(float(a.chance_matches[pair]), 4),
        "searched_wearers": int(a.searched[scene]),
        "nearest_m": _number(float(a.verdicts.nearest_m[pair]), 1),
        "nearest_at": _instant(int(a.verdicts.nearest_us[pair]), known=known),
        "dwell_s": int(a.dwell_s[pair]),
        "fixes_near": int(a.fixes_near[pair]),
        "coverage": _number(float(a.verdicts.coverage[pair]), 4),
        "decided_by": decided.name.lower(),
        "legacy_match": bool(a.legacy.matched[pair]),
        "legacy_labels": a.legacy.labels[pair] or None,
    }
    return row, decided, _grounds(matched, pair, row)


def result_rows(matched: Matched, *, every: bool) -> list[dict[str, Any]]:
    """Rows of a result file in order: candidates alone, or `every` one that is written out."""
    a = matched.answers
    ranks = ranks_of(a)
    wanted = ~beyond(a) if every else ranks > 0
    rows = [answer_row(matched, int(i), int(ranks[i])) for i in np.flatnonzero(wanted)]
    return in_order(rows)


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of a result file: by crime, outcome, rank and wearer."""
    place = {outcome.value: i for i, outcome in enumerate(_ORDER)}
    return sorted(
        rows,
        key=lambda r: (
            r["force"],
            r["crime_reference"],
            r["crime_version"],
            place[r["outcome"]],
            r["rank"] or 0,
            r["wearer_id"],
        ),
    )


def result_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table of `RESULT_SCHEMA`."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=RESULT_SCHEMA)


def _counts(answers: Answers) -> tuple[I64, I64, I64]:
    """By scene, and a last row of zeros: outcomes (C + 1, 4), those hidden, the legacy rule's."""
    scenes, kinds = len(answers.scenes.index) + 1, len(_ORDER)
    place = {decided: _ORDER.index(outcome) for decided, outcome in OUTCOME_OF.items()}
    outcome = np.array([0, *(place[code] for code in sorted(place))])[answers.code]
    counts = np.bincount(answers.scene * kinds + outcome, minlength=scenes * kinds)
    hidden = np.bincount(answers.scene[beyond(answers)], minlength=scenes)
    legacy = np.bincount(answers.scene[answers.legacy.matched], minlength=scenes)
    return counts.reshape(scenes, kinds), hidden, legacy


def crime_rows(matched: Matched) -> list[dict[str, Any]]:
    """One row per crime version: what it was and how its wearers came out."""
    a = matched.answers
    counts, hidden, legacy = _counts(a)
    scene_of = {int(index): scene for scene, index in enumerate(a.scenes.index)}
    rows = []
    for i, crime in sorted(enumerate(matched.crimes), key=lambda item: item[1].key):
        scene = scene_of.get(i, -1)
        own = counts[scene].tolist()
        far = int(a.far_beyond[scene]) if scene >= 0 else 0
        rows.append(
            {
                "force": crime.force,
                "crime_reference": crime.reference,
                "crime_version": crime.version,
                "crime_type": crime.crime_type,
                "batch": crime.batch,
                "from": crime.start,
                "to": crime.end,
                "latitude": crime.latitude,
                "longitude": crime.longitude,
                "rounding_m": crime.rounding_m,
                "searched_wearers": int(a.searched[scene]) if scene >= 0 else 0,
                "monitored_wearers": int(a.kept_out[scene].sum()) if scene >= 0 else 0,
                "not_searched": _not_searched(a, scene),
                "candidates": own[0],
                "excluded": own[3] + far,
                "excluded_beyond": int(hidden[scene]) + far,
                "not_monitorable": own[2],
                "cannot_exclude": own[1],
                "legacy_candidates": int(legacy[scene]),
            }
        )
    return rows


def _not_searched(answers: Answers, scene: int) -> str | None:
    """Why monitored wearers were not searched, in a text; None where all were."""
    if scene < 0:
        return None
    by_reason = zip(answers.reasons[1:], answers.kept_out[scene, 1:].tolist(), strict=True)
    return kept_out.told(dict(by_reason)) or None


def fact_rows(matched: Matched) -> list[dict[str, Any]]:
    """The fixes of candidates and legacy matches near scene and window."""
    a, loaded = matched.answers, matched.loaded
    trails, rows = loaded.trails, []
    for pair in np.flatnonzero((a.code == DecidedBy.STRENGTH) | a.legacy.matched):
        scene = int(a.scene[pair])
        crime = matched.crimes[int(a.scenes.index[scene])]
        found, away = _near_rows(matched, int(pair), FACTS_WITHIN_US, FACTS_WITHIN_M)
        for k, metres in zip(found.tolist(), away.tolist(), strict=True):
            radius = float(trails.radius_m[k])
            inside = a.scenes.start_us[scene] <= trails.t_us[k] <= a.scenes.end_us[scene]
            decides = inside and metres <= 100.0 + (0.0 if np.isnan(radius) else radius)
            rows.append(
                {
                    "force": crime.force,
                    "crime_reference": crime.reference,
                    "crime_version": crime.version,
                    "wearer_id": trails.wearers[int(a.wearer[pair])],
                    "device_id": matched.devices[int(loaded.device_key[k])],
                    "fix_time": from_micros(int(trails.t_us[k])),
                    "latitude": int(trails.lat_e7[k]) / E7,
                    "longitude": int(trails.lon_e7[k]) / E7,
                    "radius95_m": _number(radius, 2),
                    "mechanism": Mechanism(int(trails.mechanism[k])).name,
                    "role": "decides" if decides else "trail",
                }
            )
    return sorted(
        rows,
        key=lambda r: (
            r["force"],
            r["crime_reference"],
            r["crime_version"],
            r["wearer_id"],
            r["fix_time"],
            r["device_id"],
        ),
    )
