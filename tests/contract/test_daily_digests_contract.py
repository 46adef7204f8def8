"""The daily digest on both databases: once a day and force, in counts, by a real relay."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from instance_fixtures import TestInstance
from made_notices import contact, states
from stand_ins import Relay, receiving

from tipstaff.domain.daily_digests import day_of_name, days_to_tell, name_of_day, span_of
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.purposes import Purpose

DESK = Recipient.MATCH_DESK
#: A Thursday; it is winter.
DAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 27, 7, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def relay(sending_relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Relay:
    """Mails that lead somewhere."""
    monkeypatch.setenv("TIPSTAFF_WEB_URL", "https://tipstaff.example.org")
    return sending_relay


def batch(force: str = "north", at: datetime = NOON, name: str = "N-1", **other: Any) -> Any:
    """A crime file on record."""
    from tipstaff.records import forces
    from tipstaff.records.models import Batch, Force

    forces.ensure(force)
    count = Batch.objects.filter(force__identifier=force).count()
    values: dict[str, Any] = {
        "series": name, "kind": "", "digest": uuid4().hex * 2, "mode": "strict",
        "status": "accepted", "rows": 3, "accepted": 2,
    }  # fmt: skip
    return Batch.objects.create(
        force=Force.objects.get(identifier=force), batch_id=name, received_at=at,
        ordinal=count + 1, **(values | other),
    )  # fmt: skip


def desk(force: str | None = "north", address: str = "north@example.org", **other: Any) -> Any:
    return contact(DESK, address=address, force=force, **({"starts_at": LONG_AGO} | other))


def tell(now: datetime = MORNING) -> int:
    from tipstaff.services.daily_digests import tell_digests

    return tell_digests(actor="tester", purpose=Purpose.CRIME_MATCHING, authority="", now=now)


def deliver(now: datetime = MORNING) -> dict[str, int]:
    from tipstaff.services.notice_delivery import deliver_due

    return {state.value: count for state, count in deliver_due(now, 100).items()}


def days() -> list[date]:
    from tipstaff.records.models import Notice

    return [
        day_of_name(one) for one in Notice.objects.order_by("run").values_list("run", flat=True)
    ]


def test_a_force_hears_once_what_became_of_its_files(instance: TestInstance, relay: Any) -> None:
    desk()
    batch()
    batch(name="N-2", rows=10, accepted=0, status="refused", at=NOON + timedelta(hours=1))
    batch("south", name="S-1")
    assert tell() == 1
    assert tell() == 0
    assert tell(MORNING + timedelta(hours=5)) == 0
    assert deliver() == {"sent": 1}
    (mail,) = relay.taken
    assert relay.to == ["north@example.org"]
    subject = "Tipstaff digest, for information: crime files of 26 November 2026"
    assert mail["Subject"] == subject
    said = mail.get_content()
    assert "N-1: rows 3, taken 2, refused 1; crimes matched by now 0" in said
    assert "N-2: rows 10, taken 0, refused 10; crimes matched by now 0" in said
    assert said.index("N-1") < said.index("N-2")
    assert "https://tipstaff.example.org/crimes" in said
    assert "S-1" not in said
    assert deliver(MORNING + timedelta(hours=5)) == {}
    assert len(relay.taken) == 1


def test_crimes_that_were_matched_are_counted_and_nobody_is_named(
    instance: TestInstance, relay: Any
) -> None:
    from tipstaff.records import crime_lists

    desk()
    made = batch(accepted=3)
    matched_crimes(made, matched=2, others=1)
    (one,) = crime_lists.counts("north", *span_of(DAY))
    assert (one.batch_id, one.rows, one.taken, one.refused, one.matched) == ("N-1", 3, 3, 0, 2)
    tell()
    deliver()
    said = relay.taken[0].get_content()
    assert "crimes matched by now 2" in said
    assert "W1" not in said
    assert "X/" not in said


def rule_out(version: Any) -> None:
    """W1 could not have been there."""
    from tipstaff.records.models import Exclusion, Run, Wearer

    run = Run.objects.create(
        manifest="{}", parameters={}, model_version="", software_version="", data_digest="",
        started_at=NOON, finished_at=NOON,
    )  # fmt: skip
    Exclusion.objects.create(
        run=run, crime_version=version, wearer=Wearer.objects.get_or_create(reference="W1")[0],
        searched_wearers=1, decided_by=1, legacy_match=False, outcome="excluded",
    )  # fmt: skip


def matched_crimes(made: Any, *, matched: int, others: int) -> None:
    """Crimes of a batch, some of which somebody was ruled out of."""
    from tipstaff.records.models import Crime, CrimeVersion

    for n in range(matched + others):
        crime = Crime.objects.create(force=made.force, reference=f"X/{n}")
        version = CrimeVersion.objects.create(
            crime=crime, version=1, batch=made, crime_type="burglary", start=NOON, end=NOON,
            rounding_m=1.0, recorded_at=NOON,
        )  # fmt: skip
        if n < matched:
            rule_out(version)


def test_no_digest_where_nothing_came_or_nobody_is_to_be_told(instance: TestInstance) -> None:
    desk()
    desk("east", "east@example.org")
    batch("south")
    batch(at=NOON - timedelta(days=1))
    assert tell() == 0
    assert states() == []


def test_a_contact_that_was_withdrawn_is_told_nothing(instance: TestInstance, relay: Any) -> None:
    from tipstaff.records import notice_contacts

    ref = desk()
    batch()
    notice_contacts.end(ref, at=MORNING - timedelta(hours=1), by=uuid4(), reason="left")
    assert tell() == 0
    # one that is withdrawn between queueing and sending is told nothing either, and it is loud
    other = desk(address="other@example.org")
    assert tell() == 1
    notice_contacts.end(other, at=MORNING, by=uuid4(), reason="left")
    assert deliver() == {"dead": 1}
    assert states() == [("daily_digest", "dead", "NO_CONTACT")]
    assert relay.taken == []


def test_a_contact_hears_of_no_day_from_before_it_was_one(instance: TestInstance) -> None:
    desk(starts_at=datetime(2026, 11, 27, 6, tzinfo=UTC))
    batch()
    assert tell() == 0


def test_days_on_which_no_worker_ran_are_told_once_and_late(instance: TestInstance) -> None:
    desk()
    for n in (0, 1, 3):
        batch(at=NOON + timedelta(days=n), name=f"N-{n}")
    assert tell() == 1
    later = MORNING + timedelta(days=4)
    assert tell(later) == 2
    assert tell(later) == 0
    assert days() == [DAY, DAY + timedelta(days=1), DAY + timedelta(days=3)]


def test_the_first_digest_tells_of_yesterday_alone(instance: TestInstance) -> None:
    desk()
    for n in range(5):
        batch(at=NOON - timedelta(days=n), name=f"N-{n}")
    assert tell() == 1
    assert days() == [DAY]


@pytest.mark.parametrize(
    ("day", "hours", "first", "last"),
    [
        (date(2026, 3, 29), 23, "2026-03-29T00:00Z", "2026-03-29T22:59Z"),
        (date(2026, 10, 25), 25, "2026-10-24T23:00Z", "2026-10-25T23:59Z"),
        (date(2026, 7, 1), 24, "2026-06-30T23:00Z", "2026-07-01T22:59Z"),
    ],
)
def test_days_are_those_of_the_clock_also_where_it_changes(
    instance: TestInstance, day: date, hours: int, first: str, last: str
) -> None:
    from tipstaff.records import crime_lists

    start, end = span_of(day)
    assert end - start == timedelta(hours=hours)
    at = [datetime.fromisoformat(one) for one in (first, last)]
    desk()
    for n, instant in enumerate([at[0] - timedelta(minutes=1), *at, at[1] + timedelta(minutes=1)]):
        batch(at=instant, name=f"N-{n}")
    assert [one.batch_id for one in crime_lists.counts("north", start, end)] == ["N-1", "N-2"]
    assert tell(end + timedelta(hours=7)) == 1
    assert tell(end + timedelta(hours=8)) == 0
    assert tell(end + timedelta(hours=31)) == 1
    assert days() == [day, day + timedelta(days=1)]


def test_a_day_is_over_by_the_clock(instance: TestInstance) -> None:
    desk()
    batch(at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    # 22:30 UTC is half past eleven in the evening, 23:30 UTC after midnight
    assert tell(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == 0
    assert tell(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == 1


def test_a_program_of_the_force_is_told_in_counts(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with receiving() as receiver:
        secret = base64.b64encode(b"a secret of at least 24 bytes").decode()
        file = tmp_path / "secrets.toml"
        file.write_text(f'"{receiver.url}" = "whsec_{secret}"\n')
        file.chmod(0o600)
        monkeypatch.setenv("TIPSTAFF_WEBHOOK_SECRETS_FILE", str(file))
        desk(address=f"{receiver.url}/digest", means=Means.WEBHOOK)
        batch()
        tell()
        assert deliver() == {"delivered": 1}
        (post,) = receiver.posts
    told = json.loads(post.body)
    assert told["type"] == "crimes.digest"
    assert told["data"]["digest"] == {
        "force": "north", "day": "2026-11-26",
        "files": [{"batch_id": "N-1", "rows": 3, "taken": 2, "matched": 0, "refused": 1}],
    }  # fmt: skip


def test_it_is_in_the_list_of_notices_by_its_day(
    instance: TestInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    from tipstaff.cli.notices import _print
    from tipstaff.services.notices import list_notices

    desk()
    batch()
    tell()
    lines = list_notices(actor="tester", purpose=Purpose.SYSTEM_ADMINISTRATION, authority="")
    ((run, day, wearer),) = [(one.run, one.day, one.wearer) for one in lines]
    assert (run, day, wearer) == (None, DAY, "")
    _print(list(lines))
    assert "crime files of 2026-11-26  daily_digest to match_desk" in capsys.readouterr().out


def test_that_one_did_not_get_through_is_told_to_the_shift_lead(
    instance: TestInstance, relay: Any
) -> None:
    relay.answers["north@example.org"] = "550 5.1.1 no such"
    desk()
    contact(Recipient.SHIFT_LEAD, address="lead@example.org", starts_at=LONG_AGO)
    batch()
    tell()
    assert deliver() == {"dead": 1}
    deliver(MORNING + timedelta(minutes=1))
    (mail,) = relay.taken
    assert relay.to == ["lead@example.org"]
    assert "The daily digest did not reach the force's match desk" in mail.get_content()
    assert tell(MORNING + timedelta(hours=1)) == 0


def test_it_is_done_by_the_worker_from_seven_by_the_clock() -> None:
    from tipstaff.services.chores import CHORES

    (chore,) = [one for one in CHORES if one.name == "digests"]
    summer = datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert chore.rhythm.due_at(summer - timedelta(days=1), MORNING) == summer
    autumn = datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert chore.rhythm.due_at(autumn, MORNING) == datetime(2026, 10, 25, 7, tzinfo=UTC)


def test_names_of_days_and_the_days_to_tell() -> None:
    assert day_of_name(name_of_day(DAY)) == DAY
    with pytest.raises((ValueError, OverflowError)):
        day_of_name(uuid4())
    assert days_to_tell(DAY, MORNING) == []
    assert days_to_tell(DAY - timedelta(days=2), MORNING) == [DAY - timedelta(days=1), DAY]
    assert len(days_to_tell(DAY - timedelta(days=400), MORNING)) == 14
