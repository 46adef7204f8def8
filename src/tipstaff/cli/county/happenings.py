"""What people did: alerts dealt with, crimes matched, a consent taken back, a file that was bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from tipstaff.cli.county.cast import FORCE, Player
from tipstaff.cli.county.world import County
from tipstaff.domain.alerts import AlertOutcome, Reached
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.roles import Role

#: What alerts turned out to be, in turn.
_OUTCOMES: Final = (
    (AlertOutcome.GENUINE, "Rang twice, then a visit: was at a friend’s."),
    (AlertOutcome.NOT_GENUINE, "The positions jump; was at home, the neighbour confirms it."),
    (AlertOutcome.REASONABLE_EXCUSE, "Held up by a late bus; the driver confirms it."),
    (AlertOutcome.EQUIPMENT, "The supplier confirms a fault; a new tag is on its way."),
    (AlertOutcome.AUTHORISED, "At the hospital; the officer had agreed to it."),
)


def deal_with_alerts(players: Mapping[Role, Player]) -> dict[str, int]:
    """Close many, take some in hand, leave the rest; how many of each."""
    from tipstaff.services.alert_lists import QueueWanted

    operator = players[Role.MONITORING_OPERATOR]
    lines = operator.does("alert_lists.list_alerts", wanted=QueueWanted(limit=1000))
    done = {"closed": 0, "in hand": 0, "left": 0}
    for number, line in enumerate(sorted(lines, key=lambda one: one.opened_at)):
        fate = "left" if number % 5 in {3, 4} or line.goes_on else "closed"
        fate = "in hand" if number % 9 == 4 else fate
        done[fate] += 1
        if fate != "left":
            _deal(operator, line.wearer, line.number, number if fate == "closed" else None)
    return done


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


def acknowledge_silence(players: Mapping[Role, Player], wearer: str) -> bool:
    """An operator acts on a silence, whose evidence is about to go; whether there was one."""
    from tipstaff.services.alert_lists import QueueWanted

    operator = players[Role.MONITORING_OPERATOR]
    kinds = frozenset({FindingKind.SILENCE, FindingKind.NO_POSITION, FindingKind.WHEREABOUTS})
    wanted = QueueWanted(wearer=wearer, kinds=kinds, limit=10)
    lines = operator.does("alert_lists.list_alerts", wanted=wanted)
    for line in lines:
        _act(operator, "acknowledge_alert", wearer, line.number)
    return bool(lines)


def match_crimes(county: County, players: Mapping[Role, Player], progress: Any) -> Any:
    """Take the crimes in, in the files as the police sent them, and match them; the run."""
    from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
    from tipstaff.formats.crimes_writing import write_crimes

    analyst, hub = players[Role.CRIME_ANALYST], players[Role.HUB_CASEWORKER]
    by_batch: dict[str, list[Any]] = {}
    for crime in county.crimes:
        by_batch.setdefault(crime.batch, []).append(crime)
    for _batch, crimes in sorted(by_batch.items()):
        analyst.does("crimes.import_crimes", content=write_crimes(crimes))
    analyst.does("crimes.import_crimes", content=bad_file(county))
    return hub.does(
        "matching.match_batch", batch="all", every=True, error=ERROR_MODEL_SIMULATED,
        progress=progress,
    )  # fmt: skip


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
    players[Role.INVESTIGATING_OFFICER].does(
        "permits.ask_permit", wanted=wanted, reason="seen near a burglary by a witness"
    )
    players[Role.MONITORING_OPERATOR].does("device_requests.ask_position", wearer=wearers[0])
