"""What live monitoring watches, read from records on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from made_accounts import second_local
from made_cases import absence, consent, curfew, decision, order, utc, voluntary, wearer, zone
from made_devices import WHO, codes, described, name, registered

from tipstaff.domain.activations import Activation
from tipstaff.domain.consents import WithdrawnBy
from tipstaff.domain.devices import DeviceKind
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period, from_micros
from tipstaff.domain.wearers import Address
from tipstaff.domain.zones import Place
from tipstaff.monitoring.compile import compile_watches
from tipstaff.monitoring.lives import Life, Lifetime, address_of_unit, units_of
from tipstaff.monitoring.parameters import PARAMETERS_V1

NOW = utc("2026-02-03")
UNIT = ("acme", "h1")
NIGHT = (curfew(rows=("Mon 22:00-06:00 home",)),)


def lives(now: datetime = NOW, **other: Any) -> list[Life]:
    from tipstaff.records.live_lives import lives_on_record

    return lives_on_record(now, **other)


def one(now: datetime = NOW, **other: Any) -> Life:
    (found,) = lives(now, **other)
    return found


def people(*references: str, **other: Any) -> None:
    from tipstaff.services.cases import record_wearer

    for reference in references:
        assert record_wearer(**WHO, wearer=wearer(reference, **other)).problems == ()


def ordered(made: Any, **other: Any) -> None:
    from tipstaff.services.cases import record_order

    done = record_order(**WHO, order=made, **other)
    assert done.problems == ()


def wore(
    activation: str = "A1",
    device: str = "D1",
    whom: str = "W1",
    *,
    start: str = "2026-01-05",
    end: str = "2999-12-12",
) -> Any:
    from tipstaff.services.activations import import_activations

    fact = Activation(activation, device, whom, utc(start), utc(end), 1)
    return import_activations(**WHO, supplier="acme", incoming=[fact])


def subject(reference: str = "W1") -> Any:
    from tipstaff.records.wearers import subject_refs

    (found,) = subject_refs([reference])
    return found


def watched(life: Life, start: str, end: str, known_at: datetime | None = None) -> list[str]:
    """`O1/c1 01-05 19:00 > 01-06 07:00`, a line a period."""
    during = Period(utc(start), utc(end))
    found = compile_watches(life.demands, during, known_at or utc("2027-01-01"), PARAMETERS_V1)
    assert found.problems == ()
    return sorted(
        f"{watch.condition} {_told(period[0])} > {_told(period[1])}"
        for watch in found.watches
        for period in watch.periods
    )


def _told(micros: int) -> str:
    return from_micros(micros).strftime("%m-%d %H:%M")


def test_a_life_is_an_activation_and_keeps_its_reference_when_corrected(instance: Any) -> None:
    people("W1", "W2")
    ordered(order())
    wore()
    first = one()
    assert (first.wearer, first.supplier, first.device_id) == (subject(), "acme", "D1")
    assert first.period == Lifetime(utc("2026-01-05"))
    assert one().stamp == first.stamp
    wore(end="2026-02-02")
    ended = one()
    assert ended.life == first.life
    assert ended.stamp != first.stamp
    assert ended.period == Lifetime(utc("2026-01-05"), utc("2026-02-02"))
    assert lives(utc("2026-02-04")) == []
    assert len(lives(utc("2026-02-04") - timedelta(microseconds=1))) == 1
    wore(whom="W2", end="2026-02-02")
    other = one()
    assert other.life != first.life
    assert other.wearer == subject("W2")


def test_what_was_known_at_an_instant_is_loaded_as_it_was_known(instance: Any) -> None:
    people("W1")
    ordered(order())
    wore()
    before = datetime.now(NOW.tzinfo)
    first = one(known_at=before)
    wore(end="2026-02-02")
    ordered(order(conditions=(zone(),)), valid_from=utc("2026-01-20"))
    assert one(known_at=before).period == first.period
    assert one(known_at=before).stamp == first.stamp
    assert watched(one(known_at=before), "2026-01-20", "2026-01-21") == [
        "O1/c1 01-20 00:00 > 01-20 07:00",
        "O1/c1 01-20 19:00 > 01-21 00:00",
    ]
    assert watched(one(), "2026-01-20", "2026-01-21") == ["O1/z1 01-20 00:00 > 01-21 00:00"]


def test_only_the_wearers_asked_for(instance: Any) -> None:
    people("W1", "W2")
    wore()
    wore("A2", "D2", "W2")
    assert {life.device_id for life in lives()} == {"D1", "D2"}
    assert [life.device_id for life in lives(wearers=[subject("W2")])] == ["D2"]
    assert lives(wearers=[]) == []


def test_a_suspended_order_is_watched_until_then_and_from_its_resumption(instance: Any) -> None:
    people("W1")
    ordered(order(conditions=(zone(),)))
    wore()
    off = order(
        conditions=(zone(),),
        status=OrderStatus.SUSPENDED,
        decision=decision(OrderStatus.SUSPENDED),
    )
    ordered(off, valid_from=utc("2026-01-10"), valid_to=utc("2026-01-12"))
    life = one()
    assert watched(life, "2026-01-08", "2026-01-14") == [
        "O1/z1 01-08 00:00 > 01-10 00:00",
        "O1/z1 01-12 00:00 > 01-14 00:00",
    ]
    assert life.collecting == (
        Lifetime(utc("2026-01-05"), utc("2026-01-10")),
        Lifetime(utc("2026-01-12"), utc("2026-07-01")),
    )


def test_withdrawal_ends_what_is_watched_and_the_licence_takes_a_fitting_of_its_own(
    instance: Any,
) -> None:
    """Whatever the supplier says of the old activation afterwards."""
    from tipstaff.services.consents import record_consent, withdraw_consent

    people("W1")
    ordered(order())
    assert record_consent(**WHO, consent=consent()).problems == ()
    ordered(order(conditions=NIGHT), valid_from=utc("2026-01-02"))
    made = voluntary(restores="O1", conditions=(zone(),), served_at=utc("2026-01-02"))
    ordered(made)
    wore()
    running = one()
    assert watched(running, "2026-01-19", "2026-01-21") == ["V1/z1 01-19 00:00 > 01-21 00:00"]
    done = withdraw_consent(
        **WHO, wearer="W1", reference="C1", how=WithdrawnBy.BY_TELEPHONE, told_to="A Officer",
        at=utc("2026-01-20 12:00"),
    )  # fmt: skip
    assert codes(done) == []
    wore()
    over = one(utc("2026-01-21"))
    assert over.stamp != running.stamp
    assert watched(over, "2026-01-19", "2026-01-22") == ["V1/z1 01-19 00:00 > 01-20 12:00"]
    assert over.collecting == (Lifetime(utc("2026-01-05"), utc("2026-01-20 12:00")),)
    wore(end="2026-01-20 12:00")
    wore("A2", "D2", start="2026-01-20 15:00")
    anew = next(life for life in lives(utc("2026-01-21")) if life.device_id == "D2")
    assert watched(anew, "2026-01-20 15:00", "2026-01-21") == ["O1/c1 01-20 19:00 > 01-21 00:00"]


def test_an_absence_excuses_once_approved_and_no_longer_once_cancelled(instance: Any) -> None:
    from tipstaff.services.absences import ask_absence, cancel_absence, decide_absence

    people("W1")
    ordered(order(starts_at=utc("2026-01-01"), ends_at=utc("2030-01-01")))
    wore()
    asked = absence(starts_at=utc("2027-01-10 18:00"), ends_at=utc("2027-01-11 09:00"))
    assert ask_absence(**WHO, absence=asked).problems == ()
    night = ["O1/c1 01-10 19:00 > 01-11 07:00"]
    assert watched(one(), "2027-01-10 12:00", "2027-01-11 12:00") == night
    decider = {**WHO, "actor": second_local()}
    approved = decide_absence(**decider, wearer="W1", reference="A1", approved=True, reason="work")
    assert approved.problems == ()
    assert watched(one(), "2027-01-10 12:00", "2027-01-11 12:00") == []
    assert cancel_absence(**WHO, wearer="W1", reference="A1").problems == ()
    assert watched(one(), "2027-01-10 12:00", "2027-01-11 12:00") == night


def test_an_address_is_where_the_record_says_at_the_time(instance: Any) -> None:
    from tipstaff.services.cases import record_wearer

    people("W1")
    ordered(order())
    wore()
    assert one().demands.addresses == {"home": Place(53.0, -1.5)}
    moved = wearer(addresses=(Address("home", ("2 Made Street",), "", Place(53.2, -1.5)),))
    record_wearer(**WHO, wearer=moved, valid_from=utc("2026-01-20"))
    life = one()
    assert life.demands.addresses == {}
    assert [place.where for place in life.demands.moved["home"]] == [
        Place(53.0, -1.5),
        Place(53.2, -1.5),
    ]
    record_wearer(**WHO, wearer=wearer(addresses=()), valid_from=utc("2026-01-25"))
    assert len(one().demands.moved["home"]) == 2


def test_home_units_speak_of_the_address_at_which_they_were(instance: Any) -> None:
    from tipstaff.services.holdings import install_home_unit, move_home_unit

    second = Address("mother", ("3 Made Street",), "", Place(53.3, -1.5))
    people("W1", addresses=(*wearer().addresses, second))
    ordered(order())
    wore()
    registered("h1", kind=DeviceKind.HOME_UNIT)
    unit: dict[str, Any] = {**WHO, "device": name("h1")}
    done = install_home_unit(**unit, wearer="W1", address="home", at=utc("2026-01-05 12:00"))
    assert codes(done) == []
    assert codes(move_home_unit(**unit, address="mother", at=utc("2026-01-20"))) == []
    life = one()
    assert units_of([life]) == {UNIT: (life,)}
    told = [
        address_of_unit(life, UNIT, utc(at)) for at in ("2026-01-05", "2026-01-06", "2026-01-20")
    ]
    assert told == [None, "home", "mother"]
    assert [life.device_id for life in lives()] == ["D1"]


def test_the_plan_is_the_devices_own_where_it_is_described(instance: Any) -> None:
    people("W1", "W2")
    wore()
    registered("D2", reporting_s=1800)
    wore("A2", "D2", "W2")
    plans = {life.device_id: (life.plan.upload_s, life.plan.position_s) for life in lives()}
    assert plans == {"D1": (600, 60), "D2": (1800, 1800)}


def test_statements_do_not_grow_with_wearers(instance: Any) -> None:
    from django.db import connection

    counts = []
    for start in (1, 3):
        for number in range(start, start * 3):
            people(f"W{number}")
            ordered(order(f"O{number}", wearer=f"W{number}"))
            wore(f"A{number}", f"D{number}", f"W{number}")
        with CaptureQueriesContext(connection) as asked:
            found = lives()
        counts.append((len(found), len(asked)))
    assert counts == [(2, 4), (8, 4)]


@pytest.mark.parametrize("gap", [timedelta(0), timedelta(hours=47)])
def test_an_activation_of_no_length_is_no_life(sqlite_instance: Any, gap: timedelta) -> None:
    people("W1")
    wore(end="2026-01-05")
    assert lives(utc("2026-01-05") + gap) == []


def test_a_damaged_record_is_told_and_ends_the_watch_of_nobody_else(instance: Any) -> None:
    from tipstaff.records.models import Version

    for number in (1, 2):
        people(f"W{number}")
        ordered(order(wearer=f"W{number}", conditions=(zone(),)))
        wore(f"A{number}", f"D{number}", f"W{number}")
    row = Version.objects.get(subject__wearer__reference="W1", subject__kind="order")
    row.id, row.number, row.digest = uuid4(), 2, "0" * 64
    row.save(force_insert=True)
    damaged, whole = sorted(lives(), key=lambda life: life.device_id)
    assert (damaged.damaged, list(damaged.demands.orders), damaged.collecting) == (True, [], ())
    assert not whole.damaged
    assert watched(whole, "2026-02-01", "2026-02-02") == ["O1/z1 02-01 00:00 > 02-02 00:00"]


def test_a_device_that_turns_out_to_be_no_wearers_is_no_life(instance: Any) -> None:
    from django.db import transaction

    from tipstaff.domain.devices import DeviceTold
    from tipstaff.records import device_facts

    wore()
    assert len(lives()) == 1
    told = DeviceTold("acme", "D1", described(DeviceKind.VICTIMS_DEVICE))
    with transaction.atomic():
        device_facts.record([told], at=NOW, by=uuid4())
    assert lives() == []
