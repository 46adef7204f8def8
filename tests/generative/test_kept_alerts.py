"""Whatever is told of a wearer, in whatever order: what is kept is what was worked out, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told_findings import finding, when
from told_wearers import keep, kept, on_record, told

from tipstaff.domain.alerts import AlertOutcome, Reached, decided, with_detail
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.problems import Problem
from tipstaff.domain.transitions import Act

KINDS = st.sampled_from([FindingKind.ZONE, FindingKind.STRAP, FindingKind.SILENCE])
DAY = 1_440


@st.composite
def tellings(draw: Any) -> list[tuple[list[Any], int]]:
    """A few histories of one wearer: each all findings up to a minute, made anew."""
    out = []
    for _ in range(draw(st.integers(1, 4))):
        told_now, minute = [], 0
        kind = draw(KINDS)
        for _ in range(draw(st.integers(0, 3))):
            minute += draw(st.sampled_from([5, 40, 2 * DAY]))
            level, began = draw(st.sampled_from("spc")), minute
            told_now.append(finding(f"{began} began {level}", kind))
            minute += draw(st.sampled_from([0, 1, 300]))
            if draw(st.booleans()):
                told_now.append(finding(f"{minute} ended {level} {began}", kind))
        out.append((told_now, minute + draw(st.integers(0, 2 * DAY))))
    return out


@given(
    tellings(),
    st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from([None, *AlertOutcome]))),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_kept_comes_back_and_done_twice_changes_nothing(
    sqlite_instance: Any, histories: list[tuple[list[Any], int]], acts: list[Any]
) -> None:
    from tipstaff.services.live_telling import Kept, tell_by_clock

    name = str(uuid4())
    ref = on_record(name)[name]
    for told_now, minute in histories:
        telling = told(ref, *told_now, until=minute)
        done = keep(telling, now=minute)
        first = kept(ref)
        assert done.opened <= len(first.alerts)
        assert keep(telling, now=minute) == Kept()
        assert kept(ref) == first
        _act(ref, acts, minute)
        second = kept(ref)
        tell_by_clock(when(minute + 120), 100)
        third = kept(ref)
        assert third.episodes == second.episodes
        assert [a.value for a in third.alerts] == [a.value for a in second.alerts]
        assert tell_by_clock(when(minute + 120), 100) == Kept()


def _act(ref: Any, acts: list[Any], minute: int) -> None:
    """Each act that is possible, stored and read again as it was."""
    from django.db import transaction

    from tipstaff.records import alerts
    from tipstaff.records.alert_rows import AlertChange

    for place, (act, outcome) in enumerate(acts):
        known = kept(ref)
        if not known.alerts:
            return
        was = known.alerts[place % len(known.alerts)]
        after = decided(was.value, act, str(uuid4()), when(minute), "as seen", outcome)
        if isinstance(after, Problem):
            continue
        after = with_detail(after, reached=Reached.SPOKE if act is Act.CONTACT else None)
        meant = replace(was, value=after)
        with transaction.atomic():
            change = AlertChange(known.row, meant, len(was.value.decisions))
            alerts.store([], [change], now=when(minute))
        assert kept(ref).alerts[place % len(known.alerts)] == meant
