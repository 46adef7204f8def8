"""`tipstaff alerts`, in the monitoring centre: from a breach to what it turned out to be."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from made_cases import case
from told_findings import finding, found, when
from told_wearers import keep, on_record, told, wear
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.domain.findings import FindingKind
from tipstaff.formats.case_json import write_cases

WHY = ("--purpose", "offender_management")
W = "W000001"

pytestmark = pytest.mark.usefixtures("sqlite_instance")


def tipstaff(*words: str | Path, actor: str = "tester") -> Result:
    return CliRunner(env={"TIPSTAFF_ACTOR": actor}).invoke(app, [str(word) for word in words])


def alerts(*words: str, actor: str = "tester") -> str:
    """What a command of alerts that must succeed prints on standard output."""
    result = tipstaff("alerts", *words, *WHY, actor=actor)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def breach(tmp_path: Path) -> None:
    """W000001 is probably in a zone; two operators are at work."""
    (tmp_path / "cases.json").write_bytes(write_cases((case(1),)))
    taken = tipstaff("import", "orders", tmp_path / "cases.json", "--purpose", "demonstration")
    assert taken.exit_code == 0, taken.output
    for name in ("ann", "bob"):
        words = ("--role", "monitoring_operator", "--display-name", "Made Up")
        made = tipstaff("accounts", "add", name, *words, "--purpose", "system_administration")
        assert made.exit_code == 0, made.output
    keep(told(on_record(W)[W], *found("10 began p"), until=12), now=12)


def test_two_act_and_the_second_is_told_what_changed(breach: None) -> None:
    (line,) = alerts("list", "--queue", "live").splitlines()
    assert line == (f"medium       2026-03-02 00:12 UTC  {W}/1  zone z1  probable  new  as of 0.1")
    said = alerts("acknowledge", f"{W}/1", "--as-of", "0.1", actor="ann")
    assert said == f"{W}/1: done, as of 1.1\n"
    late = tipstaff("alerts", "take", f"{W}/1", "--as-of", "0.1", *WHY, actor="bob")
    assert late.exit_code == 2
    assert "CHANGED_SINCE" in late.stderr
    assert re.search(r"since then: .*  ann  acknowledge", late.stderr)
    assert "now as of 1.1" in late.stderr


def test_a_breach_to_its_end_and_what_followed(breach: None) -> None:
    at, words = f"{W}/1", ("--words", "on the bus")
    alerts("take", at, "--as-of", "0.1")
    alerts("contact", at, "--as-of", "1.1", "--reached", "spoke", *words)
    alerts("hand-over", at, "--as-of", "2.1", "--to", "ann", "--words", "end of shift")
    alerts("note", at, "--as-of", "3.1", *words, actor="ann")
    alerts("close", at, "--as-of", "4.1", "--outcome", "not_genuine", *words, actor="ann")
    empty = tipstaff("alerts", "list", *WHY)
    assert (empty.exit_code, empty.stdout) == (0, "")
    keep(told(on_record(W)[W], *found("10 began p", "30 grew c 10"), until=31), now=31)
    (line,) = alerts("list").splitlines()
    assert f"{W}/2" in line
    assert "[follows 1]" in line
    shown = alerts("show", at)
    for part in (
        "followed by W000001/2",
        "revision 1, opened, known 2026-03-02 00:12 UTC: probable; positions say so",
        "revision 2, amended, known 2026-03-02 00:31 UTC: confirmed; positions say so",
        "tester  contact (spoke): on the bus",
        "tester  hand_over to ann: end of shift",
        "ann  close as not_genuine: on the bus",
        "notice queue to operator by queue, at revision 1: delivered",
    ):
        assert part in shown
    keep(told(on_record(W)[W], until=40), now=40)
    taken_back = alerts("show", f"{W}/2")
    assert "retracted" in taken_back


def test_an_alert_is_shared_and_who_cannot_be_told_is_named(breach: None) -> None:
    how = ("--with", "intelligence_team", "--with", "shift_lead", "--words", "the third time")
    done = tipstaff("alerts", "share", f"{W}/1", "--as-of", "0.1", *how, *WHY)
    assert (done.exit_code, done.stdout) == (0, f"{W}/1: done, as of 1.1\n")
    assert "Nobody is on record as intelligence_team: no notice can go out." in done.stderr
    shown = alerts("show", f"{W}/1")
    assert "tester  share with intelligence_team, shift_lead: the third time" in shown
    assert "notice shared-1-1 to intelligence_team by email, at revision 1: queued" in shown
    again = tipstaff("alerts", "share", f"{W}/1", "--as-of", "0.1", *how, *WHY)
    assert again.exit_code == 2
    police = ("--with", "police", "--words", "x")
    refused = tipstaff("alerts", "share", f"{W}/1", "--as-of", "1.1", *police, *WHY)
    assert "NOBODY" in refused.stderr


def test_a_shift_hands_over_and_another_takes_over(breach: None) -> None:
    given = alerts("handover", actor="ann")
    assert re.search(r"Handed over: \S+, 1 open, digest [0-9a-f]{64}", given)
    alerts("acknowledge", f"{W}/1", "--as-of", "0.1", actor="ann")
    taken = alerts("take-over", actor="bob")
    assert f"{W}/1  then medium, new; now acknowledged" in taken
    again = tipstaff("alerts", "take-over", *WHY, actor="bob")
    assert again.exit_code == 2


def test_a_pause_is_made_listed_and_ended(breach: None) -> None:
    made = alerts("pause", "--kind", "battery", "--hours", "8", "--wearer", W, "--reason", "ill")
    key = made.split()[-1]
    assert f"{key}  battery  wearer {W}  until " in alerts("pauses")
    assert alerts("end-pause", key, "--reason", "home again") == f"Ended: {key}\n"
    strap = tipstaff("alerts", "pause", "--kind", "strap", "--hours", "25", "--reason", "x", *WHY)
    assert strap.exit_code == 2
    assert "NEVER_PAUSED" in strap.stderr
    assert "TOO_LONG" in strap.stderr


def test_what_is_asked_of_a_device_is_not_said_to_be_sent(breach: None) -> None:
    none = tipstaff("alerts", "ask-position", W, *WHY)
    assert none.exit_code == 2
    assert "NO_DEVICE" in none.stderr
    wear(W, "acme", datetime.now(UTC) - timedelta(days=1))
    said = alerts("ask-position", W, "--alert", "1")
    assert "NOT SENT" in said
    assert "Pass it to acme about device T1" in said
    key = re.search(r"NOT SENT: (\S+)", said)
    assert key is not None
    assert "nobody has recorded that it was passed" in alerts("requests", W)
    alerts("request-step", key[1], "--step", "passed", "--words", "by phone")
    assert "passed: by phone" in alerts("requests", W)
    assert "asked position of acme T1" in alerts("show", f"{W}/1")
    alerts("message", W, "--words", "Please ring us")
    arrest = ("alerts", "locate", W, "--purpose", "locate_for_arrest")
    assert tipstaff(*arrest).exit_code == 4
    located = tipstaff(*arrest, "--authority", "warrant 12")
    assert located.exit_code == 0, located.output


def test_an_outage_is_a_banner_over_the_list(breach: None) -> None:
    from tipstaff.services.live_outages import watch_feeds

    assert "No feed" in tipstaff("alerts", "outages", *WHY).stderr
    watch_feeds({"acme": when(0)}, when(10))
    assert "OUTAGE: nothing came of acme since 2026-03-02 00:00 UTC" in alerts("outages")
    assert "OUTAGE" in tipstaff("alerts", "list", *WHY).stderr


def test_precision_says_where_too_few_were_decided(breach: None) -> None:
    said = tipstaff("alerts", "precision", "--days", "90", "--purpose", "data_quality")
    assert said.exit_code == 0
    assert "zone: too few were decided to say" in said.stdout


@pytest.mark.parametrize("name", ["W1", "/1", "W1/x", "W1/"])
def test_what_names_no_alert_is_told_how(name: str) -> None:
    said = tipstaff("alerts", "show", name, *WHY)
    assert said.exit_code == 2
    assert "W000001/3" in said.stderr


def test_pages_go_on_where_the_last_ended(breach: None) -> None:
    ref = on_record(W)[W]
    low = finding("100 began s", FindingKind.BATTERY, "tag")
    keep(told(ref, low, since=90, until=110), now=110)
    first, following = alerts("list", "--limit", "1").splitlines()
    assert f"{W}/1" in first
    rest = alerts("list", "--after", following.removeprefix("next: "))
    assert f"{W}/2" in rest
    assert f"{W}/1 " not in rest
    assert tipstaff("alerts", "list", "--after", "x", *WHY).exit_code == 2
    assert tipstaff("alerts", "list", "--at-least", "x", *WHY).exit_code == 2
