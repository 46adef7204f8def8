"""Severity, queues, pauses and outages, as the shipped protocols and the rules have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from made_alerts import PROTOCOLS, alert, due, in_words, keys, routed, told
from told_findings import when

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.outages import FeedOutage, followed, outages, speaks
from tipstaff.domain.pauses import Pause, PauseCode, check_pause
from tipstaff.domain.protocols import Protocols, Queue, Severity
from tipstaff.domain.zones import Harm
from tipstaff.formats.event_codes import parse_event_codes
from tipstaff.formats.protocol_files import parse_protocols
from tipstaff.monitoring.events import EventCodes, EventKind
from tipstaff.records.shipped_monitoring import shipped_codes

K, L, S = FindingKind, Level, Severity
DAY = 1_440


@pytest.mark.parametrize(
    ("kind", "harm", "levels"),
    [
        (K.ZONE, Harm.LOW, (S.INFORMATION, S.LOW, S.MEDIUM)),
        (K.ZONE, Harm.HIGH, (S.MEDIUM, S.HIGH, S.CRITICAL)),
        (K.ZONE, None, (S.LOW, S.MEDIUM, S.HIGH)),
        (K.STRAP, None, (S.MEDIUM, S.HIGH, S.CRITICAL)),
        (K.BATTERY, None, (S.INFORMATION, S.LOW, S.MEDIUM)),
        (K.SILENCE, None, (S.LOW, S.MEDIUM, S.HIGH)),
    ],
)
def test_severity_is_a_table(
    kind: FindingKind, harm: Harm | None, levels: tuple[Severity, ...]
) -> None:
    assert tuple(PROTOCOLS.severity(kind, level, harm) for level in L) == levels


@pytest.mark.parametrize(
    ("kind", "harm", "age_min", "by_correction", "queue", "late"),
    [
        (K.ZONE, Harm.MEDIUM, 0, False, Queue.LIVE, False),
        (K.ZONE, Harm.MEDIUM, 15, False, Queue.LIVE, False),
        (K.ZONE, Harm.MEDIUM, 16, False, Queue.LIVE, True),
        (K.ZONE, Harm.MEDIUM, DAY, False, Queue.LIVE, True),
        (K.ZONE, Harm.MEDIUM, DAY + 1, False, Queue.CASE_MANAGER, True),
        (K.ZONE, Harm.MEDIUM, 0, True, Queue.CASE_MANAGER, True),
        (K.CURFEW, None, DAY + 1, False, Queue.CASE_MANAGER, True),
        (K.ZONE, Harm.HIGH, 9 * DAY, False, Queue.LIVE, True),
        (K.ZONE, Harm.HIGH, 0, True, Queue.LIVE, True),
        (K.STRAP, None, 9 * DAY, False, Queue.LIVE, True),
        (K.CASE, None, 9 * DAY, True, Queue.LIVE, True),
    ],
)
def test_whom_it_reaches(
    kind: FindingKind,
    harm: Harm | None,
    age_min: float,
    by_correction: bool,
    queue: Queue,
    late: bool,
) -> None:
    found = routed(kind, harm, age_min, by_correction)
    assert (found.queue, found.late) == (queue, late)


def pause(*kinds: FindingKind, start: float = 0, end: float = 60, wearer: str = "") -> Pause:
    return Pause(frozenset(kinds), when(start), when(end), "in hospital", wearer)


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (pause(K.ZONE), set()),
        (pause(K.ZONE, end=DAY), set()),
        (pause(K.ZONE, end=DAY + 1), {PauseCode.TOO_LONG}),
        (pause(K.ZONE, end=0), {PauseCode.NO_TIME}),
        (pause(), {PauseCode.NO_KIND}),
        (replace(pause(K.ZONE), reason=" "), {PauseCode.NO_REASON}),
        (pause(K.ZONE, K.STRAP), {PauseCode.NEVER_PAUSED}),
        (pause(K.CASE, end=2 * DAY), {PauseCode.NEVER_PAUSED, PauseCode.TOO_LONG}),
    ],
)
def test_pauses_are_checked(one: Pause, codes: set[PauseCode]) -> None:
    assert {problem.code for problem in check_pause(one, PROTOCOLS)} == codes


def test_a_pause_stops_notices_and_tells_on_its_end_what_still_goes_on() -> None:
    one, held = alert(minute=5), pause(K.ZONE, start=0, end=60)
    assert due(one, 59, pauses=(held,)) == ()
    assert in_words(due(one, 60, pauses=(held,))) == ["queue operator r1"]
    over = replace(one, told=replace(one.told, goes_on=False))
    assert due(over, 60, pauses=(held,)) == ()
    # its times count from the end of the pause
    assert "lead shift_lead r1" not in in_words(due(one, 64, pauses=(held,)))
    assert "lead shift_lead r1" in in_words(due(one, 65, pauses=(held,)))


def test_a_pause_of_another_kind_or_wearer_stops_nothing() -> None:
    held = (pause(K.CURFEW), pause(K.ZONE, wearer="w2"))
    assert in_words(due(alert(), 1, pauses=held)) == ["queue operator r1"]
    assert due(alert(), 1, pauses=(pause(K.ZONE, wearer="w1"),)) == ()


def test_high_harm_is_never_paused() -> None:
    held = (pause(K.ZONE, K.STRAP),)
    assert due(alert(harm=Harm.HIGH), 1, pauses=held)
    assert due(alert(K.STRAP, None), 1, pauses=held)


def test_what_nobody_answers_goes_further() -> None:
    one = alert(level=L.CONFIRMED)
    assert in_words(due(one, 0)) == ["queue operator r1"]
    sent = keys(due(one, 0))
    assert due(one, 4.9, sent) == ()
    assert in_words(due(one, 5, sent)) == ["lead shift_lead r1"]
    sent += keys(due(one, 5, sent))
    assert in_words(due(one, 15, sent)) == ["in_hand shift_lead r1"]
    sent += keys(due(one, 15, sent))
    assert in_words(due(one, 60, sent)) == ["manager case_manager r1"]
    assert due(one, 600, sent + keys(due(one, 60, sent))) == ()


def test_a_confirmed_breach_of_high_harm_tells_at_once_all_who_must_know() -> None:
    assert in_words(due(alert(harm=Harm.HIGH, level=L.CONFIRMED), 0)) == [
        "queue operator r1",
        "police police r1",
        "victim victim_liaison r1",
    ]
    grown = replace(alert(harm=Harm.HIGH), told=told(2, L.CONFIRMED))
    assert "police police r1" in in_words(due(grown, 3, keys(due(alert(harm=Harm.HIGH), 0))))


def test_the_police_are_not_called_to_what_is_over() -> None:
    one = alert(harm=Harm.HIGH, level=L.CONFIRMED)
    over = replace(one, told=replace(one.told, goes_on=False))
    assert in_words(due(over, 0)) == ["queue operator r1", "victim victim_liaison r1"]


def test_every_kind_tells_somebody_at_once_in_every_queue() -> None:
    for kind, protocol in PROTOCOLS.kinds.items():
        for age in (0, 20, 9 * DAY):
            on = routed(kind, None, age)
            assert due(alert(kind, None, L.SUSPECTED, on=on), 0), (protocol.kind, on)


SMALL = """
id = "p"
version = 1
title = "t"
source = "s"
[severity]
low = ["low", "low", "low"]
medium = ["low", "low", "low"]
high = ["low", "low", "low"]
[[protocol]]
kinds = [KINDS]
harm = "low"
[[protocol.step]]
name = "queue"
to = "operator"
means = "queue"
words = "look"
[[protocol.step]]
name = "late"
to = "case_manager"
means = "email"
words = "look"
queue = "case_manager"
""".replace("KINDS", ", ".join(f'"{kind}"' for kind in FindingKind))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('words = "look"\n[[protocol.step]]', 'words = "look"\nafter_min = 1\n[[protocol.step]]',
         "protocol[1].step"),
        ('queue = "case_manager"', 'queue = "live"', "protocol[1].step"),
        ('queue = "case_manager"', 'queue = "case_manager"\nwhile_on = true', "protocol[1].step"),
        ('words = "look"\nqueue', 'words = "look"\nat_least = "low"\nqueue', "protocol[1].step"),
        ('"zone", ', "", "protocol"),
        ('"zone", ', '"zone", "zone", ', "protocol[1].kinds"),
        ('means = "email"', 'means = "pigeon"', "protocol[1].step[2].means"),
        ('name = "late"', 'name = "queue"', "protocol[1].step"),
        ('low = ["low", "low", "low"]', 'low = ["low"]', "severity.low"),
        ('harm = "low"', 'harm = "much"', "protocol[1].harm"),
        ('harm = "low"', 'harm = "low"\nsecret = 1', "protocol[1].secret"),
    ],
)  # fmt: skip
def test_a_file_in_which_something_could_pass_unseen_is_refused(
    old: str, new: str, where: str
) -> None:
    assert isinstance(parse_protocols(SMALL.encode()), Protocols)
    assert old in SMALL
    faults = parse_protocols(SMALL.replace(old, new).encode())
    assert isinstance(faults, tuple)
    assert where in {fault.where for fault in faults}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("Strap Cut", EventKind.STRAP_CUT),
        ("case open", EventKind.CASE_OPENED),
        ("tamper  cleared", EventKind.TAMPER_CLEARED),
        ("al21", EventKind.BATTERY_LOW),
        ("AL23", EventKind.BATTERY_DEAD),
        ("AL04", EventKind.HOME_POWER_OFF),
        ("AL05", EventKind.HOME_MOVED),
        ("AL24", EventKind.HOME_FAULT),
        ("AL10", EventKind.SUPPLIER_CURFEW),
        ("AL99", EventKind.UNKNOWN_CODE),
        ("", EventKind.UNKNOWN_CODE),
    ],
)
def test_codes_of_the_field(code: str, kind: EventKind) -> None:
    assert shipped_codes().event(code, 1, 2).kind is kind


def test_our_own_codes_name_every_kind() -> None:
    kinds = set(shipped_codes("tipstaff-1").kinds.values())
    assert kinds == set(EventKind) - {EventKind.UNKNOWN_CODE}


def test_a_code_means_one_thing() -> None:
    text = 'id = "c"\nversion = 1\ntitle = "t"\nsource = "s"\n'
    text += '[[code]]\nkind = "strap_cut"\ncodes = ["X 1"]\n'
    assert isinstance(parse_event_codes(text.encode()), EventCodes)
    twice = text + '[[code]]\nkind = "fault"\ncodes = ["x  1"]\n'
    faults = parse_event_codes(twice.encode())
    assert isinstance(faults, tuple)
    assert [fault.where for fault in faults] == ["code[2].codes"]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_a_feed_that_is_silent_is_one_outage() -> None:
    seen = {"one": when(0), "two": when(9)}
    assert outages(seen, when(5)) == ()
    assert outages(seen, when(10)) == (FeedOutage("one", when(0)),)
    assert outages(seen, when(10), {"one": minutes(30)}) == ()


def test_an_outage_clears_itself_and_is_kept() -> None:
    seen = {"one": when(0)}
    first = followed((), seen, outages(seen, when(10)))
    assert first == (FeedOutage("one", when(0)),)
    assert followed(first, seen, outages(seen, when(20))) == first
    seen = {"one": when(42)}
    cleared = followed(first, seen, outages(seen, when(43)))
    assert cleared == (FeedOutage("one", when(0), when(42)),)
    again = followed(cleared, seen, outages(seen, when(90)))
    assert again == (*cleared, FeedOutage("one", when(42)))


OUT = (FeedOutage("one", when(0)),)
OVER = (FeedOutage("one", when(0), when(100)),)


@pytest.mark.parametrize(
    ("heard", "known", "now", "expected"),
    [
        (-1, (), 60, True),
        (-1, OUT, 60, False),
        (-1, OUT, 6_000, False),  # however long the feed is out
        (-29, OUT, 60, False),
        (-30, OUT, 60, True),  # was silent before
        (-1, OVER, 129, False),  # has its own time to be heard again
        (-1, OVER, 130, True),
        (101, OVER, 129, True),  # heard since: its silence is its own
    ],
)
def test_a_silence_under_an_outage_is_the_feeds(
    heard: float, known: tuple[FeedOutage, ...], now: float, expected: bool
) -> None:
    assert speaks(when(heard), minutes(30), known, when(now)) is expected


def test_ten_thousand_devices_of_a_silent_feed_are_one_banner() -> None:
    known = outages({"one": when(0)}, when(60))
    heard = [when(-index % 5) for index in range(10_000)]
    assert len(known) == 1
    assert not any(speaks(at, minutes(30), known, when(60)) for at in heard)
