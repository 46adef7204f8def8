"""A withdrawn exclusion is told to the force's match desk, or loudly is not; about nobody."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from instance_fixtures import TestInstance
from made_notices import contact, made_wearer
from made_notices import queued as an_alerts
from searched_instance import WHO, crime, fill, matched, send, tagged

from tipstaff.domain.protocols import Means, Recipient

CRIME = crime("burglary")


def withdrawn(tmp_path: Path) -> Any:
    """W2 was cleared by a trail some kilometres off; what comes late puts them at the scene."""
    from tipstaff.services.pending import pending

    fill(tmp_path, [tagged("W1"), tagged("W2", at=())], [CRIME])
    send(tmp_path, "D-W2", 0.05)
    assert matched() is not None
    send(tmp_path, "D-W2", 0.0, half=1)
    found = pending(**WHO)
    assert len(found.loud) == 1
    return found


def deliver() -> dict[str, int]:
    from tipstaff.services.notice_delivery import deliver_due

    return {s.value: count for s, count in deliver_due(datetime.now(UTC)).items()}


def queued() -> list[tuple[Any, ...]]:
    from tipstaff.records.models import Notice

    rows = Notice.objects.order_by("step", "means")
    return list(rows.values_list("step", "recipient", "means", "state", "reason"))


def test_the_match_desk_is_told_and_nothing_in_it_is_about_a_person(
    instance: TestInstance, tmp_path: Path, sending_relay: Any, caplog: pytest.LogCaptureFixture
) -> None:
    contact(Recipient.MATCH_DESK, address="desk@example.org", force=CRIME.force)
    contact(Recipient.MATCH_DESK, address="elsewhere@example.org", force="other-force")
    with caplog.at_level(logging.ERROR, logger="tipstaff"):
        found = withdrawn(tmp_path)
    (run_id,) = found.runs
    assert deliver() == {"sent": 1}
    assert deliver() == {}
    assert sending_relay.to == ["desk@example.org"]
    mail = sending_relay.taken[0]
    said = f"{mail['Subject']}\n{mail.get_content()}"
    assert mail["Subject"] == "Tipstaff match, high: an exclusion was WITHDRAWN"
    assert f"Reference: run {run_id}." in said
    assert "must be told otherwise" in said
    assert f"run {run_id} withdrew 1 exclusions" in caplog.text
    for canary in ("W2", "D-W2", CRIME.reference, "burglary"):
        assert canary not in said
        assert canary not in caplog.text


def test_without_a_match_desk_the_shift_lead_hears_that_nobody_was_told(
    instance: TestInstance, tmp_path: Path, sending_relay: Any
) -> None:
    contact(Recipient.SHIFT_LEAD, address="lead@example.org", force=CRIME.force)
    withdrawn(tmp_path)
    assert deliver()["dead"] == 1
    deliver()
    assert queued() == [
        ("exclusion_withdrawn", "match_desk", "email", "dead", "NO_CONTACT"),
        ("undelivered", "shift_lead", "email", "sent", ""),
    ]
    assert sending_relay.to == ["lead@example.org"]
    assert "did not reach the force's match desk" in " ".join(
        sending_relay.taken[0].get_content().split()
    )


def test_a_run_is_told_of_once_and_by_every_means_that_there_is(instance: TestInstance) -> None:
    from django.db import transaction

    from tipstaff.matching.changes import Change, Changed
    from tipstaff.services.withdrawn_told import tell_withdrawn

    contact(Recipient.MATCH_DESK, address="desk@example.org", force="north")
    contact(Recipient.MATCH_DESK, Means.TEXT, "07700900123")
    run_id, now = uuid4(), datetime.now(UTC)

    def changed(force: str, kind: Change) -> Changed:
        return Changed(kind, (force, "X/1", 1), "W1", "excluded", "candidate", "", "", None, None)

    told = [changed("north", Change.EXCLUSION_WITHDRAWN), changed("south", Change.NEW_CANDIDATE)]
    with transaction.atomic():
        assert tell_withdrawn(run_id, told, now) == 2
        assert tell_withdrawn(run_id, told, now) == 0
        assert tell_withdrawn(uuid4(), told[1:], now) == 0
    assert [means for _s, _r, means, *_rest in queued()] == ["email", "text"]


def test_what_such_a_notice_says_is_never_changed(instance: TestInstance) -> None:
    from django.db import DatabaseError, transaction

    from tipstaff.matching.changes import Change, Changed
    from tipstaff.records.models import Notice
    from tipstaff.services.withdrawn_told import tell_withdrawn

    kind = Change.EXCLUSION_WITHDRAWN
    told = Changed(kind, ("north", "X/1", 1), "W1", "excluded", "candidate", "", "", None, None)
    with transaction.atomic():
        tell_withdrawn(uuid4(), [told], datetime.now(UTC))
    for column, value in (("run", uuid4()), ("force", None), ("severity", 1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.update(**{column: value})


def test_they_are_listed_and_sent_again_like_others(
    instance: TestInstance, tmp_path: Path, sending_relay: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    from tipstaff.cli.runs import runs
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.notices import list_notices, retry_notice

    found = withdrawn(tmp_path)
    assert deliver()["dead"] == 1
    who = {**WHO, "authority": ""}
    (line,) = list_notices(**who, dead=True)
    assert (line.run, line.wearer, line.subject_ref) == (found.runs[0], "", None)
    contact(Recipient.MATCH_DESK, address="desk@example.org")
    assert not retry_notice(**who, notice=UUID(str(line.ref)), reason="a desk is set up").problems
    assert deliver() == {"sent": 1}
    assert sending_relay.to == ["desk@example.org"]
    capsys.readouterr()
    with pytest.raises(typer.Exit) as ended:
        runs(Purpose.CRIME_MATCHING, changes=str(line.run))
    assert ended.value.exit_code == 5
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head.startswith("change,force,crime_reference")
    assert first.startswith("exclusion_withdrawn,")
    assert ",W2," in first
    with pytest.raises(typer.Exit) as nothing:
        runs(Purpose.CRIME_MATCHING, changes=str(uuid4()))
    assert nothing.value.exit_code == 2


def test_of_whom_few_may_see_the_desk_is_told_whoever_ran_it(
    instance: TestInstance, tmp_path: Path, sending_relay: Any
) -> None:
    """The account that matches is not cleared and sees nothing of it; the desk hears of it."""
    from tipstaff.services.pending import pending

    contact(Recipient.MATCH_DESK, address="desk@example.org")
    people = [tagged("W1"), tagged("L1", at=(), limited_access=True)]
    fill(tmp_path, people, [CRIME])
    send(tmp_path, "D-L1", 0.05)
    assert matched() is not None
    send(tmp_path, "D-L1", 0.0, half=1)
    found = pending(**WHO)
    assert (found.loud, found.runs) == ((), ())
    assert deliver() == {"sent": 1}
    assert "L1" not in sending_relay.taken[0].as_string()


def test_notices_from_before_are_kept_and_stay_guarded(instance: TestInstance) -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, transaction

    from tipstaff.records.models import Notice
    from tipstaff.records.outbox import queue

    assert queue([an_alerts(made_wearer())]) == 1
    call_command("migrate", "records", "0017", verbosity=0)
    call_command("migrate", "records", verbosity=0)
    (row,) = Notice.objects.all()
    assert (row.run, row.force_id, row.wearer.reference) == (None, None, "W1")
    for column, value in (("run", uuid4()), ("severity", 1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.update(**{column: value})
