"""Equality monitoring: people say what they want to say, and only numbers of many come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tipstaff.domain.characteristics import CharacteristicCode, answer_problems, question
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.small_numbers import Shown, suppressed
from tipstaff.records import case_versions, characteristics, wearers
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import as_seen, not_counted
from tipstaff.services.recording import changing, reading


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers are kept now, or why nothing was changed."""

    kept: int
    problems: tuple[Problem, ...] = ()


def record_characteristics(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, answers: Mapping[str, str]
) -> Answered:
    """Keep what a wearer said of themselves, in place of all that they said before.

    Answers by the codes of their questions (`domain.characteristics`); it is voluntary, so that
    none withdraws all. The audit holds how many were given, never what.
    """
    access = admit_to(actor, purpose, authority, "record_characteristics")
    with changing(access, extent={"answers": len(answers)}) as looked:
        now = clock()
        looked.subjects = wearers.subject_refs([wearer])
        problems = answer_problems(answers)
        found = case_versions.find(as_seen(access, wearer), now=now)
        if found is None:
            action = "record the wearer first: no record of that reference is there"
            problems = (*problems, Problem(CharacteristicCode.WEARER_NOT_KNOWN, "wearer", action))
        if found is None or problems:
            looked.extent["problems"] = len(problems)
            return Answered(0, problems)
        characteristics.replace(found.row, answers, at=now)
        looked.rows = len(answers)
    return Answered(len(answers))


def equality_counts(*, actor: str, purpose: Purpose, authority: str, by: str) -> Shown:
    """How many wearers gave each answer to one question; small numbers are left out.

    Every answer of the question's list is there. Those of limited access are counted for whom a
    grant opens their record alone. ValueError where there is no such question.
    """
    asked = question(by)
    if asked is None:
        raise ValueError("no question of that code: see domain.characteristics")
    access = admit_to(actor, purpose, authority, "equality_counts")
    with reading(access, extent={"by": by}) as looked:
        told = list(characteristics.answers_to(by))
        hidden = not_counted(access, (wearer for wearer, _answer in told))
        counted = Counter(answer for wearer, answer in told if wearer not in hidden)
        shown = suppressed({answer: counted[answer] for answer in asked.answers})
        looked.rows = sum(count is not None for count in shown.counts.values())
    return shown
