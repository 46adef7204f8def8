"""The life of an order: from which status it may pass to which, and what has to be on record then.

One table, from which the checks and the diagram in the documents are made. An order may be told of
for the first time in any status: it may come from elsewhere, and most orders of a court are active
at once. After that it moves only along the table.

A decision is demanded where a person decides something about the wearer. Monitoring was found
unlawful where reasons were absent (ADL v Home Secretary [2024] EWHC 994).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.problems import Problem

_S = OrderStatus


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that is allowed: its name, and whether a decision with reasons must come with it."""

    start: OrderStatus
    end: OrderStatus
    name: str
    decided: bool


TRANSITIONS: Final = (
    Transition(_S.REFERRED, _S.SUITABLE, "found suitable", decided=True),
    Transition(_S.REFERRED, _S.NOT_SUITABLE, "found unsuitable", decided=True),
    Transition(_S.NOT_SUITABLE, _S.REFERRED, "referred again", decided=False),
    Transition(_S.SUITABLE, _S.NOT_SUITABLE, "found unsuitable after all", decided=True),
    Transition(_S.SUITABLE, _S.ACTIVE, "made", decided=True),
    Transition(_S.ACTIVE, _S.SUSPENDED, "suspended", decided=True),
    Transition(_S.SUSPENDED, _S.ACTIVE, "resumed", decided=True),
    Transition(_S.ACTIVE, _S.REVOKED, "revoked", decided=True),
    Transition(_S.SUSPENDED, _S.REVOKED, "revoked", decided=True),
    Transition(_S.ACTIVE, _S.ENDED, "ended", decided=False),
    Transition(_S.SUSPENDED, _S.ENDED, "ended", decided=False),
)
_BY_ENDS: Final = {(step.start, step.end): step for step in TRANSITIONS}
#: What shows in the diagram where an order begins.
_USUAL_STARTS: Final = (_S.REFERRED, _S.ACTIVE)


@dataclass(frozen=True, slots=True)
class StatusStretch:
    """What the records say of an order from `start` up to `end` (None: with no end).

    `begins` and `ends` are those of the order itself, as that version has them; `restores` is the
    licence that was relaxed for it.
    """

    start: datetime
    end: datetime | None
    status: OrderStatus
    basis: LegalBasis
    begins: datetime
    ends: datetime | None
    restores: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the records say of the order's status just before a new version holds, and just after.

    None: nothing. After a version without an end comes nothing.
    """

    before: OrderStatus | None = None
    after: OrderStatus | None = None


def neighbours(
    timeline: Iterable[StatusStretch], start: datetime, end: datetime | None
) -> Neighbours:
    """What shows just before `start` and from `end` on, in an order's timeline."""
    stretches = tuple(timeline)
    before = (s.status for s in stretches if s.start < start and (s.end is None or start <= s.end))
    after = (
        s.status
        for s in stretches
        if end is not None and s.start <= end and (s.end is None or end < s.end)
    )
    return Neighbours(next(before, None), next(after, None))


def life_problems(order: Order, beside: Neighbours, now: datetime) -> Iterator[Problem]:
    """What is wrong with how the status came about, and with what comes after a correction."""
    made = order.decision
    if made is not None and made.at > now:
        action = "this is still to come: record the decision when it has been made"
        yield Problem(OrderCode.DECISION_IN_FUTURE, "decision.at", action)
    step = _step(beside.before, order.status)
    if isinstance(step, Problem):
        yield step
    elif step is not None and step.decided and not _decided(order):
        action = (
            f"an order is {step.name} by a decision: record who decided {order.status}, "
            f"when and why"
        )
        yield Problem(OrderCode.DECISION_MISSING, "decision", action)
    following = None if beside.after is None else _step(order.status, beside.after)
    if isinstance(following, Problem):
        yield following


def diagram() -> str:
    """The table as a diagram (Mermaid)."""
    starts = [f"    [*] --> {status}" for status in _USUAL_STARTS]
    steps = [
        f"    {step.start} --> {step.end}: {step.name}{' (decision)' if step.decided else ''}"
        for step in TRANSITIONS
    ]
    left = {step.start for step in TRANSITIONS}
    ends = [f"    {status} --> [*]" for status in OrderStatus if status not in left]
    return "\n".join(["stateDiagram-v2", *starts, *steps, *ends])


def _step(start: OrderStatus | None, end: OrderStatus) -> Transition | Problem | None:
    if start is None or start is end:
        return None
    found = _BY_ENDS.get((start, end))
    if found is not None:
        return found
    allowed = [step.end.value for step in TRANSITIONS if step.start is start]
    ways = f"to {' or '.join(allowed)} only" if allowed else "to nothing: it is over"
    action = f"an order that is {start} passes {ways}, not to {end}; make a new order if need be"
    return Problem(OrderCode.STATUS_JUMPS, "status", action)


def _decided(order: Order) -> bool:
    made = order.decision
    return made is not None and made.status is order.status and bool(made.reasons.strip())
