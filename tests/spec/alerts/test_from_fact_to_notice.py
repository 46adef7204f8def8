"""From a tag's message to a notice, and back when late data say otherwise; all of it pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from device_lives import DAY, at, fact, facts, watch
from made_alerts import PROTOCOLS, did
from told_findings import finding, when

from tipstaff.domain.alerts import Alert, AlertOutcome
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import NoticeKey, notices_due
from tipstaff.domain.outages import FeedOutage, speaks
from tipstaff.domain.periods import from_micros
from tipstaff.domain.protocols import Queue
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.alerting import Telling, alerts_after
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import all_device_findings
from tipstaff.monitoring.device_watches import DeviceFact
from tipstaff.monitoring.episodes import Episode, recomputed


def instant(minute: float) -> datetime:
    return from_micros(at(minute))


class Centre:
    """What is made of one kind of finding about a device, as the worker does it step by step."""

    def __init__(
        self, kind: FindingKind, speaks: Callable[[Episode], bool] = lambda _: True
    ) -> None:
        self.kind = kind
        self.life: list[DeviceFact] = []
        self.episodes: tuple[Episode, ...] = ()
        self.alerts: tuple[Alert, ...] = ()
        self.sent: list[NoticeKey] = []
        self.speaks = speaks

    def at(self, minute: float, *lines: str, took_back: DeviceFact | None = None) -> list[str]:
        """What is sent at a minute, after these facts came in."""
        self.life += [fact(f"{line} <{minute}") for line in lines]
        self.life = [one for one in self.life if one != took_back]
        now, horizon = instant(minute), at(minute)
        found = all_device_findings(self.life, watch(), DEVICES_V2, horizon)
        self.episodes = recomputed(
            self.episodes, [one for one in found if one.kind is self.kind], [], now
        )
        telling = Telling(now, PROTOCOLS, lambda _: None, self.speaks, wearer="w1")
        self.alerts = alerts_after(self.alerts, self.episodes, self.sent, telling)
        assert alerts_after(self.alerts, self.episodes, self.sent, telling) == self.alerts
        due = [n for one in self.alerts for n in notices_due(one, PROTOCOLS, self.sent, now)]
        self.sent += [notice.key for notice in due]
        return [f"{n.key.step} {n.key.recipient}{' late' if n.late else ''}" for n in due]


def test_a_cut_strap_is_told_at_once_and_goes_further_until_somebody_answers() -> None:
    centre = Centre(FindingKind.STRAP)
    assert centre.at(1, "1 heartbeat") == []
    assert centre.at(2, "2 strap_cut") == ["queue operator", "manager case_manager"]
    assert centre.at(3) == []
    assert centre.at(7) == ["lead shift_lead"]
    centre.alerts = (did(centre.alerts[0], Act.TAKE_IN_HAND),)
    assert centre.at(17) == []


def test_one_that_comes_five_days_late_is_told_and_marked() -> None:
    centre = Centre(FindingKind.STRAP)
    centre.at(1, "1 heartbeat")
    assert centre.at(5 * DAY, "2 strap_cut") == [
        "queue operator late",
        "manager case_manager late",
    ]
    (alert,) = centre.alerts
    assert (alert.route.queue, alert.route.late) == (Queue.LIVE, True)


def test_a_clearing_that_comes_late_amends_and_retracts_nothing() -> None:
    centre = Centre(FindingKind.STRAP)
    centre.at(2, "2 strap_cut")
    assert centre.at(60, "4 strap_restored") == ["lead shift_lead", "in_hand shift_lead"]
    (alert,) = centre.alerts
    assert (alert.told.revision, alert.told.goes_on, alert.changed) == (2, False, 0)


def test_a_cut_taken_back_is_told_again_to_everybody_who_was_told() -> None:
    """A correction: the activation did not cover it after all."""
    centre = Centre(FindingKind.STRAP)
    centre.at(2, "2 strap_cut")
    (cut,) = facts("2 strap_cut <2")
    assert centre.at(4, took_back=cut) == [
        "evidence_changed operator",
        "evidence_changed case_manager",
    ]
    (alert,) = centre.alerts
    assert (alert.state, alert.changed) == (AlertState.NEW, 2)
    assert centre.at(90) == []


def test_a_low_battery_known_to_the_queue_alone_closes_itself() -> None:
    centre = Centre(FindingKind.BATTERY)
    assert centre.at(2, "2 battery_low") == ["queue operator"]
    (low,) = facts("2 battery_low <2")
    assert centre.at(4, took_back=low) == []
    (alert,) = centre.alerts
    assert (alert.state, alert.outcome) == (AlertState.CLOSED, AlertOutcome.RETRACTED)


def test_under_an_outage_a_silence_waits_and_is_told_when_it_outlasts_it() -> None:
    outage = [FeedOutage("one", instant(10))]
    clock = [instant(0)]

    def own(one: Episode) -> bool:
        return speaks(one.visit.began, timedelta(minutes=30), outage, clock[0])

    centre = Centre(FindingKind.SILENCE, own)
    centre.at(9, "9 fix 0 0 5")
    clock[0] = instant(60)
    assert centre.at(60) == []
    outage[0] = FeedOutage("one", instant(10), instant(70))
    clock[0] = instant(90)
    assert centre.at(90) == []
    clock[0] = instant(100)
    assert centre.at(100) == ["queue operator late"]


def test_that_others_were_told_of_is_no_matter_of_this_one() -> None:
    """A small one in the queue closes itself, whatever went out about a grave one beside it."""
    grave, small = finding("10 began c", condition="z1"), finding("10 began s", condition="z2")
    harms = {"z1": Harm.HIGH, "z2": Harm.LOW}
    telling = Telling(when(10), PROTOCOLS, harms.__getitem__, lambda _: True, wearer="w1")
    both = recomputed((), [grave, small], [], when(10))
    opened = alerts_after((), both, (), telling)
    sent = [n.key for one in opened for n in notices_due(one, PROTOCOLS, (), when(10))]
    one = recomputed(both, [grave], [], when(11))
    first, second = alerts_after(opened, one, sent, telling)
    assert (first.state, second.outcome) == (AlertState.NEW, AlertOutcome.RETRACTED)
