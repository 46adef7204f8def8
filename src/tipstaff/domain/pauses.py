"""Pauses: for a while, and for a reason, nobody is told of a kind of alert. Findings go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Protocols
from tipstaff.domain.zones import Harm

LONGEST: Final = timedelta(hours=24)


class PauseCode(StrEnum):
    """Why a pause is refused."""

    TOO_LONG = "TOO_LONG"
    NO_TIME = "NO_TIME"
    NO_REASON = "NO_REASON"
    NO_KIND = "NO_KIND"
    NEVER_PAUSED = "NEVER_PAUSED"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class Pause:
    """No notices of these kinds from `start` up to, not including, `end`, for a reason.

    `wearer` is the reference of the one wearer it is about, empty where it is about all.
    """

    kinds: frozenset[FindingKind]
    start: datetime
    end: datetime
    reason: str = field(repr=False)
    wearer: str = field(default="", repr=False)


def check_pause(pause: Pause, protocols: Protocols) -> tuple[Problem, ...]:
    """Everything wrong with a pause."""
    found: list[Problem] = []
    if pause.end <= pause.start:
        found.append(Problem(PauseCode.NO_TIME, "end", "give an end after the start"))
    elif pause.end - pause.start > LONGEST:
        action = "pause for 24 hours at most; look again before you pause for longer"
        found.append(Problem(PauseCode.TOO_LONG, "end", action))
    if not pause.reason.strip():
        found.append(Problem(PauseCode.NO_REASON, "reason", "say why nobody need be told"))
    if not pause.kinds:
        found.append(Problem(PauseCode.NO_KIND, "kinds", "name the kinds to pause"))
    if any(protocols.is_guarded(kind, None) for kind in pause.kinds):
        action = "leave out strap and case: of those somebody is always told"
        found.append(Problem(PauseCode.NEVER_PAUSED, "kinds", action))
    return tuple(found)


def covering(
    pauses: Iterable[Pause],
    protocols: Protocols,
    kind: FindingKind,
    harm: Harm | None,
    wearer: str,
) -> tuple[Pause, ...]:
    """The pauses that are about an alert: none where it is never to be paused."""
    if protocols.is_guarded(kind, harm):
        return ()
    return tuple(p for p in pauses if kind in p.kinds and p.wearer in {"", wearer})


def is_paused(pauses: Iterable[Pause], now: datetime) -> bool:
    """Whether one of the pauses holds now."""
    return any(pause.start <= now < pause.end for pause in pauses)


def told_from(opened_at: datetime, pauses: Iterable[Pause]) -> datetime:
    """From when on the times of a protocol count: not while it was paused at the opening."""
    start = opened_at
    for pause in sorted(pauses, key=lambda one: (one.start, one.end)):
        if pause.start <= start < pause.end:
            start = pause.end
    return start
