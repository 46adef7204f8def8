"""The watched days of the county, lived through: what came in, judged at the time it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tipstaff.cli.county.world import FEED, SUPPLIER, County, batches, event, fix
from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Batch, Received, Unread
from tipstaff.domain.zones import Place

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.positions.inbox import Inbox
    from tipstaff.services.live_watch import LiveWatch

#: What came in is judged in rounds of so long, as if each were the present.
ROUND: Final = timedelta(minutes=10)
#: How long before now somebody went into their zone, and how long they stayed.
VISITED: Final = timedelta(hours=29)
STAYED: Final = timedelta(minutes=25)
_SETTLED: Final = timedelta(seconds=3)
Progress = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Watching:
    """An intake and a worker whose clock is given."""

    inbox: Inbox
    watch: LiveWatch

    def send(self, messages: Iterable[Received], at: datetime) -> None:
        """Take messages in at an instant."""
        kept = list(messages)
        if kept:
            self.inbox.append(Batch(SUPPLIER, FEED, to_micros(at), kept=kept)).result()

    def live(
        self,
        messages: Sequence[Received],
        since: datetime,
        progress: Progress,
        travel: Callable[[datetime], AbstractContextManager[None]],
    ) -> None:
        """Take messages in round by round, and from `since` on judge each round at its own time.

        The watching begins then: with what had come in before as its past.
        """
        begun = False
        for instant, round_of in batches(messages, ROUND):
            with travel(instant):
                if instant >= since and not begun:
                    self.watch.begin(instant)
                    begun = True
                self.send(round_of, instant)
                if begun:
                    self.turn(instant)
                    progress(instant)

    def turn(self, at: datetime) -> None:
        """Judge what there is, as at an instant."""
        self.watch.look_at_records(at)
        while self.watch.turn(at + _SETTLED).messages:
            pass
        self.watch.escalate(at)


@contextmanager
def watching() -> Iterator[Watching]:
    """An intake and a worker; at the end it puts down where everybody stands."""
    from tipstaff.services.checkpoints import open_checkpoints
    from tipstaff.services.inbox import inbox_reader, open_inbox
    from tipstaff.services.live_watch import LiveWatch

    with open_inbox() as inbox, open_checkpoints() as checkpoints:
        watch = LiveWatch(inbox_reader(), checkpoints)
        yield Watching(inbox, watch)
        watch.put_down()


def tampered(county: County) -> list[Received]:
    """What devices said of themselves: straps, cases, batteries, chargers, a signal blocked."""
    told: list[Received] = []

    def says(number: int, hours_ago: float, *codes: str) -> None:
        device = county.new[county.old[county.wearers[number % len(county.wearers)]]]
        at = county.now - timedelta(hours=hours_ago)
        told.extend(event(device, at + timedelta(minutes=n), code) for n, code in enumerate(codes))

    says(0, 30.0, "strap_cut")
    says(1, 52.0, "case_opened", "case_closed")
    says(2, 20.0, "battery_low")
    says(2, 8.0, "battery_critical")
    says(3, 75.0, "strap_cut", "tamper_cleared")
    says(4, 26.0, "jammed")
    says(5, 40.0, "fault")
    says(6, 3.0, "battery_low")
    return told


def in_zone(county: County, wearer: str, place: Place) -> list[Received]:
    """What the device of a wearer told yesterday while it was in their zone, minute by minute."""
    device = county.new[county.old[wearer]]
    began = county.now - VISITED
    wander = (0.0, 2e-5, -3e-5, 1e-5, -1e-5)  # a receiver at rest never tells one place twice
    return [
        fix(
            device,
            began + timedelta(minutes=n),
            Place(place.latitude + wander[n % 5], place.longitude),
        )
        for n in range(int(STAYED / timedelta(minutes=1)))
    ]


def unread() -> list[Unread]:
    """Messages that nobody could read, kept as they came."""
    return [
        Unread("not_json", "", 1, b'{"device_id": "N1", "fix_time": 20261'),
        Unread("bad_value", "latitude", 2, b'{"device_id": "N2", "latitude": 512.0}'),
    ]
