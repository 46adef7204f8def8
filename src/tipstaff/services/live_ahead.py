"""What tags say of their straps and cases, told before the backlog that it came in behind.

Where the worker is behind, messages after those that it judges are looked through for what devices
say of themselves. A strap or case that is told of there is found at once, from where the life
stands; it is found again when its message's turn comes, and is then the same finding. Nothing else
is told ahead: of places and silences, what came in between decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from tipstaff.domain.findings import Finding, FindingKind
from tipstaff.domain.received import MessageKind
from tipstaff.monitoring.brought_on import Rulebook
from tipstaff.monitoring.device_step import step_world
from tipstaff.monitoring.device_watches import DeviceFact
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.kept_lives import KeptLife, before, since
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.records.shipped_monitoring import codes_for
from tipstaff.services.inbox import InboxReader
from tipstaff.services.live_facts import Directory, arrivals

_PAGE: Final = 20_000
_OPENS: Final = frozenset({EventKind.STRAP_CUT, EventKind.CASE_OPENED})
_TOLD: Final = frozenset({FindingKind.STRAP, FindingKind.CASE})


@dataclass(slots=True, repr=False)
class Ahead:
    """Events of lives behind the worker's cursor, as far as was looked (`cursor`)."""

    reader: InboxReader
    rules: Rulebook
    cursor: Cursor = field(default_factory=Cursor)
    events: dict[str, list[DeviceEvent]] = field(default_factory=dict)

    def look(self, after: Cursor, directory: Directory) -> set[str]:
        """Look through what came in after a cursor, once; lives whose strap or case it tells of."""
        at, stirred, more = max(self.cursor, after, key=attrgetter("sequence")), set[str](), True
        while more:
            page = self.reader.read(at, _PAGE)
            told = [one for one in page.messages if one.kind == MessageKind.EVENT]
            for key, own in arrivals(told, directory, codes_for).items():
                sound = [one.fact for one in own if not one.doubted]
                fresh = [
                    fact
                    for fact in sound
                    if isinstance(fact, DeviceEvent) and fact.at_us <= fact.ingested_us
                ]
                self.events.setdefault(key, []).extend(fresh)
                if any(fact.kind in _OPENS for fact in fresh):
                    stirred.add(key)
            at, more = page.cursor, len(page.messages) == _PAGE
        self.cursor = at
        return stirred

    def caught_up(self) -> None:
        """Everything was judged: nothing is ahead."""
        self.events.clear()

    def told_of(self, life: KeptLife) -> list[Finding]:
        """What is found of a life's strap and case beside what is told of it already."""
        events = [one for one in self.events.get(life.watched.life, ()) if one not in life.facts]
        if not any(one.kind in _OPENS for one in events):
            return []
        start = before(life, min(one.at_us for one in events))
        if start is None:
            return []  # hours late as well: its turn comes
        known = since(life, start.horizon_us)
        facts: list[DeviceFact] = [one for one in known if not isinstance(one, HomeUnitEvent)]
        facts += events
        until_us = max(one.at_us for one in facts)
        stepped = step_world(start.device, facts, life.watched.device, self.rules.devices, until_us)
        return [f for f in stepped.findings if f.kind in _TOLD and f not in life.told]
