"""A wearer's whole record: every version of everything that is kept of them, and what they wore.

This is what leaves for another operator, or for the wearer. All of it stays out of `repr`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from tipstaff.domain.activations import STILL_ACTIVE, Activation
from tipstaff.domain.case_kinds import CaseValue, Kind, name_of, wearer_of
from tipstaff.domain.problems import Problem
from tipstaff.domain.suppliers import supplier_name


class RecordCode(StrEnum):
    """Why a whole record is refused."""

    NO_WEARERS_RECORD = "NO_WEARERS_RECORD"
    SUBJECT_REPEATED = "SUBJECT_REPEATED"
    OF_ANOTHER_SUBJECT = "OF_ANOTHER_SUBJECT"
    NUMBERS_OUT_OF_TURN = "NUMBERS_OUT_OF_TURN"
    RECORDED_OUT_OF_TURN = "RECORDED_OUT_OF_TURN"
    SPEAKS_OF_NO_TIME = "SPEAKS_OF_NO_TIME"
    ACTIVATION_REPEATED = "ACTIVATION_REPEATED"
    ACTIVATION_BACKWARDS = "ACTIVATION_BACKWARDS"
    NO_SUPPLIER = "NO_SUPPLIER"


@dataclass(frozen=True, slots=True, repr=False)
class WholeVersion:
    """One version. `recorded_at` and `recorded_by` are as whoever recorded it first says.

    `recorded_by` is None where it is left out.
    """

    number: int
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime
    recorded_by: UUID | None
    reason: str
    value: CaseValue


@dataclass(frozen=True, slots=True, repr=False)
class WholeSubject:
    """A subject with all its versions by number; `reference` is empty for the wearer's own."""

    kind: Kind
    reference: str
    versions: tuple[WholeVersion, ...]


@dataclass(frozen=True, slots=True, repr=False)
class WholeRecord:
    """Everything kept of a wearer as versions, kinds in the order of forms, then by reference."""

    wearer: str
    subjects: tuple[WholeSubject, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Worn:
    """A device that the wearer wore; `end` is None while they still wear it."""

    supplier: str
    activation_id: str
    device_id: str
    start: datetime
    end: datetime | None = None

    def activation(self, wearer: str) -> Activation:
        """The same as an activation."""
        end = STILL_ACTIVE if self.end is None else self.end
        return Activation(self.activation_id, self.device_id, wearer, self.start, end)


@dataclass(frozen=True, slots=True, repr=False)
class WornRecord:
    """Every device that a wearer wore, by supplier and activation."""

    wearer: str
    activations: tuple[Worn, ...]


def check_record(record: WholeRecord) -> tuple[Problem, ...]:
    """What makes a record none that could have been kept anywhere; paths as in its document."""
    return (*_subject_problems(record), *_version_problems(record))


def check_worn(worn: WornRecord) -> tuple[Problem, ...]:
    """What is wrong with what was worn."""
    found: list[Problem] = []
    names = [(one.supplier, one.activation_id) for one in worn.activations]
    for index, one in enumerate(worn.activations):
        where = f"activations[{index}]"
        if (one.supplier, one.activation_id) in names[:index]:
            found.append(Problem(RecordCode.ACTIVATION_REPEATED, where, _DAMAGED))
        if supplier_name(one.supplier) != one.supplier:
            found.append(Problem(RecordCode.NO_SUPPLIER, f"{where}.supplier", _DAMAGED))
        if one.end is not None and one.end < one.start:
            found.append(Problem(RecordCode.ACTIVATION_BACKWARDS, f"{where}.end", _DAMAGED))
    return tuple(found)


_DAMAGED = "no operator's records can say so: ask for the file again"


def _subject_problems(record: WholeRecord) -> Iterator[Problem]:
    names = [(subject.kind, subject.reference) for subject in record.subjects]
    if (Kind.WEARER, "") not in names:
        yield Problem(RecordCode.NO_WEARERS_RECORD, "subjects", _DAMAGED)
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(RecordCode.SUBJECT_REPEATED, f"subjects[{index}]", _DAMAGED)


def _version_problems(record: WholeRecord) -> Iterator[Problem]:
    for index, subject in enumerate(record.subjects):
        where = f"subjects[{index}]"
        if [v.number for v in subject.versions] != list(range(1, len(subject.versions) + 1)):
            yield Problem(RecordCode.NUMBERS_OUT_OF_TURN, where, _DAMAGED)
        if any(one.recorded_at > other.recorded_at for one, other in pairwise(subject.versions)):
            yield Problem(RecordCode.RECORDED_OUT_OF_TURN, where, _DAMAGED)
        if not subject.versions:
            yield Problem(RecordCode.NUMBERS_OUT_OF_TURN, where, _DAMAGED)
        yield from _each_version(record.wearer, subject, where)


def _each_version(wearer: str, subject: WholeSubject, where: str) -> Iterator[Problem]:
    for place, version in enumerate(subject.versions):
        path = f"{where}.versions[{place}]"
        if (wearer_of(version.value), name_of(version.value)) != (wearer, subject.reference):
            yield Problem(RecordCode.OF_ANOTHER_SUBJECT, f"{path}.value", _DAMAGED)
        if version.valid_to is not None and version.valid_to <= version.valid_from:
            yield Problem(RecordCode.SPEAKS_OF_NO_TIME, f"{path}.valid_to", _DAMAGED)


def added_to(
    held: Sequence[WholeSubject], told: Sequence[WholeSubject]
) -> tuple[WholeSubject, ...] | None:
    """What `told` says beyond `held`: subjects with their further versions alone.

    None where the two contradict each other: what is held must be the beginning of what is told,
    subject by subject, word for word.
    """
    known = {(one.kind, one.reference): one.versions for one in held}
    if not known.keys() <= {(one.kind, one.reference) for one in told}:
        return None
    found: list[WholeSubject] = []
    for one in told:
        before = known.get((one.kind, one.reference), ())
        if one.versions[: len(before)] != before:
            return None
        if one.versions[len(before) :]:
            found.append(WholeSubject(one.kind, one.reference, one.versions[len(before) :]))
    return tuple(found)
