"""Making the county, step by step, on an instance that was just made for it."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
#: Who takes their consent back, counted among those under it.
_WITHDRAWS: Final = -1


def make(plan: CountyPlan, say: Say) -> None:
    """Make everything; says what it does and how long each step took."""
    from tipstaff.services import demonstration

    values = settings.load()
    demonstration.mark(values.data)
    with _step(say, "Simulate the county: streets, lives, tags with their faults, crimes"):
        county = world.build(plan, world.utc_now())
        (values.data / "streets.geojson").write_text(json.dumps(county.streets), encoding="utf-8")
    setting_up = owner(values.actor)
    with _step(say, "Make accounts of every role"):
        players = cast(setting_up)
    with _step(say, "Record people, orders of five schemes, and their tags"):
        shared = cases.record_cases(county, players)
    with _step(say, "Take in seven weeks of positions from the supplier’s file"):
        _history(county)
    with _step(say, f"Live through the last {plan.watched} days, message by message") as told:
        _watched(county, players, told)
    with _step(say, "Deal with alerts, take a consent back, ask for approvals"):
        happenings.deal_with_alerts(players)
        happenings.lived_in(players, county.wearers)
        at = county.now - timedelta(minutes=1)
        limited = next((w for w in county.offenders if w in shared.licence), shared.licence[0])
        cases.limit(county, players[Role.IOM_COORDINATOR], setting_up, limited)
        cases.withdraw(players[Role.IOM_COORDINATOR], shared.consent[_WITHDRAWS], at)
    with _step(say, "Take in the police’s crimes and match them"):
        happenings.match_crimes(county, players, lambda _step, _share: None)
    keep_future(county, values.data)


def _history(county: County) -> None:
    from dataclasses import replace

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


def _watched(county: County, players: Mapping[Role, Player], told: Callable[[str], None]) -> None:
    from tipstaff.services.inbox_drain import drain_to_archive

    late_device = county.new[county.old[county.wearers[_LATE % len(county.wearers)]]]
    since = to_micros(county.now - _LATE_FOR)
    came = [*county.messages(county.cut, county.now), *tampered(county)]
    late = [m for m in came if m.device_id == late_device and m.time_us >= since]
    on_time = [m for m in came if m.device_id != late_device or m.time_us < since]
    on_time.sort(key=lambda one: (one.received_us, one.time_us))
    with watching(county.cut) as room:
        room.live(on_time, lambda at: told(f"{at:%-d %B, %H:%M}"))
        room.turn(county.now)
        wearer = county.wearers[_LATE % len(county.wearers)]
        happenings.acknowledge_silence(players, wearer)
        room.send([m._replace(received_us=to_micros(county.now)) for m in late], county.now)
        room.inbox.append(Batch(SUPPLIER, "json", to_micros(county.now), unread=unread())).result()
        room.turn(county.now)
        room.watch.put_down_heard(county.now)
        room.watch.look_at_feeds(county.now)
    drain_to_archive(
        actor=settings.load().actor, purpose=Purpose.SYSTEM_ADMINISTRATION, authority=""
    )


def keep_future(county: County, data: Path) -> None:
    """Keep what is still to come, for `play` to send while one looks."""
    import pickle

    end = county.start + timedelta(days=county.plan.days + 2)
    messages = county.messages(county.now, end)
    played = {
        "messages": [tuple(one) for one in messages],
        "cut": _device(county, 9),
        "enters": _device(county, 1),
        "home": tuple(county.homes[county.wearers[1 % len(county.wearers)]]),
    }
    (data / "to-come.pickle").write_bytes(pickle.dumps(played))


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


def made_at(data: Path) -> datetime | None:
    """When a county was made; None where none is."""
    from datetime import UTC

    path = data / "to-come.pickle"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else None
