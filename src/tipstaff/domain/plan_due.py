"""When a plan is next to be reviewed, over all time: made from the plan and its reviews.

What a list shows must be right on any day without anybody touching the records, so it is made as
stretches of valid time (see `domain.versions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from tipstaff.domain.plan_work import Review, ReviewOutcome
from tipstaff.domain.plans import Plan
from tipstaff.domain.versions import Stated, in_effect

Said = TypeVar("Said", Plan, Review)


@dataclass(frozen=True, slots=True)
class DueStretch:
    """A stretch of valid time in which a plan shows, and by when its review is due then.

    `end` is None where there is none; `due` is None where a review ended the plan.
    """

    start: datetime
    end: datetime | None
    plan: Plan
    due: date | None


def due_stretches(
    plan: Mapping[Stated, Plan], reviews: Sequence[Mapping[Stated, Review]]
) -> tuple[DueStretch, ...]:
    """Stretches apart from one another, in order, from all versions of a plan and of its reviews.

    Two that follow each other and say the same are one.
    """
    every = [*plan, *(stated for review in reviews for stated in review)]
    cuts = sorted({s.valid_from for s in every} | {s.valid_to for s in every if s.valid_to})
    found: list[DueStretch] = []
    for index, start in enumerate(cuts):
        end = cuts[index + 1] if index + 1 < len(cuts) else None
        shown = _showing(plan, start)
        if shown is None:
            continue
        held = (_showing(review, start) for review in reviews)
        due = next_due(shown, (one for one in held if one is not None))
        last = found[-1] if found else None
        if last and (last.end, last.plan, last.due) == (start, shown, due):
            found[-1] = DueStretch(last.start, end, shown, due)
        else:
            found.append(DueStretch(start, end, shown, due))
    return tuple(found)


def next_due(plan: Plan, reviews: Iterable[Review]) -> date | None:
    """By when a plan is to be reviewed next: as the last review held says, else as the plan does.

    None where a review ended it.
    """
    held = [one for one in reviews if one.plan == plan.reference]
    last = max(held, key=lambda one: (one.held_on, one.reference), default=None)
    if last is None:
        return plan.first_review
    return None if last.outcome is ReviewOutcome.END else last.next_due


def _showing(versions: Mapping[Stated, Said], at: datetime) -> Said | None:
    """Which of one subject's versions shows at `at`, all of them known."""
    known = max((stated.recorded_at for stated in versions), default=at)
    shown = in_effect(versions, valid_at=at, known_at=known)
    return None if shown is None else versions[shown]
