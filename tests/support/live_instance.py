"""An instance that is monitored live, with a clock of the test's own, minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from made_cases import order, utc, wearer, zone
from made_devices import WHO

from tipstaff.domain.activations import STILL_ACTIVE, Activation
from tipstaff.domain.device_clocks import clock_fault
from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Batch, MessageKind, Received, digest_of
from tipstaff.domain.zones import Circle, Harm, Place

#: Minute 0: tests look on from here into what is to come.
BASE = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
#: The middle of the zone of `watched_wearer`, and places east of it, by metres.
MIDDLE = Place(53.1, -1.4)
_M_EAST = 1.0 / (111_320.0 * 0.6004)


def at(minute: float) -> datetime:
    """The instant of a minute."""
    return BASE + timedelta(minutes=minute)


def watched_wearer(
    reference: str = "W1", device: str = "T1", harm: Harm = Harm.HIGH, **other: Any
) -> None:
    """On record: somebody with a tag since minute 0, and a zone of 300 m to keep out of."""
    from tipstaff.services.activations import import_activations
    from tipstaff.services.cases import record_order, record_wearer

    assert record_wearer(**WHO, wearer=wearer(reference)).problems == ()
    conditions = (zone("z1", shape=Circle(MIDDLE, 300.0), harm=harm),)
    values = {"ends_at": utc("2090-01-01"), "conditions": conditions, "reviews": ()} | other
    made = order(f"O-{reference}", wearer=reference, **values)
    assert record_order(**WHO, order=made).problems == ()
    fact = Activation(f"A-{reference}", device, reference, at(0), STILL_ACTIVE)
    import_activations(**WHO, supplier="acme", incoming=[fact])


def fix(minute: float, east_m: float, device: str = "T1", came: float | None = None) -> Received:
    """A good satellite position so many metres east of the zone's middle."""
    time_us = to_micros(at(minute))
    received_us = to_micros(at(minute if came is None else came))
    lon_e7 = round((MIDDLE.longitude + east_m * _M_EAST) * 1e7)
    content = (round(MIDDLE.latitude * 1e7), lon_e7, 800, 95, 1, *(None,) * 6)
    high, low = digest_of(("acme", device, MessageKind.FIX.value, time_us, *content))
    clock = clock_fault(time_us, received_us)
    head = (MessageKind.FIX, time_us, high, low, "acme", device, "json", received_us, clock)
    return Received(*head, *content)


def event(minute: float, code: str, device: str = "T1", came: float | None = None) -> Received:
    """Something a device says of itself."""
    time_us = to_micros(at(minute))
    received_us = to_micros(at(minute if came is None else came))
    high, low = digest_of(("acme", device, MessageKind.EVENT.value, time_us, code, "{}"))
    clock = clock_fault(time_us, received_us)
    head = (MessageKind.EVENT, time_us, high, low, "acme", device, "json", received_us, clock)
    return Received(*head, code=code, body="{}")


@dataclass
class Watching:
    """The intake, and a worker whose clock is the test's."""

    inbox: Any
    watch: Any
    kept: list[Any] = field(default_factory=list)

    def send(self, *messages: Received) -> None:
        """Take messages in, each when it came."""
        for message in sorted(messages, key=lambda one: one.received_us):
            batch = Batch("acme", "json", message.received_us, kept=[message])
            self.inbox.append(batch).result()

    def turn(self, minute: float) -> Any:
        """Changes of the records, and whatever there is to read, at a minute."""
        self.watch.look_at_records(at(minute))
        done = self.watch.turn(at(minute) + timedelta(seconds=3))
        self.kept += done.kept
        return done


@contextmanager
def monitored(minute: float = 0) -> Iterator[Watching]:
    """A worker that begins at a minute; what it put down before is where it goes on."""
    from tipstaff.services.checkpoints import open_checkpoints
    from tipstaff.services.inbox import inbox_reader, open_inbox
    from tipstaff.services.live_watch import LiveWatch

    with open_inbox() as inbox, open_checkpoints() as checkpoints:
        watch = LiveWatch(inbox_reader(), checkpoints)
        watch.begin(at(minute))
        yield Watching(inbox, watch)


def alerts(reference: str = "W1", *kinds: str) -> list[Any]:
    """The alerts of a wearer of some kinds (zones and straps), as values, by number."""
    from tipstaff.records import alerts as kept
    from tipstaff.records.wearers import subject_refs

    found = kept.kept_of(subject_refs([reference]))
    every = [one.value for each in found.values() for one in each.alerts]
    return [one for one in every if one.kind in (kinds or ("zone", "strap"))]


def told(reference: str = "W1") -> list[str]:
    """`zone confirmed stands open`, a line an alert."""
    return [
        f"{one.kind} {one.told.level.name.lower()} {one.told.evidence} "
        f"{'on' if one.told.goes_on else 'over'} {one.state}"
        for one in alerts(reference)
    ]
