"""Making the county, step by step, in an instance made for it: each step at its own time."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tipstaff import settings
from tipstaff.cli.county import cases, happenings, world
from tipstaff.cli.county.cast import Player, cast, owner
from tipstaff.cli.county.units import bodies as unit_bodies
from tipstaff.cli.county.units import told as told_by
from tipstaff.cli.county.units import unit_of
from tipstaff.cli.county.watching import in_zone, tampered, unread, watching
from tipstaff.cli.county.world import SUPPLIER, County, CountyPlan
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.received import Batch, Received
from tipstaff.domain.roles import Role

Say = Callable[[str], None]
#: The hours of the last night of which one wearer's positions come late, after somebody acted on
#: not knowing where they were: from the midnight between.
_NIGHT: Final = (timedelta(hours=-2), timedelta(hours=7))
#: Whose strap is cut while one looks.
_CUTS: Final = 9
_NOT_KNOWN: Final = (FindingKind.SILENCE, FindingKind.NO_POSITION, FindingKind.WHEREABOUTS)
_OWNER: Final = "owner"
_SETTINGS: Final = 'error_model = "simulated"\n'
TO_COME: Final = "to-come.json"
#: Who takes their consent back, counted among those under it.
_WITHDRAWS: Final = -1


def begin(plan: CountyPlan) -> None:
    """Make the instance, as if at the county's beginning: its owner has to have been there."""
    from tipstaff.services.instance import init_instance

    with at(world.begins(plan, world.utc_now()) + timedelta(hours=8)):
        init_instance(user=_OWNER)
    # What a supplier's tags are calibrated for is known of these: every command shall go by it.
    with settings.settings_file().open("a", encoding="utf-8") as written:
        written.write(_SETTINGS)


def make(plan: CountyPlan, say: Say) -> None:
    """Make everything, each thing at its own time; says what it does and how long it took."""
    from tipstaff.services import demonstration

    with _step(say, "Simulate the county: streets, lives, tags with their faults, crimes"):
        county = world.build(plan, world.utc_now())
    values = settings.load()
    demonstration.mark(values.data)
    with _step(say, "Make accounts, record people and orders of five schemes, fit their tags"):
        (values.data / "streets.geojson").write_text(json.dumps(county.streets), encoding="utf-8")
        setting_up = owner(values.actor)
        with at(county.start + timedelta(hours=9)):
            players = cast(setting_up)
            shared = cases.record_cases(county, players)
        with at(cases.fitted_at(county) + timedelta(hours=1)):
            cases.fit(county, players[Role.MONITORING_OPERATOR])
    with _step(say, "Take in the first weeks of positions from the supplier’s file"):
        with at(county.swapped - timedelta(minutes=1)):
            _history(county)
        with at(county.swapped + timedelta(minutes=1)):
            cases.swap(county, players[Role.MONITORING_OPERATOR], shared)
    with _step(say, f"Live through the last {plan.watched} days, message by message") as told:
        _watched(county, players, shared, told)
    with _step(say, "Plans, tasks, approvals; the police’s crimes, matched"):
        cases.plan_together(county, players, shared)
        cases.to_come(county, players)
        limited = _limited(county, shared)
        cases.limit(county, players[Role.IOM_COORDINATOR], setting_up, limited)
        happenings.lived_in(players, [one for one in shared.licence if one != limited])
        happenings.match_crimes(county, players)
    keep_future(county, shared, values.data, _key(setting_up), _visitor(shared, limited))


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """As if it were that instant: what is recorded meanwhile was recorded then."""
    import time_machine

    with time_machine.travel(instant, tick=True):
        yield


def _limited(county: County, shared: cases.Cases) -> str:
    """Whose record becomes one of limited access: somebody who was at a scene, if anybody was."""
    may_be = shared.licence[1:-1] or shared.licence
    return next((one for one in county.offenders if one in may_be), may_be[0])


def _corrected(shared: cases.Cases) -> str:
    """Whose zone turns out to have been recorded wrongly, after somebody acted on an alert."""
    return next(one for one in shared.licence if int(one[1:]) % 2)


def _late(shared: cases.Cases) -> str:
    """Whose positions of a night come late: under a curfew, and seen by those who act on it."""
    return shared.licence[-1]


def _visitor(shared: cases.Cases, limited: str) -> str:
    """Who goes into their zone while one looks."""
    with_zone = [one for one in shared.licence if int(one[1:]) % 2 and one != limited]
    return with_zone[-1] if with_zone else shared.bail[0]


def _history(county: County) -> None:
    from tipstaff.positions.mappings import mapping_digest, shipped_mapping
    from tipstaff.services.positions import import_positions

    mapping = replace(shipped_mapping("tipstaff"), supplier=SUPPLIER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "positions.parquet"
        county.history(path)
        import_positions(
            actor=settings.load().actor, purpose=Purpose.DEMONSTRATION, authority="", path=path,
            mapping=mapping, reading=mapping_digest(mapping),
        )  # fmt: skip


def _watched(
    county: County, players: Mapping[Role, Player], shared: cases.Cases,
    told: Callable[[str], None],
) -> None:  # fmt: skip
    from tipstaff.services.access import Who
    from tipstaff.services.inbox_drain import drain_to_archive

    late_wearer = _late(shared)
    late_devices = {county.new[county.old[late_wearer]], unit_of(county, late_wearer)}
    night = _last_night(county.now)
    zoned = _corrected(shared)
    seen = in_zone(county, zoned, cases.zone_place(county, zoned))
    lived = [m for m in county.messages(county.swapped, county.now) if not _instead(m, seen)]
    units = told_by(county, cases.units_at(county, shared), county.swapped, county.now)
    came = [*lived, *seen, *units, *tampered(county)]
    on_time, late = list[Received](), list[Received]()
    for one in sorted(came, key=lambda one: (one.received_us, one.time_us)):
        withheld = one.device_id in late_devices and night.contains(from_micros(one.time_us))
        (late if withheld else on_time).append(one)
    days = happenings.Days(players)

    def round_of(instant: datetime) -> None:
        told(f"{instant:%-d %B, %H:%M}")
        days.deal(instant)

    with watching() as room:
        room.live(on_time, county.cut, round_of, at)
        with at(county.now - timedelta(minutes=1)):
            happenings.acknowledge(players, late_wearer, *_NOT_KNOWN)
            happenings.acknowledge(players, zoned, FindingKind.ZONE)
            cases.correct_zone(county, players[Role.IOM_COORDINATOR], zoned)
        room.send([m._replace(received_us=to_micros(county.now)) for m in late], county.now)
        left = Batch(SUPPLIER, "json", to_micros(county.now), unread=unread())
        room.inbox.append(left).result()
        room.turn(county.now)
        room.watch.put_down_heard(county.now)
        room.watch.look_at_feeds(county.now)
        happenings.outage(county)
    cases.withdraw(players[Role.IOM_COORDINATOR], shared.consent[_WITHDRAWS], county.now)
    who = Who(actor=settings.load().actor, purpose=Purpose.SYSTEM_ADMINISTRATION, authority="")
    drain_to_archive(**who)


def _last_night(now: datetime) -> Period:
    """The latest night that is over."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if now < midnight + _NIGHT[1]:
        midnight -= timedelta(days=1)
    return Period(midnight + _NIGHT[0], midnight + _NIGHT[1])


def _instead(message: Received, others: Sequence[Received]) -> bool:
    """Whether others tell where its device was at that time."""
    first, last = others[0], others[-1]
    return message.device_id == first.device_id and (
        first.time_us <= message.time_us <= last.time_us
    )


def keep_future(county: County, shared: cases.Cases, data: Path, key: str, visitor: str) -> None:
    """Keep what is still to come, for `play` to send while one looks."""
    end = county.start + timedelta(days=county.plan.days + 2)
    units = cases.units_at(county, shared)
    bodies = [*county.bodies(county.now, end), *unit_bodies(county, units, county.now, end)]
    played = {
        "key": key,
        "messages": sorted(bodies, key=lambda one: float(one["came"])),
        "cuts": _device(county, _CUTS),
        "visits": county.new[county.old[visitor]],
        "stays": unit_of(county, visitor),
        "home": list(county.homes[visitor]),
        "zone": list(cases.zone_place(county, visitor)),
    }
    path = data / TO_COME
    path.write_text(json.dumps(played), encoding="utf-8")
    path.chmod(0o600)


def _key(setting_up: Player) -> str:
    """A key with which the county's supplier sends."""
    from tipstaff.domain.supplier_details import SupplierDetails
    from tipstaff.domain.supplier_keys import KeyScope
    from tipstaff.services.supplier_keys import WantedKey

    setting_up.does("device_inventory.describe_supplier", supplier=SupplierDetails(SUPPLIER))
    scopes = frozenset({KeyScope.WRITE_POSITIONS, KeyScope.WRITE_EVENTS})
    wanted = WantedKey(SUPPLIER, "the demonstration", scopes)
    return str(setting_up.does("supplier_keys.issue_key", wanted=wanted).presented)


def _device(county: County, number: int) -> str:
    return county.new[county.old[county.wearers[number % len(county.wearers)]]]


@contextmanager
def _step(say: Say, title: str) -> Iterator[Callable[[str], None]]:
    began, last = time.monotonic(), [0.0]
    say(title)

    def told(words: str) -> None:
        if time.monotonic() - last[0] > 5.0:
            last[0] = time.monotonic()
            say(f"  {words}")

    yield told
    say(f"  {time.monotonic() - began:.0f} s")
