"""Killed while it records cases: no version without its entry, no entry without its version."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from killed_program import killed

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "5"))
SUPPORT = Path(__file__).resolve().parents[1] / "support"

#: Records for ever: a wearer, an order of theirs, its variation, and a document of ten more.
CASES = f"""
import itertools, sys
sys.path.insert(0, {str(SUPPORT)!r})
from made_cases import case, order, wearer
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.case_json import write_cases
from tipstaff.services.case_import import import_orders
from tipstaff.services.cases import record_order, record_wearer
who = dict(actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority="")
for n in itertools.count(int(sys.argv[1])):
    record_wearer(**who, wearer=wearer(f"P{{n}}"))
    assert record_order(**who, order=order(wearer=f"P{{n}}")).version == 1
    print(n, flush=True)
    record_order(**who, order=order(wearer=f"P{{n}}", force="Durham"))
    import_orders(**who, content=write_cases(tuple(case(10 * n + i) for i in range(10))))
"""


def assert_versions_match_entries() -> None:
    """In one snapshot: a server may still be committing what a killed client had asked for."""
    from django.db import connection, transaction

    from tipstaff.records.models import AuditEntry, Version

    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        single = [
            (entry.extent["subject"], entry.extent["number"])
            for entry in AuditEntry.objects.filter(use_case__startswith="record_", rows=1)
        ]
        imported = AuditEntry.objects.filter(use_case="import_orders").values_list(
            "rows", flat=True
        )
        stored = {(str(s), n) for s, n in Version.objects.values_list("subject_id", "number")}
        assert len(set(single)) == len(single)
        assert set(single) <= stored
        assert len(stored) == len(single) + sum(imported)
        assert set(imported) <= {0, 20}
        assert_lists_match_versions()


def assert_lists_match_versions() -> None:
    from tipstaff.domain.case_kinds import Kind
    from tipstaff.domain.versions import timeline
    from tipstaff.records.case_versions import history
    from tipstaff.records.models import OrderStretch, Subject

    for subject in Subject.objects.filter(kind=Kind.ORDER).order_by("?")[:20]:
        shown = {stretch.number for stretch in timeline(f.stated for f in history(subject.id))}
        rows = OrderStretch.objects.filter(subject=subject).values_list("number", flat=True)
        assert set(rows) == shown


def test_killed_in_the_middle_of_cases(instance: Any) -> None:
    from tipstaff.records.models import Version
    from tipstaff.services.audit import verify_audit

    chance = random.Random(f"{instance.vendor}-cases")
    done = 0
    for _round in range(ROUNDS):
        lines = killed(CASES, str(done), chance.uniform(0.0, 0.3))
        done = int(lines[-1]) + 1
        assert_versions_match_entries()
        assert Version.objects.count() >= 2 * done
        assert verify_audit().faults == ()
    assert done >= ROUNDS
