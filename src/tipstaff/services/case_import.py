"""Take in a document of cases: wearers with all that is theirs, very many of them if need be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.case_kinds import Kind, name_of
from tipstaff.domain.cases import Case, check_case
from tipstaff.domain.consents import Consent
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.formats.case_json import read_cases
from tipstaff.formats.json_source import JsonFault
from tipstaff.records import case_sets, cases, wearers
from tipstaff.records.cases import Recorded, Told
from tipstaff.records.chunks import chunked
from tipstaff.services.access import Access, admit
from tipstaff.services.case_reach import (
    References,
    force_problems,
    not_usable,
    standing_of,
    take_on,
)
from tipstaff.services.case_recording import clock, today_at
from tipstaff.services.case_rules import (
    Known,
    When,
    known_of,
    needs_more,
    problems_of,
    timelines_alone,
)
from tipstaff.services.cases import rule_problems
from tipstaff.services.consents import told_elsewhere
from tipstaff.services.recording import changing
from tipstaff.services.releases import settle

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
    records the rest and repeats nothing. A case of somebody out of the actor's reach is left out as
    one whose reference cannot be used.
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
    told_of = standing_of(access, [case.wearer.reference for _number, case in file.cases])
    good, faults = _checked(access, told_of, file.cases, now)
    counts: Counter[Kind] = Counter(dict.fromkeys((Kind.WEARER, Kind.ORDER), 0))
    for chunk in chunked(good, CASES_AT_ONCE):
        for done in _take_in(access, told_of, chunk):
            counts[done.kind] += done.new
    if not good:
        _note_nothing(access, file.read)
    return ImportedCases(file.read, len(good), dict(counts), (*file.faults, *faults))


def _checked(
    access: Access, told_of: References, numbered: Sequence[tuple[int, Case]], now: datetime
) -> tuple[list[Case], list[JsonFault]]:
    good: list[Case] = []
    faults: list[JsonFault] = []
    for chunk in chunked(numbered, CASES_AT_ONCE):
        known = _known_of([case for _number, case in chunk], now)
        for number, case in chunk:
            own = known[case.wearer.reference]
            unusable = below("wearer", not_usable(told_of, case.wearer.reference))
            problems = unusable or _case_problems(access, told_of, case, own, now)
            faults += [_fault(p) for p in below(f"cases[{number}]", problems)]
            if not problems:
                good.append(case)
    return good, faults


def _known_of(cases_of: Sequence[Case], now: datetime) -> dict[str, Known]:
    """What is on record beside these cases: of most the orders' timelines are enough."""
    more = {
        case.wearer.reference
        for case in cases_of
        if any(needs_more(value, case.wearer) for value in case.values())
    }
    rest = {case.wearer.reference for case in cases_of} - more
    return {**timelines_alone(rest), **known_of(more, now)}


def _case_problems(
    access: Access, told_of: References, case: Case, known: Known, now: datetime
) -> list[Problem]:
    beside = known.with_told(case.values())
    when = When(now, case.valid_from, case.valid_to)
    found = list(check_case(case, today_at(now)))
    for index, order in enumerate(case.orders):
        forces = force_problems(access, told_of, order)
        told = (*forces, *rule_problems(order), *problems_of(order, beside, when))
        found += below(f"orders[{index}]", told)
    for name, records in case.beside():
        for index, record in enumerate(records):
            told = (*problems_of(record, beside, when), *told_elsewhere(record, known))
            found += below(f"{name}[{index}]", told)
    return found


def _fault(problem: Problem) -> JsonFault:
    return JsonFault(problem.where, problem.code, problem.action)


def _take_in(access: Access, told_of: References, good: list[Case]) -> tuple[Recorded, ...]:
    with changing(access, extent={"cases": len(good)}) as looked:
        now = clock()
        on_record = _consents_on_record(good, now)
        told = [one for case in good for one in _told(case, on_record)]
        done = cases.record(told, at=now, by=access.actor_ref)
        take_on(access, told_of.new & {case.wearer.reference for case in good}, now)
        looked.subjects = wearers.subject_refs(case.wearer.reference for case in good)
        released = {case.wearer.reference for case in good if case.releases or case.visits}
        alarms = settle(access, released, now) if released else 0
        looked.rows = sum(one.new for one in done) + alarms
    return done


def _consents_on_record(good: list[Case], now: datetime) -> set[tuple[str, str]]:
    """Wearer and reference of each consent on record, of the cases that bring any.

    Asked with the wearers' rows held: since the document was checked one may have been withdrawn,
    and what it says of it would take that back.
    """
    people = {case.wearer.reference for case in good if case.consents}
    if people:
        cases.hold({case.wearer.reference for case in good})
    found = case_sets.standing(people, {Kind.CONSENT}, valid_at=now)
    return {(wearer, name_of(value)) for wearer, values in found.items() for value in values}


def _told(case: Case, on_record: set[tuple[str, str]]) -> Iterator[Told]:
    """What a case tells. A consent holds from when it was given, whatever period the case names."""
    for value in case.values():
        if not isinstance(value, Consent):
            yield Told(value, case.valid_from, case.valid_to, case.reason)
        elif (value.wearer, value.reference) not in on_record:
            yield Told(value, None, None, case.reason)


def _note_nothing(access: Access, read: int) -> None:
    """That a document came of which nothing could be kept is on record too."""
    with changing(access, extent={"cases": 0, "read": read}):
        pass
