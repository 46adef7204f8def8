"""Making the county, step by step, in an instance made for it: each step at its own time."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tipstaff import settings
from tipstaff.cli.county import cases, happenings, world
from tipstaff.cli.county.cast import Player, cast, owner
from tipstaff.cli.county.watching import tampered, unread, watching
from tipstaff.cli.county.world import SUPPLIER, County, CountyPlan
from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.received import Batch
from tipstaff.domain.roles import Role

Say = Callable[[str], None]
#: Whose positions of the last hours come late, after somebody acted on their silence.
_LATE: Final = 8
_LATE_FOR: Final = timedelta(hours=5)
#: Whose strap is cut while one looks.
_CUTS: Final = 9
_OWNER: Final = "owner"
TO_COME: Final = "to-come.json"
#: Who takes their consent back, counted among those under it.
_WITHDRAWS: Final = -1


def begin(plan: CountyPlan) -> None:
    """Make the instance, as if at the county's beginning: its owner has to have been there."""
    from tipstaff.services.instance import init_instance

    with at(world.begins(plan, world.utc_now()) + timedelta(hours=8)):
        init_instance(user=_OWNER)


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
            cases.swap(county, players[Role.MONITORING_OPERATOR])
    with _step(say, f"Live through the last {plan.watched} days, message by message") as told:
        _watched(county, players, shared, told)
    with _step(say, "Plans, tasks, approvals; the police’s crimes, matched"):
        cases.plan_together(county, players, shared)
        cases.to_come(county, players)
        limited = _limited(county, shared)
        cases.limit(county, players[Role.IOM_COORDINATOR], setting_up, limited)
        happenings.lived_in(players, [one for one in shared.licence if one != limited])
        happenings.match_crimes(county, players)
    keep_future(county, values.data, _key(setting_up), _visitor(shared, limited))


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """As if it were that instant: what is recorded meanwhile was recorded then."""
    import time_machine

    with time_machine.travel(instant, tick=True):
        yield


def _limited(county: County, shared: cases.Cases) -> str:
    """Whose record becomes one of limited access: somebody who was at a scene, if anybody was."""
    return next((one for one in county.offenders if one in shared.licence), shared.licence[0])


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

    late_wearer = county.wearers[_LATE % len(county.wearers)]
    late_device = county.new[county.old[late_wearer]]
    since = to_micros(county.now - _LATE_FOR)
    came = [*county.messages(county.swapped, county.now), *tampered(county)]
    late = [m for m in came if m.device_id == late_device and m.time_us >= since]
    on_time = [m for m in came if m.device_id != late_device or m.time_us < since]
    on_time.sort(key=lambda one: (one.received_us, one.time_us))
    days = happenings.Days(players)

    def round_of(instant: datetime) -> None:
        told(f"{instant:%-d %B, %H:%M}")
        days.deal(instant)

    with watching(county.cut) as room:
        room.live(on_time, county.cut, round_of, at)
        happenings.acknowledge_silence(players, late_wearer)
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


def keep_future(county: County, data: Path, key: str, visitor: str) -> None:
    """Keep what is still to come, for `play` to send while one looks."""
    end = county.start + timedelta(days=county.plan.days + 2)
    played = {
        "key": key,
        "messages": county.bodies(county.now, end),
        "cuts": _device(county, _CUTS),
        "visits": county.new[county.old[visitor]],
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
