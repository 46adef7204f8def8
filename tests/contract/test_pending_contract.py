"""Late data and the crimes already matched: exactly what rests on them is matched again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from instance_fixtures import TestInstance
from made_accounts import clear
from searched_instance import (
    SCENE,
    START,
    WHO,
    crime,
    fill,
    licence,
    matched,
    record_crimes,
    report,
    send,
    tagged,
)

from tipstaff.domain.crimes import Crime
from tipstaff.domain.orders import OrderStatus
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


def rows_of(run_id: UUID) -> list[Any]:
    """The answers of a run, coded."""
    from tipstaff.records import runs

    return [*runs.candidates(run_id), *runs.exclusions(run_id)]


def revoke(name: str) -> None:
    """The order is on record as revoked for all its time: nobody might be searched by it."""
    from django.db import transaction

    from tipstaff.records import cases

    revoked = replace(licence(name), status=OrderStatus.REVOKED)
    with transaction.atomic():
        cases.record([cases.Told(revoked, revoked.starts_at)], at=datetime.now(UTC), by=uuid4())


def withdraw(gone: Crime) -> None:
    """A replacement of the crime's batch left it out."""
    from django.db import transaction

    from tipstaff.records import crimes
    from tipstaff.records.models import Batch

    with transaction.atomic():
        crimes.withdraw(Batch.objects.get(batch_id=gone.batch).id, [gone.key], START)


def test_a_withdrawn_exclusion_is_loud(instance: TestInstance, tmp_path: Path) -> None:
    """Cleared by a trail some kilometres off; what comes late says that they were at the scene."""
    from tipstaff.services.matching import RunTables, run_tables
    from tipstaff.services.pending import list_changes

    people = [tagged("W1"), tagged("W2", at=())]
    fill(tmp_path, people, CRIMES[:1])
    send(tmp_path, "D-W2", 0.05)
    first = matched()
    told = {r["wearer_id"]: r["outcome"] for r in rows_of(first.run_id)}
    assert told["W2"] == Outcome.EXCLUDED
    send(tmp_path, "D-W2", 0.0, half=1)
    found = pending()
    assert [(c.kind, c.wearer) for c in found.loud] == [(Change.EXCLUSION_WITHDRAWN, "W2")]
    assert found.changed[0] == found.loud[0]
    assert found.loud[0].outcome_after != Outcome.EXCLUDED
    run_id = found.runs[-1]
    listed = list_changes(**WHO, run_id=run_id)
    assert listed is not None
    assert listed[0] == found.loud[0]
    tables = run_tables(**WHO, run_id=run_id)
    assert isinstance(tables, RunTables)
    assert tables.manifest["renews"]["runs"] == [str(first.run_id)]
    (about,) = tables.crimes.to_pylist()
    told_now = [r["outcome"] for r in tables.results.to_pylist()]
    assert about["candidates"] == told_now.count(Outcome.CANDIDATE)
    assert about["searched_wearers"] == 2
    assert {r["wearer_id"]: r["outcome"] for r in rows_of(first.run_id)} == told
    assert {r["wearer_id"]: r["outcome"] for r in rows_of(run_id)}["W2"] != Outcome.EXCLUDED


def test_whoever_may_no_longer_be_searched_is_not(instance: TestInstance, tmp_path: Path) -> None:
    """The law is asked anew; what was usual is then another background, and all is made again."""
    fill(tmp_path, [tagged("W1"), tagged("W2")], CRIMES[:1])
    first = matched()
    revoke("W2")
    found = pending()
    assert found.new_backgrounds == 1
    assert [(c.kind, c.wearer) for c in found.changed if c.wearer == "W2"] == [
        (Change.NO_LONGER_SEARCHED, "W2")
    ]
    assert {r["wearer_id"] for r in rows_of(found.runs[0])} == {"W1"}
    assert {r["wearer_id"] for r in rows_of(first.run_id)} == {"W1", "W2"}
    assert pending().pairs == 0


def test_late_fixes_of_other_days_are_no_evidence(instance: TestInstance, tmp_path: Path) -> None:
    """They would change what is usual; that stays as it was known."""
    fill(tmp_path, [tagged("W1"), tagged("W2")], CRIMES[:1])
    matched()
    report(tmp_path, [tagged("W1", at=(START - timedelta(days=8),))])
    found = pending()
    assert (found.pairs, found.runs, found.new_backgrounds) == (0, (), 0)


def test_a_corrected_crime_is_matched_again_and_a_withdrawn_one_falls(
    instance: TestInstance, tmp_path: Path
) -> None:
    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], CRIMES)
    matched()
    corrected = crime("burglary", version=2, latitude=SCENE[0] + 0.02, batch="DBY20260116")
    record_crimes([corrected])
    found = pending()
    # the other crime was linked by its place, and its days were left out of what is usual
    assert found.crimes == (corrected.key, CRIMES[1].key)
    assert {c.wearer for c in found.changed} >= {"W1"}
    assert pending().pairs == 0
    withdraw(corrected)
    fell = pending()
    assert fell.withdrawn == (corrected.key,)
    assert (pending().standing, pending().withdrawn) == (1, ())


def test_a_new_match_of_the_batch_takes_its_place(instance: TestInstance, tmp_path: Path) -> None:
    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], CRIMES)
    matched()
    report(tmp_path, [tagged("W2", at=(START,))])
    matched()
    found = pending()
    assert (found.standing, found.pairs) == (2, 0)


def test_an_erased_wearer_is_in_no_answer_and_no_background(
    instance: TestInstance, tmp_path: Path
) -> None:
    from django.db import transaction

    from tipstaff.records import pending as records
    from tipstaff.records import personal_data
    from tipstaff.records.models import Wearer

    fill(tmp_path, [tagged("W1"), tagged("W2")], CRIMES[:1])
    matched()
    gone = Wearer.objects.get(reference="W2").id
    counted = personal_data.count_person(gone)
    assert (counted["backgroundmember"], counted["restingevidence"]) == (1, 1)
    with transaction.atomic():
        personal_data.erase_person(gone)
    found = pending()
    assert found.new_backgrounds == 1
    assert {r["wearer_id"] for r in rows_of(found.runs[0])} == {"W1"}
    (fact,) = records.backgrounds()
    assert set(records.members(fact.background_id)) == {"W1"}
    assert (pending().pairs, pending().new_backgrounds) == (0, 0)


def test_what_was_matched_meanwhile_stands(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another match ends while the pending answers are made: the newer ones are not displaced."""
    from tipstaff.records import pending as records
    from tipstaff.services import pending as service
    from tipstaff.services.renewing import renew

    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], CRIMES[:1])
    matched()
    report(tmp_path, [tagged("W2", at=(START,))])
    newer: list[UUID] = []

    def slowly(looked: Any) -> Any:
        made = renew(looked)
        newer.append(matched().run_id)
        return made

    monkeypatch.setattr(service, "renew", slowly)
    with pytest.raises(service.MatchedMeanwhileError):
        pending()
    (fact,) = records.backgrounds()
    assert [each.run_id for each in records.standing(fact.background_id)] == newer


def test_answers_about_limited_wearers_are_told_to_the_cleared_alone(
    instance: TestInstance, tmp_path: Path
) -> None:
    people = [tagged("W1"), tagged("L1", at=(), limited_access=True)]
    fill(tmp_path, people, CRIMES[:1])
    matched()
    report(tmp_path, [tagged("L1", at=(START,))])
    found = pending(dry_run=True)
    assert (found.pairs, found.crimes) == (0, ())
    clear(instance.actor)
    assert pending(dry_run=True).pairs == 1
    seen = pending()
    assert [(c.kind, c.wearer) for c in seen.changed] == [(Change.NEW_CANDIDATE, "L1")]
    assert pending().pairs == 0
    from tipstaff.services.runs import list_reserved

    assert seen.runs[0] in {line.run_id for line in list_reserved(**WHO)}
