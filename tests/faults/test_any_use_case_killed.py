"""Any use case killed in the middle: no change without its entry, no entry without its change.

Each use case that changes something is carried out once to its end, and the state of the records
after each of its commits noted. Then it is killed, on a fresh copy, at random moments (before any
statement, before and after a commit, at a change of a file): what is left must be one of the states
that were noted. That no commit of any use case holds a change without an entry is seen in the same
notes. Contents are told by counts of rows and of values in each column.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from changing_calls import CALLS, furnish, names
from instance_fixtures import TestInstance, _administer, _close_django
from killed_moments import Counts, state_of

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "20"))
SUPPORT = Path(__file__).resolve().parents[1] / "support"
ENTRIES = "records_auditentry"
#: What belongs to the log itself: the chain's head, and keys of what is said in it of a person.
OF_THE_LOG = {ENTRIES, "records_subjectkey"}


@dataclass
class Noted:
    """What one use case did, carried out to its end."""

    name: str
    moments: int
    states: list[Counts]
    told: str

    @property
    def changes(self) -> bool:
        """Whether any commit changed something beside the log."""
        return any(changed(a, b) for a, b in zip(self.states, self.states[1:], strict=False))


def changed(before: Counts, after: Counts) -> set[str]:
    """The tables that a commit changed, those of the log left out."""
    return {table for table in after if before[table] != after[table]} - OF_THE_LOG


@contextmanager
def program(warm: TestInstance) -> Iterator[Callable[..., int]]:
    """The program that is killed; what asks it for one job tells by which signal that ended."""
    child = subprocess.Popen(
        [sys.executable, str(SUPPORT / "killed_moments.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"TIPSTAFF_DATA": str(warm.data), "TIPSTAFF_DATABASE": warm.database},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "ready\n"

        def job(name: str, at: TestInstance, moment: int, trace: str = "") -> int:
            told = {"name": name, "moment": moment, "trace": trace}
            where = {"data": str(at.data), "database": at.database}
            print(json.dumps(told | where), file=child.stdin, flush=True)
            return int(child.stdout.readline())  # type: ignore[union-attr]

        yield job
        child.stdin.close()


def copied(of: TestInstance, folder: Path) -> TestInstance:
    """A fresh copy of an instance that nobody has open."""
    data, database = folder / uuid4().hex / "var", of.database
    shutil.copytree(of.data, data)
    if of.vendor == "postgresql":
        server, _, options = of.database.partition("@/")
        name, _, host = options.partition("?")
        fresh = f"t{uuid4().hex}"
        _administer(f"{server}@/DATABASE?{host}", f'CREATE DATABASE "{fresh}" TEMPLATE "{name}"')
        database = f"{server}@/{fresh}?{host}"
    return TestInstance(of.vendor, data, database)


def noted(job: Callable[..., int], name: str, of: TestInstance, folder: Path) -> Noted:
    """Carry a use case out to its end, on a copy."""
    trace = folder / "trace.json"
    assert job(name, copied(of, folder), 0, str(trace)) == 0
    return Noted(name, **json.loads(trace.read_text()))


def test_killed_in_the_middle_of_any_use_case(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.audit import verify_audit

    furnish()
    _close_django()
    chance = random.Random(f"{instance.vendor}-any")
    rounds = ROUNDS if instance.vendor == "sqlite" else max(4, ROUNDS // 4)
    with program(copied(instance, tmp_path)) as job:
        wanted = names() if instance.vendor == "sqlite" else sorted(CALLS)[::6]
        done = [noted(job, name, instance, tmp_path) for name in wanted]
        assert {n.name for n in done if commits_without_an_entry(n)} == IN_PIECES & set(wanted)
        broken = {n.name: n.told for n in done if n.name in CALLS and n.told}
        assert not broken, "\n".join(f"{n}: {t.splitlines()[-1]}" for n, t in broken.items())
        changing = [n for n in done if n.changes]
        assert {n.name for n in changing} >= set(wanted) & (set(CALLS) - UNCHANGED)
        chance.shuffle(changing)
        for number in range(rounds):
            one = changing[number % len(changing)]
            copy = copied(instance, tmp_path)
            assert job(one.name, copy, chance.randint(1, one.moments)) == signal.SIGKILL
            left = state_of(copy.data, copy.database)
            assert left in one.states, one.name
            assert verified(copy, monkeypatch, verify_audit) == (), one.name
            shutil.rmtree(copy.data.parent)


#: Work across stores goes on in pieces, by an intent that says who decided it and why: `requested`
#: stands before the first, each person's own entry with the last. `test_erasure_killed` has it.
#: Whoever monitors takes the shard's next number first, which is about nobody.
IN_PIECES = {"retention.erase_wearer", "live_work.monitor"}
#: Calls of the table that refuse, or find nothing to do, by design.
UNCHANGED = {"fittings refused", "retention.run_retention"}


def commits_without_an_entry(one: Noted) -> list[set[str]]:
    """What was changed by commits that wrote no entry."""
    return [
        tables
        for before, after in zip(one.states, one.states[1:], strict=False)
        if (tables := changed(before, after)) and before[ENTRIES][0] == after[ENTRIES][0]
    ]


def verified(copy: TestInstance, monkeypatch: pytest.MonkeyPatch, verify: Any) -> tuple[Any, ...]:
    """What is wrong with the chain of what was left, looked at as the next process would."""
    from instance_fixtures import _connect_django

    monkeypatch.setenv("TIPSTAFF_DATA", str(copy.data))
    monkeypatch.setenv("TIPSTAFF_DATABASE", copy.database)
    _connect_django()
    faults: tuple[Any, ...] = verify().faults
    _close_django()
    return faults
