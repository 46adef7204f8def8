"""A match killed at random moments: no run without its audit entry, no answers without a run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from instance_fixtures import TestInstance
from program import done, tipstaff

ROUNDS = max(3, int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "3")) // 20)

#: Says when everything is read and the run is about to be recorded; then records it.
MATCH = """
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.purposes import Purpose
from tipstaff.services import matching, run_folder

kept = run_folder.keep
def telling(*given):
    print("keeping", flush=True)
    return kept(*given)
run_folder.keep = telling
done = matching.match_batch(
    actor="tester", purpose=Purpose.DEMONSTRATION, authority="simulated", batch="all",
    every=True, everybody=True, error=ERROR_MODEL_SIMULATED,
)
print(done.run_id, flush=True)
"""
WHY = ("--purpose", "demonstration")


def kill_while_recording(delay_s: float) -> str:
    """Kill a match so long after it begins to record; the run's id if it said so before."""
    child = subprocess.Popen([sys.executable, "-c", MATCH], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child, child.stdout as out:
        assert out.readline() == "keeping\n"
        time.sleep(delay_s)
        child.send_signal(signal.SIGKILL)
        return out.read().strip()


def test_a_run_and_its_entry_are_there_together_or_not_at_all(
    sqlite_instance: TestInstance, world: Path
) -> None:
    data = sqlite_instance.data
    done("import", "activations", world / "activations.csv", *WHY, data=data)
    done("import", "positions", world / "positions.parquet", *WHY, data=data)
    done("import", "crimes", *sorted((world / "crimes").iterdir()), *WHY, data=data)
    chance = random.Random(7)
    said = [kill_while_recording(chance.uniform(0, 0.3)) for _round in range(ROUNDS)]
    said.append(kill_while_recording(5))  # long enough to end by itself
    _check(data, {run for run in said if run})
    assert said[-1]
    verified = tipstaff("audit", "verify", data=data)
    # killed between an entry's sealing and its head, a head is missing, and that is said
    told = [line for line in verified.stderr.splitlines() if line.strip()]
    assert "The chain holds." in verified.stdout or told
    if told:
        *missing, said_last = told
        assert all("heads: one is missing before" in line for line in missing), told
        assert "The chain holds by itself" in said_last
        assert missing


def _check(data: Path, said: set[str]) -> None:
    from tipstaff.records.models import AuditEntry, Candidate, Exclusion, Run

    runs = {str(run) for run in Run.objects.values_list("id", flat=True)}
    entries = AuditEntry.objects.filter(use_case="match")
    served = [e.extent["run"] for e in entries if e.phase == "served"]
    assert sorted(served) == sorted(runs)
    assert said <= runs
    assert sum(e.phase == "requested" for e in entries) == ROUNDS + 1
    for run in runs:
        entry = next(e for e in entries if e.phase == "served" and e.extent["run"] == run)
        answers = sum(model.objects.filter(run_id=run).count() for model in (Candidate, Exclusion))
        assert entry.rows == answers > 0
        assert (data / "runs" / run / "run.facts.parquet").is_file()
