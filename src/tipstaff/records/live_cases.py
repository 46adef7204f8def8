"""What case records say of everybody who is watched: orders, absences, consents, addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.consents import Consent
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period
from tipstaff.domain.versions import SINCE_EVER, Stated, timeline
from tipstaff.domain.wearers import Wearer
from tipstaff.monitoring.held import AbsenceGranted, Located, OrderVersion, Where
from tipstaff.records.case_versions import CaseDamagedError, value_of
from tipstaff.records.models import Version

_KINDS: Final = (Kind.WEARER, Kind.ORDER, Kind.ABSENCE, Kind.CONSENT)
_ROWS_A_ROUND: Final = 2_000


class _Row(NamedTuple):
    """A version as it is stored, beside whose it is."""

    wearer: UUID
    kind: str
    subject: UUID
    number: int
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime
    content: str
    digest: str


_COLUMNS: Final = (
    "subject__wearer__subject_ref", "subject__kind", "subject", "number", "valid_from", "valid_to",
    "recorded_at", "content", "digest",
)  # fmt: skip


@dataclass(slots=True, repr=False)
class LiveCase:
    """What is known of one wearer. `said` is a digest of all of it.

    `addresses` are those that are in one place for ever, `moved` the others. `damaged`: a version
    is not what was recorded; nothing else is said then.
    """

    orders: list[list[OrderVersion]] = field(default_factory=list)
    absences: list[AbsenceGranted] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    addresses: dict[str, Where] = field(default_factory=dict)
    moved: dict[str, tuple[Located, ...]] = field(default_factory=dict)
    said: str = ""
    damaged: bool = False


def cases_of(wearers: Any, known_at: datetime | None) -> dict[UUID, LiveCase]:
    """The cases of wearers (a query of their rows), by the audit's reference, in one statement.

    As they are known now, or were at `known_at`.
    """
    found: dict[UUID, LiveCase] = {}
    said: dict[UUID, list[str]] = {}
    for versions in _by_subject(wearers, known_at):
        wearer = versions[0].wearer
        case = found.setdefault(wearer, LiveCase())
        said.setdefault(wearer, []).append(_said(versions))
        try:
            _take(case, versions)
        except CaseDamagedError:  # one damaged record must not end the monitoring of all
            case.damaged = True
    found |= {wearer: LiveCase(damaged=True) for wearer, case in found.items() if case.damaged}
    for wearer, case in found.items():
        case.orders.sort(key=lambda versions: versions[0][1].reference)
        case.said = hashlib.sha256("\n".join(sorted(said[wearer])).encode()).hexdigest()
    return found


def _by_subject(wearers: Any, known_at: datetime | None) -> Iterator[list[_Row]]:
    """The versions of one subject after another, in the order of recording."""
    rows = Version.objects.filter(subject__wearer__in=wearers, subject__kind__in=_KINDS)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    columns = rows.order_by("subject", "number").values_list(*_COLUMNS)
    listed = map(_Row._make, columns.iterator(chunk_size=_ROWS_A_ROUND))
    for _subject, own in groupby(listed, key=attrgetter("subject")):
        yield list(own)


def granted(absence: Absence) -> AbsenceGranted | None:
    """The time that an absence excuses, by what was said of it last; None where it excuses none."""
    decision, end = absence.decision, absence.ends_at
    if decision is None or not decision.approved:
        return None
    if absence.cancelled_at is not None:
        end = min(end, absence.cancelled_at)
    if end <= absence.starts_at:
        return None
    name = f"{absence.order}/{absence.condition}"
    return AbsenceGranted(Period(absence.starts_at, end), name)


def places_of(
    told: Sequence[tuple[Stated, Wearer]],
) -> tuple[dict[str, Where], dict[str, tuple[Located, ...]]]:
    """Where the addresses of a wearer's record are: those in one place for ever, and the others.

    Before it is first named an address is where it then is.
    """
    records = {stated.number: record for stated, record in told}
    found: dict[str, list[Located]] = {}
    for shown in timeline(stated for stated, _ in told):
        for address in records[shown.number].addresses:
            listed = found.setdefault(address.reference, [])
            if not listed or listed[-1].where != address.place:
                listed.append(Located(shown.start if listed else SINCE_EVER, address.place))
    fixed = {name: each[0].where for name, each in found.items() if len(each) == 1}
    moved = {name: tuple(each) for name, each in found.items() if len(each) > 1}
    return {name: where for name, where in fixed.items() if where is not None}, moved


def _take(case: LiveCase, versions: list[_Row]) -> None:
    """Take in all versions of one subject."""
    last = versions[-1]
    if last.kind == Kind.ORDER:
        values = ((_stated(row), _value(row)) for row in versions)
        case.orders.append([(s, value) for s, value in values if isinstance(value, Order)])
    elif last.kind == Kind.WEARER:
        told = ((_stated(row), _value(row)) for row in versions)
        records = [(s, value) for s, value in told if isinstance(value, Wearer)]
        case.addresses, case.moved = places_of(records)
    else:
        value = _value(last)
        if isinstance(value, Consent):
            case.consents.append(value)
        elif isinstance(value, Absence) and (free := granted(value)) is not None:
            case.absences.append(free)


def _value(row: _Row) -> CaseValue:
    return value_of(row.kind, row.content, row.digest)


def _stated(row: _Row) -> Stated:
    return Stated(row.number, row.valid_from, row.valid_to, row.recorded_at)


def _said(versions: list[_Row]) -> str:
    """What says the versions of one subject, and nothing that they do not say."""
    return " ".join(
        f"{row.subject} {row.number} {row.valid_from} {row.valid_to} {row.recorded_at} {row.digest}"
        for row in versions
    )
