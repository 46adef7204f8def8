"""Look at cases: one wearer's whole, by both clocks, or a list of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.variations import Variation, variations
from tipstaff.records import activations, case_lists, case_versions, holdings
from tipstaff.records.activations import WornPeriod
from tipstaff.records.case_lists import ListWanted, OrderLine
from tipstaff.records.case_versions import SubjectHistory, VersionFact, showing
from tipstaff.records.holdings import Holding
from tipstaff.services.access import admit_to
from tipstaff.services.limited_access import list_reach, sees
from tipstaff.services.recording import reading

_OTHER_KINDS: Final = frozenset(Kind) - {Kind.WEARER, Kind.ORDER}


@dataclass(frozen=True, slots=True)
class Change:
    """A version of an order, and what it changed against the one recorded before it."""

    version: VersionFact
    variations: tuple[Variation, ...]


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order: what shows at the time asked about (None: nothing), and every version known."""

    reference: str
    shown: VersionFact | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record of another kind: what shows at the time asked about, and every version known."""

    kind: Kind
    reference: str
    shown: VersionFact | None
    versions: tuple[VersionFact, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it was at `valid_at`, as far as it was known at `known_at`.

    `worn`: the devices worn then; `homes`: the home units that stood in the wearer's homes.
    """

    valid_at: datetime
    known_at: datetime
    wearer: VersionFact | None
    orders: tuple[OrderView, ...]
    records: tuple[RecordView, ...]
    worn: tuple[WornPeriod, ...] = ()
    homes: tuple[Holding, ...] = ()


def show_case(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    as_known_at: datetime | None = None,
    valid_at: datetime | None = None,
) -> CaseView | None:
    """A wearer's record and orders, by both clocks; None where there is none to be seen.

    Without `as_known_at`: as known now. Without `valid_at`: as it was at that same time. A case out
    of reach is none; so is one of limited access without a grant, whenever it was not yet limited.
    """
    access = admit_to(actor, purpose, authority, "show_case", wearer)
    now = datetime.now(UTC)
    known = min(as_known_at or now, now)
    valid = valid_at or known
    found, seen = case_versions.find(wearer, now=now), sees(access, wearer)
    whom = frozenset() if found is None else frozenset({found.subject_ref})
    extent = {"known_at": known.isoformat(), "valid_at": valid.isoformat()}
    with reading(access, extent=extent, subjects=whom) as looked:
        if found is None or not seen:
            return None
        told = case_versions.known_of(found.row, known_at=known)
        looked.rows = sum(len(subject.versions) for subject in told)
        instant = Period(valid, valid + timedelta.resolution)
        worn = tuple(activations.worn_in(instant, wearer=wearer, known_at=known))
        homes = holdings.homes_of(wearer, valid, known_at=known)
    if not told:
        return None
    people = [s for s in told if s.kind is Kind.WEARER]
    record = showing(people[0].versions, valid_at=valid, known_at=known) if people else None
    orders = tuple(_order(s, valid, known) for s in told if s.kind is Kind.ORDER)
    others = (s for s in told if s.kind in _OTHER_KINDS)
    records = tuple(
        RecordView(
            s.kind, s.reference, showing(s.versions, valid_at=valid, known_at=known), s.versions
        )
        for s in others
    )
    return CaseView(valid, known, record, orders, records, worn, homes)


def list_orders(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    force: str | None = None,
    status: OrderStatus | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
    mine: bool = False,
) -> tuple[OrderLine, ...]:
    """A page of orders within the actor's reach as they stand now, by reference.

    `mine`: of the cases assigned to the actor or their team alone. `after`: the reference and the
    subject of the last line of the page before. The audit holds the wearers of the page.
    """
    access = admit_to(actor, purpose, authority, "list_orders")
    wanted = ListWanted(list_reach(access, mine=mine), force, status, after, limit)
    extent = {"force": force, "status": status, "limit": limit, "mine": mine}
    with reading(access, extent=extent) as looked:
        lines = case_lists.orders(wanted, now=datetime.now(UTC))
        looked.subjects = {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines


def _order(subject: SubjectHistory, valid: datetime, known: datetime) -> OrderView:
    changes: list[Change] = []
    before: Order | None = None
    reference = ""
    for fact in subject.versions:
        if not isinstance(fact.value, Order):
            continue
        changed = () if before is None else variations(before, fact.value)
        changes.append(Change(fact, changed))
        before, reference = fact.value, fact.value.reference
    shown = showing(subject.versions, valid_at=valid, known_at=known)
    return OrderView(reference, shown, tuple(changes))
