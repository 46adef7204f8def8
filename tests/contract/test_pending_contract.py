"""Late data and the crimes already matched: exactly what rests on them is matched again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from instance_fixtures import TestInstance
from searched_instance import START, WHO, crime, fill, matched, report, tagged

from tipstaff.matching.changes import Change
from tipstaff.matching.outcomes import Outcome

OTHER_DAY = START + timedelta(days=9)
CRIMES = [crime("burglary"), crime("later", start=OTHER_DAY, end=OTHER_DAY + timedelta(minutes=30))]


def pending(**options: Any) -> Any:
    from tipstaff.services.pending import pending as again

    return again(**(WHO | options))


def test_nothing_is_pending_where_nothing_came(instance: TestInstance, tmp_path: Path) -> None:
    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], CRIMES)
    assert matched() is not None
    found = pending()
    assert (found.standing, found.pairs, found.crimes, found.runs) == (2, 0, (), ())


def test_a_late_visit_makes_a_candidate_of_that_crime_alone(
    instance: TestInstance, tmp_path: Path
) -> None:
    """One device's fixes of one evening: one crime, one wearer, and no more the second time."""
    late = tagged("W2", at=())
    fill(tmp_path, [tagged("W1", at=(START, OTHER_DAY)), late], CRIMES)
    first = matched()
    report(tmp_path, [tagged("W2", at=(START,))])
    told = pending(dry_run=True)
    assert (told.pairs, [key[1] for key in told.crimes], told.runs) == (1, ["burglary"], ())
    found = pending()
    assert (found.pairs, [key[1] for key in found.crimes]) == (1, ["burglary"])
    assert [(c.kind, c.wearer) for c in found.changed] == [(Change.NEW_CANDIDATE, "W2")]
    assert found.changed[0].outcome_before == Outcome.NOT_MONITORABLE
    again = pending()
    assert (again.pairs, again.runs, again.changed) == (0, (), ())
    assert found.runs != (first.run_id,)
