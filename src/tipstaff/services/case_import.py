"""Take in a document of cases: wearers with their orders, very many of them if need be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.cases import Case, check_case
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.case_json import read_cases
from tipstaff.formats.json_source import JsonFault
from tipstaff.records import cases, wearers
from tipstaff.records.cases import Recorded, Told
from tipstaff.records.chunks import chunked
from tipstaff.services.access import Access, admit
from tipstaff.services.case_recording import today_at
from tipstaff.services.cases import rule_problems
from tipstaff.services.recording import changing

#: Cases of one transaction: others write between two of them, and its entry stays short.
CASES_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ImportedCases:
    """What became of a document: `kept` of the `read` cases, and every fault of the others.

    `versions` counts what is new by kind; the rest of the kept cases was on record already.
    """

    read: int
    kept: int
    versions: dict[Kind, int]
    faults: tuple[JsonFault, ...]


def import_orders(*, actor: str, purpose: Purpose, authority: str, content: bytes) -> ImportedCases:
    """Record each good case of a document; one with any fault is left out whole, and told.

    Everything is read and checked before the first transaction. Each transaction holds some
    hundreds of cases and its own entry; should it end in the middle, the same document again
    records the rest and repeats nothing.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_orders",
    )
    now = datetime.now(UTC)
    file = read_cases(content, this_year=today_at(now).year)
    good, faults = _checked(file.cases, now)
    counts = dict.fromkeys((Kind.WEARER, Kind.ORDER), 0)
    for chunk in chunked(good, CASES_AT_ONCE):
        for done in _take_in(access, chunk):
            counts[done.kind] += done.new
    if not good:
        _note_nothing(access, file.read)
    return ImportedCases(file.read, len(good), counts, (*file.faults, *faults))


def _checked(
    numbered: Sequence[tuple[int, Case]], now: datetime
) -> tuple[list[Case], list[JsonFault]]:
    good: list[Case] = []
    faults: list[JsonFault] = []
    for number, case in numbered:
        problems = _case_problems(case, now)
        faults += [_fault(p) for p in below(f"cases[{number}]", problems)]
        if not problems:
            good.append(case)
    return good, faults


def _case_problems(case: Case, now: datetime) -> list[Problem]:
    rules = [
        problem
        for index, order in enumerate(case.orders)
        for problem in below(f"orders[{index}]", rule_problems(order))
    ]
    return [*check_case(case, today_at(now)), *rules]


def _fault(problem: Problem) -> JsonFault:
    return JsonFault(problem.where, problem.code, problem.action)


def _take_in(access: Access, good: list[Case]) -> tuple[Recorded, ...]:
    told = [one for case in good for one in _told(case)]
    with changing(access, extent={"cases": len(good)}) as looked:
        done = cases.record(told, at=datetime.now(UTC), by=access.actor_ref)
        looked.subjects = wearers.subject_refs(case.wearer.reference for case in good)
        looked.rows = sum(one.new for one in done)
    return done


def _told(case: Case) -> Iterator[Told]:
    values: tuple[CaseValue, ...] = (case.wearer, *case.orders)
    for value in values:
        yield Told(value, case.valid_from, case.valid_to, case.reason)


def _note_nothing(access: Access, read: int) -> None:
    """That a document came of which nothing could be kept is on record too."""
    with changing(access, extent={"cases": 0, "read": read}):
        pass
