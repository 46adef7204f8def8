"""Random lives of an alert: decisions stand, nobody is told twice, and no change goes untold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from made_alerts import PROTOCOLS
from told_findings import when

from tipstaff.domain.alerts import (
    OWN_OUTCOMES,
    Alert,
    AlertOutcome,
    Decision,
    EpisodeNow,
    Evidence,
    decided,
    is_outgrown,
    linked,
    moved,
)
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.notices import (
    CHANGED,
    NoticeKey,
    called_for,
    has_told,
    notices_due,
    steps_to_come,
)
from tipstaff.domain.pauses import Pause, covering, is_paused
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Queue, Revealed, route
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.domain.zones import Harm

KINDS = st.sampled_from([FindingKind.ZONE, FindingKind.STRAP, FindingKind.SILENCE])
LEVELS = st.sampled_from(list(Level))


class AlertLife(RuleBasedStateMachine):
    """One episode of a wearer, its alerts, those who work on them, and an outbox that crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = when(0)
        self.alerts: list[Alert] = []
        self.sent: list[NoticeKey] = []
        self.pauses: list[Pause] = []
        self.before: dict[int, tuple[Decision, ...]] = {}

    @initialize(kind=KINDS, harm=st.sampled_from([None, *Harm]), level=LEVELS)
    def open(self, kind: FindingKind, harm: Harm | None, level: Level) -> None:
        self.told = EpisodeNow(7, 1, level)
        on = route(PROTOCOLS, kind, harm, Revealed(self.now, self.now))
        self.alerts = [Alert(1, "w1", kind, harm, on, self.now, self.told, self.told)]

    @rule(minutes=st.sampled_from([1, 5, 15, 60, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(act=st.sampled_from(list(Act)), which=st.integers(0, 3),
          outcome=st.sampled_from([None, *AlertOutcome]))  # fmt: skip
    def somebody_acts(self, act: Act, which: int, outcome: AlertOutcome | None) -> None:
        place = which % len(self.alerts)
        was = self.alerts[place]
        after = decided(was, act, "operator-1", self.now, "as seen", outcome)
        if not isinstance(after, Problem):
            self.alerts[place] = after
            assert len(after.decisions) == len(was.decisions) + 1
            assert was.state is not AlertState.CLOSED or after.state is AlertState.CLOSED

    @precondition(lambda self: self.told.evidence is Evidence.STANDS)
    @rule(level=LEVELS, evidence=st.sampled_from([*Evidence, Evidence.STANDS]), on=st.booleans())
    def evidence_moves(self, level: Level, evidence: Evidence, on: bool) -> None:
        self.told = replace(
            self.told, revision=self.told.revision + 1, level=level, evidence=evidence, goes_on=on
        )
        for place, one in enumerate(self.alerts):
            notified = has_told(one, PROTOCOLS, self.sent)
            self.alerts[place] = moved(one, self.told, self.now, notified=notified)
        last = self.alerts[-1]
        if is_outgrown(last):
            old, new = linked(last, last.number + 1, last.route, self.now)
            self.alerts[-1:] = [old, new]

    @rule(most=st.integers(0, 3))
    def notices_are_sent(self, most: int) -> None:
        """The outbox commits some of what is due; a crash keeps the rest for the next time."""
        for one in self.alerts:
            due = notices_due(one, PROTOCOLS, self.sent, self.now, self.pauses)
            self.sent += [notice.key for notice in due[:most]]

    @rule(hours=st.integers(1, 24))
    def somebody_pauses(self, hours: int) -> None:
        kinds = frozenset({self.alerts[0].kind})
        end = self.now + timedelta(hours=hours)
        self.pauses.append(Pause(kinds, self.now, end, "in hospital"))

    @invariant()
    def what_is_to_come_comes(self) -> None:
        for alert in self.alerts:
            for one in steps_to_come(alert, PROTOCOLS, self.now, self.pauses):
                about = covering(self.pauses, PROTOCOLS, alert.kind, alert.harm, alert.wearer)
                due = notices_due(alert, PROTOCOLS, self.sent, one.at, self.pauses)
                told = {(key.step, key.recipient) for key in (*self.sent, *(n.key for n in due))}
                assert (one.step.name, one.step.to) in told or is_paused(about, one.at)

    @invariant()
    def what_was_reached_is_called_for_or_done_with(self) -> None:
        for alert in self.alerts:
            ahead = steps_to_come(alert, PROTOCOLS, self.now, ())
            reached = called_for(alert, PROTOCOLS, self.now)
            assert not {id(one.step) for one in ahead} & {id(step) for step in reached}
            if alert.state is AlertState.CLOSED:
                assert ahead == reached == ()

    @invariant()
    def no_decision_changes(self) -> None:
        for one in self.alerts:
            known = self.before.get(one.number, ())
            assert one.decisions[: len(known)] == known
            self.before[one.number] = one.decisions

    @invariant()
    def nobody_is_told_twice(self) -> None:
        assert len(self.sent) == len(set(self.sent))

    @invariant()
    def one_is_open_at_most(self) -> None:
        is_open = [one for one in self.alerts if one.state is not AlertState.CLOSED]
        assert len(is_open) <= 1
        assert all(one.followed_by == one.number + 1 for one in self.alerts[:-1])

    @invariant()
    def only_what_nobody_touched_closes_itself(self) -> None:
        for one in self.alerts:
            if one.outcome in OWN_OUTCOMES:
                assert one.decisions[0].act is Act.LAPSE
                assert not has_told(one, PROTOCOLS, self._before(one.decisions[0].revision))

    def _before(self, revision: int) -> list[NoticeKey]:
        return [key for key in self.sent if key.revision < revision]

    @invariant()
    def no_change_goes_untold(self) -> None:
        """Everyone told of what changed is told, or is about to be, even under a pause."""
        for one in self.alerts:
            if not one.changed:
                continue
            assert one.needs_a_person or one.seen == one.changed
            due = notices_due(one, PROTOCOLS, self.sent, self.now, self.pauses)
            again = {n.key.recipient for n in due if n.key.step == CHANGED}
            again |= {k.recipient for k in self.sent if k[1:3] == (one.changed, CHANGED)}
            earlier = [k for k in self._before(one.changed) if k.step != CHANGED]
            assert {k.recipient for k in earlier} <= again

    @invariant()
    def pauses_hold_and_never_of_what_is_guarded(self) -> None:
        for one in self.alerts:
            due = notices_due(one, PROTOCOLS, (), self.now, self.pauses)
            plain = notices_due(one, PROTOCOLS, (), self.now)
            held = any(pause.start <= self.now < pause.end for pause in self.pauses)
            if PROTOCOLS.is_guarded(one.kind, one.harm):
                assert due == plain
            elif held:
                assert due == ()
            else:
                assert set(due) <= set(plain)

    @invariant()
    def an_alert_that_waits_has_been_told_of(self) -> None:
        for one in self.alerts:
            stands = one.told.evidence is Evidence.STANDS
            if one.state is AlertState.NEW and stands and not self.pauses:
                due = notices_due(one, PROTOCOLS, self.sent, self.now)
                first = [k for k in self.sent if k.revision == one.opened.revision]
                assert due or first
            assert one.route.queue is Queue.LIVE


TestAlertLife = AlertLife.TestCase
TestAlertLife.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
