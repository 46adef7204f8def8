"""Visits: what findings of one condition and kind come to, in whatever order they come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import Final

from tipstaff.domain.findings import WITH_THE_PERIOD, Finding, FindingKind, Level, Step, Why

#: Visits less than this apart are one.
APART: Final = timedelta(minutes=15)
#: After so long without evidence the end is not known.
UNKNOWN_AFTER: Final = timedelta(hours=24)
#: Kinds whose evidence is positions; the others hold until the device says otherwise.
BY_POSITIONS: Final = frozenset({FindingKind.ZONE, FindingKind.CURFEW, FindingKind.ATTENDANCE})
#: The condition's (or device's) reference, and the kind.
Key = tuple[str, FindingKind]


class End(StrEnum):
    """How a visit ended."""

    OPEN = "open"
    EVIDENCE = "evidence"
    PERIOD_ENDED = "period_ended"
    UNKNOWN = "end_unknown"


END_WORDS: Final[dict[End, str]] = {
    End.OPEN: "goes on",
    End.EVIDENCE: "ended by what positions or the device say",
    End.PERIOD_ENDED: "ended with the hours, the condition or the activation",
    End.UNKNOWN: "nothing was known for a day; when it ended is not known",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """From `began` to `ended` (None: it goes on), at most at `level`, for the reasons `whys`.

    `told_at` is the instant of the finding that opened it. `filled` is whether what came late tells
    of all of it (silences).
    """

    condition: str
    kind: FindingKind
    began: datetime
    told_at: datetime
    level: Level
    whys: tuple[Why, ...]
    ended: datetime | None = None
    end: End = End.OPEN
    filled: bool = False

    def overlaps(self, other: Visit) -> bool:
        """Whether two visits of one condition and kind share an instant, their ends included."""
        if (self.condition, self.kind) != (other.condition, other.kind):
            return False
        return _reaches(self, other.began) and _reaches(other, self.began)


def _reaches(visit: Visit, instant: datetime) -> bool:
    return visit.ended is None or instant <= visit.ended


def visits(
    findings: Iterable[Finding], evidence: Sequence[datetime], horizon: datetime
) -> list[Visit]:
    """Every visit, by beginning. `evidence`: instants in order of which anything is known."""
    by_key: dict[Key, set[Finding]] = {}
    for one in findings:
        if one.at <= horizon:
            by_key.setdefault((one.condition, one.kind), set()).add(one)
    out: list[Visit] = []
    for (_, kind), told in by_key.items():
        raw = _followed(told)
        if kind in BY_POSITIONS:
            raw = [piece for visit in raw for piece in _pieces(visit, evidence, horizon)]
        out += _joined(raw)
    return sorted(out, key=lambda visit: (visit.began, visit.condition, visit.kind))


def _followed(told: set[Finding]) -> list[Visit]:
    """Findings of one key followed from beginnings to ends; of what is missing, what is left."""
    out: list[Visit] = []
    instants: dict[datetime, list[Finding]] = {}
    for one in sorted(told, key=_content):
        instants.setdefault(one.at, []).append(one)
    for at in sorted(instants):
        left = instants[at]
        while left:
            one = _next(left, is_open=bool(out) and out[-1].ended is None)
            left.remove(one)
            _follow(out, one)
    return out


def _content(one: Finding) -> tuple[object, ...]:
    known = one.probability is not None
    return (one.at, one.since, one.step, one.level, one.why, known, one.probability or 0.0)


def _next(left: list[Finding], *, is_open: bool) -> Finding:
    """Which finding of one instant comes next: what is open grows or ends before another begins."""
    order = (Step.GREW, Step.ENDED, Step.BEGAN) if is_open else (Step.BEGAN, Step.GREW, Step.ENDED)
    return min(left, key=lambda one: order.index(one.step) if one.step in order else len(order))


def _follow(out: list[Visit], one: Finding) -> None:
    last = out[-1] if out else None
    if one.step is Step.FILLED:
        _fill(out, one)
    elif last is not None and last.ended is None:
        out[-1] = _grown(last, one)
    elif last is None or last.ended is None or one.step is Step.BEGAN or one.since > last.ended:
        out.append(_grown(_opened(one), one) if one.step is Step.ENDED else _opened(one))


def _opened(one: Finding) -> Visit:
    return Visit(one.condition, one.kind, one.since, one.at, one.level, (one.why,))


def _grown(visit: Visit, one: Finding) -> Visit:
    whys = visit.whys if one.why in visit.whys else (*visit.whys, one.why)
    visit = replace(visit, level=max(visit.level, one.level), whys=whys)
    if one.step is not Step.ENDED:
        return visit
    end = End.PERIOD_ENDED if one.why in WITH_THE_PERIOD else End.EVIDENCE
    return replace(visit, ended=one.at, end=end)


def _fill(out: list[Visit], one: Finding) -> None:
    """What came late tells of the visit that began then."""
    for place, visit in enumerate(out):
        if visit.began == one.since and not visit.filled:
            out[place] = replace(visit, filled=True, whys=(*visit.whys, one.why))
            return


def _pieces(visit: Visit, evidence: Sequence[datetime], horizon: datetime) -> list[Visit]:
    """A visit cut where a day passed without evidence; after it, evidence begins another."""
    until = visit.ended or horizon
    first, after = bisect_right(evidence, visit.told_at), bisect_right(evidence, until)
    known = [visit.told_at, *evidence[first:after]]
    out: list[Visit] = []
    rest = visit
    for seen, then in pairwise(known):
        if then - seen >= UNKNOWN_AFTER:
            out.append(replace(rest, ended=seen, end=End.UNKNOWN))
            rest = replace(rest, began=then, told_at=then)
    if until - known[-1] >= UNKNOWN_AFTER:
        return [*out, replace(rest, ended=known[-1], end=End.UNKNOWN)]
    is_left = not out or rest.ended is None or rest.began < rest.ended
    return [*out, rest] if is_left else out


def _joined(raw: list[Visit]) -> list[Visit]:
    """Visits less than 15 minutes apart put together."""
    out: list[Visit] = []
    for visit in sorted(raw, key=attrgetter("began", "told_at")):
        last = out[-1] if out else None
        if last is None or last.ended is None or visit.began - last.ended >= APART:
            out.append(visit)
        else:
            out[-1] = _together(last, visit)
    return out


def _together(one: Visit, other: Visit) -> Visit:
    whys = tuple(dict.fromkeys((*one.whys, *other.whys)))
    ended, end = other.ended, other.end
    if one.ended is not None and ended is not None and one.ended > ended:
        ended, end = one.ended, one.end
    return replace(
        one,
        level=max(one.level, other.level),
        whys=whys,
        ended=ended,
        end=end,
        filled=one.filled and other.filled,
    )
