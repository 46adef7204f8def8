"""What is known of a supplier: whom to ask about faults of data, what they send, since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipstaff.domain.problems import Problem
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name


class SupplierCode(StrEnum):
    """Why what is told of a supplier is refused."""

    NAME = "NAME"
    ENDS_BEFORE_IT_BEGINS = "ENDS_BEFORE_IT_BEGINS"
    SUPPLIER_NOT_KNOWN = "SUPPLIER_NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class SupplierDetails:
    """A supplier. `contact`: whom to tell of faults in the data; `formats`: the mappings they use.

    Their keys work from `active_from` up to, not including, `active_to`; None: from ever, for good.
    """

    name: str
    contact: str = field(default="", repr=False)
    formats: tuple[str, ...] = ()
    active_from: datetime | None = None
    active_to: datetime | None = None


def is_active(supplier: SupplierDetails, now: datetime) -> bool:
    """Whether the supplier may send anything at `now`."""
    begun = supplier.active_from is None or supplier.active_from <= now
    return begun and (supplier.active_to is None or now < supplier.active_to)


def check_supplier(supplier: SupplierDetails) -> tuple[Problem, ...]:
    """Everything wrong with what is told of a supplier."""
    found: list[Problem] = []
    if supplier_name(supplier.name) != supplier.name:
        found.append(Problem(SupplierCode.NAME, "name", NAME_ACTION))
    first, last = supplier.active_from, supplier.active_to
    if first is not None and last is not None and last <= first:
        action = "write an end after the beginning, or leave one of them out"
        found.append(Problem(SupplierCode.ENDS_BEFORE_IT_BEGINS, "active_to", action))
    return tuple(found)
