"""Cases as they are printed: JSON for one, a line for each of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tipstaff.formats.case_forms import plain
from tipstaff.formats.case_json import instant_text

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.case_lists import OrderLine
    from tipstaff.records.case_versions import Origin, VersionFact
    from tipstaff.services.case_view import CaseView, OrderView, RecordView


def case_words(view: CaseView) -> dict[str, Any]:
    """A case as plain values."""
    return {
        "valid_at": instant_text(view.valid_at),
        "known_at": instant_text(view.known_at),
        "wearer": None if view.wearer is None else plain(view.wearer.value),
        "orders": [_order(order) for order in view.orders],
        "records": [_record(record) for record in view.records],
        "worn": [{"supplier": one.supplier, "device_id": one.device_id} for one in view.worn],
        "homes": [
            {"supplier": one.supplier, "device_id": one.device_id, "address": one.address}
            for one in view.homes
        ],
    }


def line_words(line: OrderLine) -> str:
    """An order in a line."""
    end = "no end" if line.ends_at is None else f"{line.ends_at:%Y-%m-%d}"
    review = "none" if line.next_review is None else line.next_review.isoformat()
    return (
        f"{line.reference}  wearer {line.wearer}  {line.basis}  {line.status}  {line.force}  "
        f"{line.officer.name} ({line.officer.organisation})  "
        f"{line.starts_at:%Y-%m-%d} – {end}  review {review}"
    )


def _order(order: OrderView) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "order": None if order.shown is None else plain(order.shown.value),
        "versions": [
            {**_version(change.version), "changed": [v.sentence for v in change.variations]}
            for change in order.changes
        ],
    }


def _record(record: RecordView) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "reference": record.reference,
        "record": None if record.shown is None else plain(record.shown.value),
        "versions": [_version(fact) for fact in record.versions],
    }


def _version(fact: VersionFact) -> dict[str, Any]:
    stated, origin = fact.stated, fact.origin
    said = {} if origin is None else {"origin": _origin(origin)}
    return {
        "number": stated.number,
        "valid_from": instant_text(stated.valid_from),
        "valid_to": None if stated.valid_to is None else instant_text(stated.valid_to),
        "recorded_at": instant_text(stated.recorded_at),
        "recorded_by": str(fact.recorded_by),
        "reason": fact.reason,
        **said,
    }


def _origin(origin: Origin) -> dict[str, str]:
    """What the operator who handed a version over says of it."""
    return {"operator": origin.operator, "recorded_at": instant_text(origin.recorded_at)}
