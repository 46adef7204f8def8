"""Fills an instance for tests of the console in a browser: run as a program on it.

A colleague of each role named, with the password and the app of `sign_in_fixtures`; wearers with an
order each; alerts on some of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path


def main(roles: list[str]) -> None:
    from tipstaff.services.instance import open_instance

    open_instance()
    for role in roles:
        colleague(role)
    for number in range(1, 6):
        wearer_with_alert(f"W{number}")
        heard(f"W{number}", minutes=600 if number > 3 else number)
        managed(f"W{number}", fitted=number > 1)
    referred("W6")
    trail_of("W1")
    matched_crimes()
    unread_messages()


def colleague(role: str) -> None:
    """An account of that role and name, ready to sign in."""
    from django.utils import timezone
    from made_accounts import account
    from sign_in_fixtures import PASSWORD, with_app

    from tipstaff.domain.roles import Role
    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=account(role, Role(role)))
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    with_app(user)


def wearer_with_alert(name: str) -> None:
    """A wearer with an order of two conditions, and an alert that nobody has touched."""
    from alert_samples import new_alert
    from made_accounts import LOCAL
    from made_cases import curfew, order, wearer, zone

    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.cases import record_order, record_wearer

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer(name))
    began = datetime.now(UTC) - timedelta(days=30)
    held = {"starts_at": began, "served_at": began, "ends_at": began + timedelta(days=90),
            "reviews": ()}  # fmt: skip
    conditions = (curfew(dates=f"{began:%Y-%m-%d}"), zone())
    made = record_order(**who, order=order(wearer=name, conditions=conditions, **held))
    assert made.problems == (), made.problems
    new_alert(name)


def managed(name: str, *, fitted: bool) -> None:
    """A consent, a joint plan that is worked on, an absence to decide, a device and a home unit.

    `fitted`: whether a fitting of the device is on record; else nobody wears one yet.
    """
    from made_accounts import LOCAL
    from made_cases import absence, consent
    from made_devices import described
    from made_plans import plan, review, task

    from tipstaff.domain.devices import DeviceKind, DeviceName
    from tipstaff.domain.fittings import Fitted, Fitting, StrapCheck
    from tipstaff.domain.plans import Goal
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services import absences, consents, device_inventory, fittings, holdings, plans

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    now = datetime.now(UTC)
    today, soon, worn = now.date(), now + timedelta(days=2), now - timedelta(days=20)
    first, due = today - timedelta(days=20), today + timedelta(days=20)
    goal = Goal("g1", "A tenancy of their own", "housing", "A tenancy is signed", due)
    begun = {"starts_on": first, "first_review": first + timedelta(days=10), "goals": (goal,)}
    held = {"held_on": today - timedelta(days=5), "next_due": due}
    asked = {"starts_at": soon, "ends_at": soon + timedelta(hours=6), "asked_at": now}
    unit = DeviceName("acme", f"H-{name}")
    problems = [
        *consents.record_consent(**who, consent=consent(wearer=name)).problems,
        *plans.record_plan(**who, plan=plan(wearer=name, **begun)).problems,
        *plans.record_review(**who, review=review(wearer=name, **held)).problems,
        *plans.record_task(**who, task=task(wearer=name, set_on=first, due=due)).problems,
        *absences.ask_absence(**who, absence=absence(wearer=name, **asked)).problems,
        *device_inventory.register_device(
            **who, device=unit, description=described(DeviceKind.HOME_UNIT)
        ).problems,
        *holdings.install_home_unit(
            **who, device=unit, wearer=name, address="home", at=worn
        ).problems,
    ]
    if fitted:
        tag = DeviceName("acme", f"T-{name}")
        done = device_inventory.register_device(**who, device=tag, description=described())
        put_on = Fitted(worn, "A Fitter", "at home", StrapCheck.PASSED)
        made = Fitting("", name, tag.supplier, tag.device_id, None, put_on)
        problems += [*done.problems, *fittings.fit_device(**who, fitting=made).problems]
    assert problems == [], problems


def referred(name: str) -> None:
    """Somebody for whom a voluntary tag is asked, and nobody has decided."""
    from made_accounts import LOCAL
    from made_cases import voluntary, wearer

    from tipstaff.domain.orders import OrderStatus
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.cases import record_order, record_wearer

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer(name))
    began = datetime.now(UTC)
    times = {"starts_at": began, "ends_at": began + timedelta(days=90)}
    made = record_order(
        **who, order=voluntary(wearer=name, status=OrderStatus.REFERRED, **times), reason="asks"
    )
    assert made.problems == (), made.problems


def heard(name: str, minutes: int, lat: float = 52.9, lon: float = -1.47) -> None:
    """The wearer's tag was heard just now, and told a position so long ago, north of a place."""
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs

    now = datetime.now(UTC)
    lat_e7, lon_e7 = round(lat * 1e7) + 20_000 * minutes, round(lon * 1e7)
    fix = last_heard.LastFix(now - timedelta(minutes=minutes), lat_e7, lon_e7, 2_000, 1)
    (ref,) = subject_refs([name])
    plan = timedelta(minutes=10)
    last_heard.keep([last_heard.Heard(ref, "acme", f"T-{name}", now, fix, plan)])


def trail_of(name: str, corner: tuple[float, float] = (53.09, -1.41)) -> None:
    """A day of fixes a minute apart, walking round a square, with a gap of half an hour."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    worn = now - timedelta(days=2)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        (folder / "worn.csv").write_text(
            f"activation_id,device_id,wearer_id,start,end\na1,D1,{name},{worn:%Y-%m-%dT%H:%M:%SZ},\n"
        )
        lines = ["device_id,fix_time,latitude,longitude,precision_m,mechanism"]
        for minute in range(20 * 60, 5, -1):
            if 300 < minute < 330:
                continue
            at, side = now - timedelta(minutes=minute), minute % 240 / 60
            north = (min(side, 1) - max(0, min(side - 2, 1))) * 0.01
            east = (max(0, min(side - 1, 1)) - max(0, side - 3)) * 0.015
            place = f"{corner[0] + north:.6f},{corner[1] + east:.6f}"
            lines.append(f"D1,{at:%Y-%m-%dT%H:%M:%SZ},{place},{8 + minute % 30},GPS")
        (folder / "fixes.csv").write_text("\n".join([*lines, ""]))
        for what, file in (("activations", "worn.csv"), ("positions", "fixes.csv")):
            subprocess.run(
                [sys.executable, "-m", "tipstaff", "import", what, str(folder / file),
                 "--purpose", "data_quality"],
                check=True,
            )  # fmt: skip


def unread_messages() -> None:
    """Messages that could not be read, text and not; they are kept beside the records."""
    from tipstaff.domain.periods import to_micros
    from tipstaff.domain.received import Batch, Unread
    from tipstaff.services.inbox import open_inbox

    at = to_micros(datetime.now(UTC))
    place = b'{"device_id": "T1", "fix_time": "2026-11-01T10:00:00Z", "latitude": 91}'
    unread = [Unread("OUT_OF_RANGE", "latitude", 2, place), Unread("NOT_JSON", "", 0, b"\xff{\x00")]
    with open_inbox() as inbox:
        inbox.append(Batch("acme", "json", at, unread=unread)).result()


def matched_crimes() -> None:
    """A batch of three crimes, matched: two candidates, one, and none; reviewers are trained."""
    from made_accounts import train
    from searched_instance import SCENE, START, crime, fill, matched, tagged

    from tipstaff.domain.roles import Role
    from tipstaff.records.models import User

    for user in User.objects.filter(username__in=[Role.HUB_CASEWORKER, Role.HUB_MANAGER]):
        train(user.username)
    later = START + timedelta(days=2)
    people = [
        tagged("S1", at=(START, later)),
        tagged("S2"),
        tagged("S3", at=(later + timedelta(days=2),)),
    ]
    at_sea = {"start": START + timedelta(days=1), "end": START + timedelta(days=1, minutes=30)}
    crimes = [
        crime("26-0001"),
        crime("26-0002", start=later, end=later + timedelta(minutes=30), crime_type="TOMV"),
        crime("26-0003", latitude=SCENE[0] + 0.1, **at_sea),
    ]
    with tempfile.TemporaryDirectory() as kept:
        fill(Path(kept), people, crimes)
    matched()


if __name__ == "__main__":
    main(sys.argv[1:])
