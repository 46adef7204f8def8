"""Killed while consents are withdrawn: all that follows from a withdrawal is there, or nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from killed_program import killed

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "2"))
SUPPORT = Path(__file__).resolve().parents[1] / "support"

#: For ever: somebody opts in, wears a tag, and withdraws.
WITHDRAWALS = f"""
import itertools, sys
sys.path.insert(0, {str(SUPPORT)!r})
from dataclasses import replace
from made_cases import case, consent, curfew, order, utc, voluntary, wearer
from tipstaff.domain.activations import Activation
from tipstaff.domain.consents import WithdrawnBy
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.case_json import write_cases
from tipstaff.services.activations import import_activations
from tipstaff.services.case_import import import_orders
from tipstaff.services.consents import withdraw_consent
who = dict(actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority="")
for n in itertools.count(int(sys.argv[1])):
    name = f"P{{n}}"
    orders = (order("L1", wearer=name), voluntary(wearer=name, restores="L1"))
    made = replace(
        case(0), wearer=wearer(name), orders=orders, consents=(consent(wearer=name),)
    )
    assert not import_orders(**who, content=write_cases((made,))).faults
    worn = Activation(f"A{{n}}", f"D{{n}}", name, utc("2026-01-02"), row=1)
    import_activations(**who, supplier="S", incoming=[worn])
    withdraw_consent(
        **who, wearer=name, reference="C1", how=WithdrawnBy.IN_PERSON, told_to="x",
        at=utc("2026-01-05"),
    )
    print(n, flush=True)
"""


def outcomes() -> set[tuple[bool, bool, bool, bool]]:
    """Of each wearer whose tag is on record: is each part of a withdrawal there."""
    from django.db import connection, transaction

    from tipstaff.domain.case_kinds import Kind
    from tipstaff.domain.consents import Consent
    from tipstaff.domain.orders import OrderStatus
    from tipstaff.records import case_sets
    from tipstaff.records.models import Activation, AuditEntry
    from tipstaff.services.case_recording import clock

    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        believed = Activation.objects.filter(superseded_at__isnull=True).select_related("wearer")
        rows = {row.wearer.reference: row for row in believed}
        values = case_sets.standing(rows, {Kind.CONSENT}, valid_at=clock())
        timelines = case_sets.timelines(rows)
        entries = AuditEntry.objects.filter(use_case="withdraw_consent")
        told = {ref for entry in entries for ref in entry.subject_refs}
        return {
            (
                any(isinstance(v, Consent) and v.withdrawn is not None for v in values[wearer]),
                timelines[wearer]["V1"][-1].status is OrderStatus.ENDED,
                row.end.year == 2026,
                str(row.wearer.subject_ref) in told,
            )
            for wearer, row in rows.items()
        }


def test_killed_in_the_middle_of_withdrawals(instance: Any) -> None:
    chance = random.Random(f"{instance.vendor}-withdrawals")
    done = 0
    for _round in range(ROUNDS):
        lines = killed(WITHDRAWALS, str(done), chance.uniform(0.0, 0.3))
        done = int(lines[-1]) + 2  # the next one may be half done
        assert outcomes() <= {(True,) * 4, (False,) * 4}
    assert (True,) * 4 in outcomes()
