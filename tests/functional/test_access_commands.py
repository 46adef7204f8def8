"""`tipstaff accounts`, `teams`, `forces` and `access`, as their users run them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from made_accounts import LOCAL, account
from made_cases import case
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.domain.roles import Role
from tipstaff.formats.case_json import write_cases

ADMIN = ("--purpose", "system_administration")
WORK = ("--purpose", "offender_management")
HIDDEN = "No case of that reference that you may see"


@pytest.fixture(autouse=True)
def _people(sqlite_instance: Any) -> None:
    """Wearers of Derbyshire, Durham and Dorset; accounts of two forces and a hub manager."""
    from tipstaff.services.case_import import import_orders

    import_orders(**LOCAL, content=write_cases(tuple(case(n) for n in range(3))))
    account("ann", Role.OFFENDER_MANAGER)
    account("dan", Role.IOM_COORDINATOR, force="Durham")
    account("max", Role.HUB_MANAGER)


def as_(actor: str, *words: str) -> Any:
    """The command, in this process, by that account."""
    return CliRunner().invoke(app, list(words), env={"TIPSTAFF_ACTOR": actor})


def owner(*words: str) -> Any:
    return as_("tester", *words)


def done(*words: str) -> str:
    """What the owner's command printed, which must succeed."""
    ran = owner(*words)
    assert ran.exit_code == 0, ran.stderr
    return str(ran.stdout)


def test_the_page_names_commands_that_there_are() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).replace("\\\n", " ")
    commands = [shlex.split(line) for line in blocks.splitlines() if line]
    assert len(commands) > 10
    for program, group, name, *words in commands:
        assert program == "tipstaff"
        found = typer.main.get_command(app)
        for step in (group, name):
            found = found.get_command(typer.Context(found), step)  # type: ignore[attr-defined]
        found.make_context(name, words)


def test_a_case_shows_to_whoever_it_is_assigned_to() -> None:
    show = ("cases", "show", "W000000", *WORK)
    first = as_("ann", *show)
    assert (first.exit_code, HIDDEN in first.stderr) == (2, True)
    assert first.stderr == as_("ann", "cases", "show", "nobody", *WORK).stderr
    assign = ("access", "assign", "W000000", "--to", "ann", "--as", "offender_manager", *WORK)
    done(*assign)
    assert json.loads(as_("ann", *show).stdout)["wearer"]["reference"] == "W000000"
    listed = as_("ann", "cases", "list", "--mine", *WORK).stdout
    assert [line[:7] for line in listed.splitlines()] == ["O000000"]
    held = done("access", "holders", "W000000", *WORK)
    key = held.split()[0]
    done("access", "unassign", key, "--reason", "moved", *WORK)
    assert as_("ann", *show).exit_code == 2
    assert "ended" in done("access", "holders", "W000000", *WORK)


def test_an_approval_is_decided_by_somebody_else_and_break_glass_is_reviewed() -> None:
    wanted = ("show_case", "--name", "W000000", "--from", "2026-01-01", "--to", "2026-01-02")
    why = ("--reason", "seen together", *WORK)
    show = ("cases", "show", "W000000", *WORK)
    asked = as_("dan", "access", "ask", *wanted, *why).stdout
    key = asked.split()[-1]
    own = as_("dan", "access", "approve", key, *WORK)
    assert (own.exit_code, "ONESELF" in own.stderr) == (2, True)
    assert as_("dan", *show).exit_code == 2
    assert key in as_("max", "access", "waiting", *WORK).stdout
    assert as_("max", "access", "approve", key, *WORK).exit_code == 0
    assert as_("dan", *show).exit_code == 0
    taken = as_("ann", "access", "break-glass", *wanted, *why).stdout
    assert as_("ann", *show).exit_code == 0
    reviews = as_("max", "access", "waiting", "--reviews", *WORK).stdout
    assert taken.split()[-1] in reviews
    verdict = ("access", "review", taken.split()[-1], "--not-justified", "--reason", "no", *WORK)
    assert as_("max", *verdict).exit_code == 0
    assert as_("ann", *show).exit_code == 2


def test_who_is_cleared_is_granted_by_another_and_can_be_revoked() -> None:
    grant = ("access", "grant", "max", "--all", "--reason", "reviews", *ADMIN)
    refused = owner(*grant)
    assert (refused.exit_code, "AUTHORITY_MISSING" in refused.stderr) == (2, True)
    key = done(*grant, "--authority", "decision 7").split()[-1]
    assert key in done("access", "grants", *ADMIN)
    assert "all records" in done("accounts", "history", "max", *ADMIN)
    done("access", "revoke", key, "--reason", "moved on", *ADMIN)
    again = owner("access", "revoke", key, "--reason", "again", *ADMIN)
    assert (again.exit_code, "NOT_HELD" in again.stderr) == (2, True)


def test_accounts_teams_forces_and_training() -> None:
    done("forces", "record", "Dorset", "--code", "DOR", "--name", "Dorset Police", "--live",
         "voluntary-iom=2026-01-05", *ADMIN)  # fmt: skip
    forces = done("forces", "list", *ADMIN)
    assert "Dorset  DOR  Dorset Police  voluntary-iom since 2026-01-05" in forces
    assert "Durham  DUR  Durham Constabulary  acquisitive-crime since 2021-09-29" in forces
    done("teams", "add", "north", "--force", "Dorset", *ADMIN)
    assert "north  (Dorset)" in done("teams", "list", *ADMIN)
    change = ["accounts", "change", "ann", "--role", "iom_coordinator", "--display-name", "Ann"]
    done(*change, "--force", "Dorset", "--team", "north", "--reason", "promoted", *ADMIN)
    shown = as_("ann", "cases", "list", *WORK).stdout
    assert [line[:7] for line in shown.splitlines()] == ["O000002"]
    train = ("accounts", "train", "ann", "--course", "crime_matching_review", "--completed")
    done(*train, "2026-03-02", *ADMIN)
    done("accounts", "untrain", "ann", "--course", "crime_matching_review", "--reason", "lapsed",
         *ADMIN)  # fmt: skip
    history = done("accounts", "history", "ann", *ADMIN)
    assert ["offender_manager" in history, "promoted" in history, "withdrawn" in history] == [
        True, True, True,
    ]  # fmt: skip
    done("teams", "close", "north", "--reason", "merged", *ADMIN)
    done("accounts", "close", "ann", "--reason", "left", *ADMIN)
    assert as_("ann", "cases", "list", *WORK).exit_code == 4
    assert "ann  iom_coordinator" in done("accounts", "list", *ADMIN)
    assert as_("dan", "accounts", "list", *ADMIN).exit_code == 4


def test_what_cannot_be_is_told_with_what_to_do() -> None:
    add = ("accounts", "add", "bob", "--role", "crime_analyst", "--display-name", "Bob", *ADMIN)
    said = owner(*add)
    assert (said.exit_code, "FORCE_MISSING" in said.stderr) == (2, True)
    said = owner(*add, "--force", "Nowhere")
    assert "FORCE_NOT_KNOWN" in said.stderr
    said = owner("accounts", "add", "eve", "--role", "local", "--display-name", "E", *ADMIN)
    assert "LOCAL_ROLE" in said.stderr
