"""What people did: alerts dealt with, crimes matched, a consent taken back, a file that was bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tipstaff.cli.county.cast import FORCE, Player
from tipstaff.cli.county.world import County
from tipstaff.domain.alerts import AlertOutcome, Reached
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

#: What alerts turned out to be, in turn.
_OUTCOMES: Final = (
    (AlertOutcome.GENUINE, "Rang twice, then a visit: was at a friend’s."),
    (AlertOutcome.NOT_GENUINE, "The positions jump; was at home, the neighbour confirms it."),
    (AlertOutcome.REASONABLE_EXCUSE, "Held up by a late bus; the driver confirms it."),
    (AlertOutcome.EQUIPMENT, "The supplier confirms a fault; a new tag is on its way."),
    (AlertOutcome.AUTHORISED, "At the hospital; the officer had agreed to it."),
)


_EVERY: Final = timedelta(hours=6)
_BEFORE: Final = timedelta(minutes=10)
#: Of six alerts one is left as it is, and one stays in hand.
_LEFT: Final = 3
_IN_HAND: Final = frozenset({5})


@dataclass(slots=True)
class Days:
    """Operators at work: every six hours they deal with most of what is open by then."""

    players: Mapping[Role, Player]
    last: datetime | None = None
    seen: set[tuple[str, int]] = field(default_factory=set)

    def deal(self, now: datetime) -> None:
        """Deal with what opened since the last time, if that is long enough ago."""
        from tipstaff.services.alert_lists import QueueWanted

        if self.last is not None and now - self.last < _EVERY:
            return
        self.last = now
        operator = self.players[Role.MONITORING_OPERATOR]
        lines = operator.does("alert_lists.list_alerts", wanted=QueueWanted(limit=200))
        for line in lines:
            key = (line.wearer, line.number)
            if key in self.seen or now - line.opened_at < _BEFORE:
                continue
            self.seen.add(key)
            fate = len(self.seen) % 6
            if fate != _LEFT:
                closes = fate not in _IN_HAND and not line.goes_on
                _deal(operator, *key, len(self.seen) if closes else None)


def _deal(operator: Player, wearer: str, number: int, outcome: int | None) -> None:
    _act(operator, "acknowledge_alert", wearer, number)
    _act(operator, "take_alert", wearer, number)
    reached = Reached.SPOKE if number % 2 else Reached.NO_ANSWER
    _act(
        operator,
        "contact_wearer",
        wearer,
        number,
        reached=reached,
        words="Rang the number we have.",
    )
    if outcome is not None:
        kind, words = _OUTCOMES[outcome % len(_OUTCOMES)]
        _act(operator, "close_alert", wearer, number, outcome=kind, words=words)


def _act(operator: Player, what: str, wearer: str, number: int, **more: Any) -> None:
    from tipstaff.services.alert_acts import OnAlert

    view = operator.does("alert_lists.show_alert", wearer=wearer, number=number)
    on = OnAlert(wearer, number, view.alert.mark)
    operator.does(f"alert_acts.{what}", on=on, **more)


def acknowledge(players: Mapping[Role, Player], wearer: str, *kinds: FindingKind) -> bool:
    """An operator acts on alerts whose evidence is about to change; whether there was one."""
    from tipstaff.services.alert_lists import QueueWanted

    operator = players[Role.MONITORING_OPERATOR]
    wanted = QueueWanted(wearer=wearer, kinds=frozenset(kinds), limit=10)
    lines = operator.does("alert_lists.list_alerts", wanted=wanted)
    for line in lines:
        _act(operator, "acknowledge_alert", wearer, line.number)
    return bool(lines)


def outage(county: County) -> None:
    """A second supplier's feed is out: nothing came of it for two hours."""
    from tipstaff.services.live_outages import watch_feeds

    watch_feeds({"northstar": county.now - timedelta(hours=2)}, county.now)


def match_crimes(county: County, players: Mapping[Role, Player]) -> None:
    """Take the crimes in, in the files as the police sent them, and match them."""
    from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
    from tipstaff.formats.crimes_writing import write_crimes

    analyst, hub = players[Role.CRIME_ANALYST], players[Role.HUB_CASEWORKER]
    by_batch: dict[str, list[Any]] = {}
    for crime in county.crimes:
        by_batch.setdefault(crime.batch, []).append(crime)
    for _batch, crimes in sorted(by_batch.items()):
        analyst.does("crimes.import_crimes", content=write_crimes(crimes))
    analyst.does("crimes.import_crimes", content=bad_file(county))
    every = {"batch": "all", "every": True, "error": ERROR_MODEL_SIMULATED}
    hub.does("matching.match_batch", **every)


def bad_file(county: County) -> bytes:
    """A crime file of which one row is good and the others are not."""
    day = county.now - timedelta(days=1)
    batch = f"DBY{day:%Y%m%d}-9"
    start = f"{day:%Y%m%d}210000"
    rows = (
        f"{FORCE},BIAD,,{batch},DBY/99/1,{start},{day:%Y%m%d}220000,436000,336000,,,OSGB36,",
        f"{FORCE},XX,,{batch},DBY/99/2,{start},{day:%Y%m%d}220000,436000,336000,,,OSGB36,",
        f"{FORCE},BIAD,,{batch},DBY/99/3,{start},yesterday,436000,336000,,,OSGB36,",
        f"{FORCE},RB,,{batch},DBY/99/4,{start},{day:%Y%m%d}200000,,,,,,",
    )
    return "".join(f"{row}\r\n" for row in rows).encode()


def lived_in(players: Mapping[Role, Player], wearers: Sequence[str]) -> None:
    """Approvals that wait, a position asked for, a contact to be told."""
    from tipstaff.domain.periods import Period
    from tipstaff.domain.protocols import Means, Recipient
    from tipstaff.services.case_recording import clock
    from tipstaff.services.notices import Wanted
    from tipstaff.services.permits import Wanted as Permit

    now = clock()
    for recipient in Recipient:
        address = f"{recipient.value.replace('_', '.')}@derbyshire.example"
        players[Role.ADMINISTRATOR].records(
            "notices.add_notice_contact", wanted=Wanted(recipient, Means.EMAIL, address)
        )
    wanted = Permit("trail", Period(now - timedelta(days=20), now), wearers[0])
    players[Role.INVESTIGATING_OFFICER].records(
        "permits.ask_permit",
        wanted=wanted,
        reason="seen near a burglary by a witness",
        purpose=Purpose.LOCATE_FOR_ARREST,
        authority="26/000123",
    )
    players[Role.MONITORING_OPERATOR].records("device_requests.ask_position", wearer=wearers[0])
