"""People: orders within reach, a case by both clocks, how somebody kept to their order, looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.api_tokens import Group
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.compliance import ComplianceDay, DayMark
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.identifiers import Identifier, IdentifierKind, read_identifier
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.formats.case_forms import FORMS
from tipstaff.records.case_lists import OrderLine
from tipstaff.records.case_versions import VersionFact
from tipstaff.services.case_view import CaseView, list_orders, show_case
from tipstaff.services.compliance import MOST_DAYS, show_compliance
from tipstaff.services.find_wearer import find_wearer
from tipstaff.services.looked_at import looked_at
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found, refused_by
from tipstaff.web.api.shapes import (
    USUAL,
    Asked,
    At,
    Cursor,
    Instant,
    Limit,
    Line,
    Page,
    Reference,
    Told,
    page_of,
)

PART: Final = Part(Group.PEOPLE)
_CODECS: Final = {form.kind: form.codec for form in FORMS}


class OfficerTold(Told):
    """Who holds the order."""

    name: str
    organisation: str


class OrderTold(Told):
    """An order in a list, as it stands now."""

    wearer: str
    reference: str
    basis: LegalBasis
    force: str
    officer: OfficerTold
    starts_at: At
    ends_at: At | None
    status: OrderStatus
    next_review: date | None


class VersionTold(Told):
    """A version of a record: `value` is as docs/reference/transfer.schema.json has its kind."""

    number: int
    valid_from: At
    valid_to: At | None
    recorded_at: At
    recorded_by: UUID
    reason: str
    value: dict[str, Any]


class ChangeTold(VersionTold):
    """A version of an order, and in sentences what it changed against the one before."""

    changed: list[str]


class OrderHistory(Told):
    """An order: the version that shows at the time asked about, and every version known."""

    reference: str
    shown: VersionTold | None
    versions: list[ChangeTold]


class RecordHistory(Told):
    """A record of another kind, alike."""

    kind: Kind
    reference: str
    shown: VersionTold | None
    versions: list[VersionTold]


class WornTold(Told):
    """A device that is worn."""

    supplier: str
    device_id: str


class HomeTold(Told):
    """A home unit in a home of the wearer's: `address` is its reference in their record."""

    supplier: str
    device_id: str
    address: str
    start: At


class CaseTold(Told):
    """A case as it was at `valid_at`, as far as it was known at `known_at`."""

    valid_at: At
    known_at: At
    wearer: VersionTold | None
    orders: list[OrderHistory]
    records: list[RecordHistory]
    worn: list[WornTold]
    homes: list[HomeTold]


class AlertOfDayTold(Told):
    """An alert that was opened that day."""

    number: int
    kind: FindingKind
    condition: str
    level: Level
    opened_at: At
    outcome: AlertOutcome | None


class DayTold(Told):
    """A UK day: `mark` says how it was kept, by the worst that is known of it."""

    on: date
    mark: DayMark
    alerts: list[AlertOfDayTold]


class LookTold(Told):
    """A look at a person, as they would be told it: roles and organisations, no names."""

    at: At
    role: str
    organisation: str
    operation: str
    purpose: str
    begin: At | None
    end: At | None
    people: int
    certain: bool


class OrdersAsked(Asked):
    """Which orders to list. `mine`: of one's own cases alone."""

    status: OrderStatus | None = None
    force: Line | None = None
    mine: bool = False
    after: Cursor = ""
    limit: Limit = USUAL


class CaseAsked(Asked):
    """As it was when, as known when; now where that is left out."""

    valid_at: Instant | None = None
    as_known_at: Instant | None = None


@PART.reads("/orders", "list_orders", Page[OrderTold])
def orders(request: HttpRequest, asked: Annotated[OrdersAsked, Query()]) -> Any:
    """A page of orders within your reach, by reference."""
    lines = list_orders(
        **who(request),
        force=asked.force,
        status=asked.status,
        mine=asked.mine,
        after=cursors.read(asked.after, _after),
        limit=asked.limit,
    )
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _cursor))


class NumberAsked(Asked):
    """A number by which police, prisons or probation know somebody."""

    kind: IdentifierKind
    number: Line


class WearersFound(Told):
    """The references of wearers within your reach whose number it is or was."""

    wearers: list[str]


@PART.acts("/find-wearer", "find_wearer", WearersFound)
def find(request: HttpRequest, body: NumberAsked) -> Any:
    """Whose number it is; sent in the body, so that it stands in no address and no log."""
    read = read_identifier(body.kind, body.number, this_year=timezone.now().year)
    if not isinstance(read, Identifier):
        raise refused_by([replace(read, where="number")])
    return {"wearers": list(find_wearer(**who(request), identifier=read))}


@PART.reads("/people/{ref:wearer}", "show_case", CaseTold)
def case(request: HttpRequest, wearer: Reference, asked: Annotated[CaseAsked, Query()]) -> Any:
    """A person's record, orders and other records, every version; 404 for whom you may not see."""
    found = show_case(
        **who(request), wearer=wearer, as_known_at=asked.as_known_at, valid_at=asked.valid_at
    )
    if found is None:
        raise not_found()
    return _case(found)


@PART.reads("/people/{ref:wearer}/compliance", "show_compliance", Page[DayTold])
def compliance(
    request: HttpRequest,
    wearer: Reference,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 56,
) -> Any:
    """How they kept to their order, day by day up to today; nothing of whom you may not see."""
    found = show_compliance(**who(request), wearer=wearer, days=days)
    return page_of(_day(one) for one in found)


@PART.reads("/people/{ref:wearer}/looks", "looked_at", Page[LookTold])
def looks(request: HttpRequest, wearer: Reference) -> Any:
    """Who looked at them, as they would be told it themselves."""
    found = looked_at(**who(request), wearer=wearer)
    if found is None:
        raise not_found()
    return page_of(found)


def _case(found: CaseView) -> dict[str, Any]:
    return {
        "valid_at": found.valid_at,
        "known_at": found.known_at,
        "wearer": _shown(found.wearer, Kind.WEARER),
        "orders": [
            {
                "reference": one.reference,
                "shown": _shown(one.shown, Kind.ORDER),
                "versions": [
                    _version(change.version, Kind.ORDER)
                    | {"changed": [v.sentence for v in change.variations]}
                    for change in one.changes
                ],
            }
            for one in found.orders
        ],
        "records": [
            {
                "kind": one.kind,
                "reference": one.reference,
                "shown": _shown(one.shown, one.kind),
                "versions": [_version(version, one.kind) for version in one.versions],
            }
            for one in found.records
        ],
        "worn": list(found.worn),
        "homes": list(found.homes),
    }


def _shown(fact: VersionFact | None, kind: Kind) -> dict[str, Any] | None:
    return None if fact is None else _version(fact, kind)


def _version(fact: VersionFact, kind: Kind) -> dict[str, Any]:
    stated = fact.stated
    return {
        "number": stated.number,
        "valid_from": stated.valid_from,
        "valid_to": stated.valid_to,
        "recorded_at": stated.recorded_at,
        "recorded_by": fact.recorded_by,
        "reason": fact.reason,
        "value": _CODECS[kind].write(fact.value),
    }


def _day(one: ComplianceDay) -> dict[str, Any]:
    return {"on": one.on, "mark": one.mark, "alerts": list(one.alerts)}


def _cursor(line: OrderLine) -> str:
    return cursors.written(line.reference, line.subject)


def _after(reference: str, subject: str) -> tuple[str, UUID]:
    return reference, UUID(subject)
