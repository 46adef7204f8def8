"""Killed at random moments: no change without its audit entry, no entry without its change."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from killed_program import killed

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "5"))

#: Takes crime files in for ever: new crimes, changed ones and replacements; says each that is done.
CRIMES = """
import itertools, sys
from tipstaff.domain.purposes import Purpose
from tipstaff.services.crimes import import_crimes
for n in itertools.count(int(sys.argv[1])):
    kind = "-R" if n % 3 == 2 else ""
    batch = f"DUR202601{1 + n // 9 % 28:02d}-{n // 3 % 3}{kind}"
    rows = "".join(
        f"Durham,BIAD,,{batch},{n // 3}-{i},20260101220000,20260102060000,"
        f"427000,542000,,,,{n}\\r\\n"
        for i in range(40 - 10 * (n % 3))
    )
    import_crimes(
        actor="tester", purpose=Purpose.CRIME_MATCHING, authority="", content=rows.encode()
    )
    print(n, flush=True)
"""

#: Takes one position file in; says so.
POSITIONS = """
import sys
from pathlib import Path
from tipstaff.domain.purposes import Purpose
from tipstaff.positions.mappings import mapping_digest, shipped_mapping
from tipstaff.services.positions import import_positions
print("ready", flush=True)
mapping = shipped_mapping("tipstaff")
done = import_positions(
    actor="tester", purpose=Purpose.DATA_QUALITY, authority="", path=Path(sys.argv[1]),
    mapping=mapping, reading=mapping_digest(mapping),
)
print(done.new_rows, flush=True)
"""


def assert_changes_match_entries() -> None:
    """In one snapshot: a server may still be committing what a killed client had asked for."""
    from django.db import connection, transaction

    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _assert_in_snapshot()


def _assert_in_snapshot() -> None:
    from tipstaff.records.models import AuditEntry, Batch, CrimeVersion, CrimeWithdrawal

    entries = {
        entry.extent["batch"]: entry.rows
        for entry in AuditEntry.objects.filter(use_case="import_crimes")
        if "batch" in entry.extent
    }
    changed: Counter[str] = Counter(
        {str(row): 0 for row in Batch.objects.values_list("id", flat=True)}
    )
    for model in (CrimeVersion, CrimeWithdrawal):
        changed.update(str(row) for row in model.objects.values_list("batch_id", flat=True))
    assert entries == dict(changed)


def test_killed_in_the_middle_of_crime_files(instance: Any) -> None:
    from tipstaff.records.models import Batch
    from tipstaff.services.audit import verify_audit

    chance = random.Random(f"{instance.vendor}-crimes")
    done = 0
    for _round in range(ROUNDS):
        lines = killed(CRIMES, str(done), chance.uniform(0.0, 0.3))
        done = int(lines[-1]) + 1
        assert_changes_match_entries()
        assert Batch.objects.count() >= done
        assert verify_audit().faults == ()
    assert done >= ROUNDS


def test_killed_in_the_middle_of_a_position_file(sqlite_instance: Any, tmp_path: Path) -> None:
    from tipstaff.positions.archive import Archive
    from tipstaff.records import sources
    from tipstaff.records.models import PositionSource
    from tipstaff.services.audit import verify_audit

    chance = random.Random("positions")
    archive = Archive(sqlite_instance.data / "archive")
    for number in range(ROUNDS):
        path = tmp_path / f"{number}.csv"
        rows = (f"d{n % 50},2026-01-{1 + n % 5:02d}T00:{number:02d}:{n % 60:02d}Z,54.0,-1.{n:04d}"
                for n in range(3000))  # fmt: skip
        path.write_text("\n".join(["device_id,fix_time,latitude,longitude", *rows]) + "\n")
        killed(POSITIONS, str(path), chance.uniform(0.0, 0.6))
        again = subprocess.run(
            [sys.executable, "-c", POSITIONS, str(path)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert again.stdout.split()[0] == "ready"
        assert sources.unfinished() == []
        assert PositionSource.objects.count() == number + 1
        assert sum(source.rows for source in archive.sources()) == 3000 * (number + 1)
        assert verify_audit().faults == ()


@pytest.mark.parametrize(
    "pragma", [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)]
)
def test_a_commit_is_on_the_disk(sqlite_instance: Any, pragma: tuple[str, Any]) -> None:
    from django.db import connection

    name, value = pragma
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        assert cursor.fetchone() == (value,)
