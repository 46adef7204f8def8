"""A commit is on the disk before it is told: settings asserted, and waits for the disk counted."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from counted_syncs import BEGIN, END, can_watch, synced

SUPPORT = Path(__file__).resolve().parents[1] / "support"

#: One change, by the use case; with `lax` SQLite does not wait for the disk.
ONE_CHANGE = f"""
import os, sys
sys.path.insert(0, {str(SUPPORT)!r})
import tipstaff.services
from django.db import connection
from made_cases import wearer
from tipstaff.domain.purposes import Purpose
from tipstaff.services.cases import record_wearer
who = dict(actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority="")
record_wearer(**who, wearer=wearer("W0"))
if sys.argv[1] == "lax":
    connection.cursor().execute("PRAGMA synchronous=NORMAL")
def mark(number):
    try:
        os.close(number)
    except OSError:
        pass
mark({BEGIN})
record_wearer(**who, wearer=wearer("W1"))
mark({END})
"""


def waits(mode: str) -> Counter[str]:
    """How often each file was waited for in one change."""
    return Counter(synced([sys.executable, "-c", ONE_CHANGE, mode], dict(os.environ)))


@pytest.mark.skipif(not can_watch(), reason="system calls are watched on Linux, x86-64, alone")
def test_each_commit_of_a_change_waits_for_the_disk(sqlite_instance: Any) -> None:
    from tipstaff.settings import load

    try:
        strict, lax = waits("strict"), waits("lax")
    except PermissionError:
        pytest.skip("no process may watch its child here")
    heads = load().audit_heads_file.name
    # The change with its entry, and the chaining of the entry: a commit each, then the head's line.
    assert strict["records.sqlite3-wal"] == 2
    assert strict[heads] == 1
    assert lax["records.sqlite3-wal"] == 0, "or the count above would say nothing"


def test_a_transaction_takes_the_write_lock_as_it_begins(sqlite_instance: Any) -> None:
    from django.db import transaction

    other = sqlite3.connect(sqlite_instance.data / "records.sqlite3", timeout=0)
    with transaction.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.parametrize(
    "instance", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_postgresql_waits_too(instance: Any) -> None:
    """The server's own `fsync` is off in these tests: what they hold is not worth it."""
    from django.db import connection

    for name in ("synchronous_commit", "full_page_writes"):
        with connection.cursor() as cursor:
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",), name
