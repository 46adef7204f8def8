"""Take in who wore which device when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tipstaff.domain.activations import Activation
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name
from tipstaff.records import activations, wearers
from tipstaff.records.activation_plan import Clash
from tipstaff.services.access import admit, require_own_supplier
from tipstaff.services.recording import changing


@dataclass(frozen=True, slots=True)
class ImportedActivations:
    """What became of the rows. `clashes` were refused: the device was on somebody else then.

    So were the rows numbered in `not_worn`: no wearer wears such a device.
    """

    recorded: int
    unchanged: int
    clashes: tuple[Clash, ...]
    not_worn: tuple[int, ...] = ()


def import_activations(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    supplier: str,
    incoming: Iterable[Activation],
) -> ImportedActivations:
    """Record activations of one supplier's devices.

    The same row again is nothing; other content under a known id is a correction, which
    supersedes. A row that would put a device on two people at once is refused. `supplier` is as
    `domain.suppliers.supplier_name` gives it.
    """
    if supplier_name(supplier) != supplier:
        raise ValueError(f"not the name of a supplier: {NAME_ACTION}")
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="import_activations",
    )
    require_own_supplier(access, supplier)
    rows = list(incoming)
    with changing(access, extent={"read": len(rows)}) as looked:
        decided = activations.record(supplier, rows, datetime.now(UTC))
        looked.rows = len(decided.new)
        whom = {fact.wearer_id for fact in decided.new} | set(decided.wearers_before)
        looked.subjects = wearers.subject_refs(whom)
    not_worn = tuple(fact.row for fact in decided.not_worn)
    return ImportedActivations(len(decided.new), decided.unchanged, decided.clashes, not_worn)
