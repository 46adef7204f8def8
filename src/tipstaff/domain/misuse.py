"""Search a log of looks for what a supervisor should ask about: every rule, one actor at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse_facts import LIMITS, Known, Limits, Question, Rule, Staff
from tipstaff.domain.misuse_habits import break_glass, burst, refusals, unanswered, unusual_hours
from tipstaff.domain.misuse_persons import (
    after_close,
    limited_access,
    namesakes,
    neighbours,
    oneself,
    repeated,
    without_reason,
)

#: Every rule, by the name that its questions carry, in the order in which they are told.
RULES: Final[Mapping[str, Rule]] = {
    "oneself": oneself,
    "neighbours": neighbours,
    "namesakes": namesakes,
    "limited_access": limited_access,
    "break_glass": break_glass,
    "without_reason": without_reason,
    "repeated": repeated,
    "after_close": after_close,
    "unusual_hours": unusual_hours,
    "burst": burst,
    "refusals": refusals,
    "unanswered": unanswered,
}


def questions(
    looks: Iterable[Look], before: Iterable[Look], known: Known, limits: Limits = LIMITS
) -> tuple[Question, ...]:
    """Every question about `looks`, by actor, then by rule. `before`: looks of the time before.

    Looks of nobody known (a refusal of an unknown name) belong to no actor and are not asked about.
    """
    now, past = _by_actor(looks), _by_actor(before)
    found: list[Question] = []
    for actor in sorted(now):
        staff = Staff(actor, now[actor], past.get(actor, ()))
        for rule in RULES.values():
            found += rule(staff, known, limits)
    return tuple(found)


def not_asked(known: Known, looks: Iterable[Look]) -> tuple[str, ...]:
    """What could not be asked about `looks`, since nothing is known by which to: sentences."""
    pairs = {(look.actor_ref, s) for look in looks if look.actor_ref for s in look.aimed}
    facts = [known.staff[actor] for actor in {actor for actor, _ in pairs} & known.staff.keys()]
    found: list[str] = []
    if not any(fact.own or fact.neighbours or fact.namesakes for fact in facts):
        found.append(
            "Whether anybody looked at themselves, a neighbour or a relative was not asked: no "
            "home and no link to a wearer is known of any member of staff."
        )
    if all(known.has_reason(actor, subject) is None for actor, subject in pairs):
        found.append(
            "Whether anybody looked at people they have no case with was not asked: who has to do "
            "with whom is not known."
        )
    return tuple(found)


def _by_actor(looks: Iterable[Look]) -> dict[UUID, tuple[Look, ...]]:
    found: dict[UUID, list[Look]] = {}
    for look in sorted(looks, key=lambda look: (look.at, look.request_ref)):
        if look.actor_ref is not None:
            found.setdefault(look.actor_ref, []).append(look)
    return {actor: tuple(of) for actor, of in found.items()}
