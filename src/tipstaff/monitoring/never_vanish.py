"""That it was not known where somebody is stays told, when what came late says where they were.

Curfews tell *whereabouts unknown* by the instants of facts, so when all is judged again by facts
that came late it is gone. That we did not know is itself a fact: it stays, and is *filled late*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tipstaff.domain.findings import Finding, FindingKind, Step, Told, Why

Beginning = tuple[str, datetime]


def unknowns(told: Iterable[Told]) -> list[Finding]:
    """What is told of not knowing where somebody is."""
    return [one for one in told if isinstance(one, Finding) and one.kind is FindingKind.WHEREABOUTS]


def gone(before: Sequence[Finding], now: Sequence[Finding], at: datetime) -> list[Finding]:
    """What was told `before` and would be gone by `now`: kept, ended at `at`, and filled late."""
    standing = {_beginning(one) for one in now if one.step is Step.BEGAN}
    lost = [one for one in before if _beginning(one) not in standing]
    return [kept for one in lost if one.step is Step.BEGAN for kept in _filled(one, lost, at)]


def _beginning(one: Finding) -> Beginning:
    return one.condition, one.since


def _filled(began: Finding, lost: Sequence[Finding], at: datetime) -> list[Finding]:
    own = [one for one in lost if _beginning(one) == _beginning(began)]
    if not any(one.step is Step.ENDED for one in own):
        own.append(replace(began, at=max(at, began.at), step=Step.ENDED, why=Why.KNOWN_AGAIN))
    filled = replace(began, at=max(at, own[-1].at), step=Step.FILLED, why=Why.FILLED_LATE)
    return [*own, filled]
