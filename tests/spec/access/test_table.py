"""What must hold of the access table as a whole, whoever changes a row."""

from __future__ import annotations

import pytest

from tipstaff.domain.access_rows import Approval, Reach
from tipstaff.domain.access_rules import ROUTINE_WINDOW, ROWS
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import OF_A_FORCE, ROLE_WORDS, Role

#: What shows where somebody was.
WHEREABOUTS = {"trail", "near", "match", "read_run"}
#: Whoever signs in has tokens of the API: they do what their holder may, and no more.
OWN_TOKENS = {"list_tokens", "add_token", "end_token"}
#: A wearer's own page.
OWN_PAGE = {"own_page", "own_tables", "withdraw_own", "ask_own_absence", "ask_change"}


def may(role: Role) -> dict[str, Reach]:
    """What a role may beside its own tokens."""
    return {
        name: row.reach[role]
        for name, row in ROWS.items()
        if role in row.reach and name not in OWN_TOKENS
    }


def test_every_account_has_tokens_of_its_own_and_a_wearer_has_none() -> None:
    for name in OWN_TOKENS:
        assert set(ROWS[name].reach) == set(Role) - {Role.LOCAL, Role.WEARER}
        assert set(ROWS[name].reach.values()) == {Reach.NOBODY}


def test_a_partner_gets_a_summary_and_nothing_else() -> None:
    assert may(Role.PARTNER_AGENCY) == {"partner_summary": Reach.OWN_CASES}


def test_a_supplier_sends_and_sees_nothing() -> None:
    sends = {"import_positions", "import_activations", "take_in_file"}
    assert set(may(Role.TAG_SUPPLIER)) == sends
    assert set(may(Role.TAG_SUPPLIER).values()) == {Reach.NOBODY}


def test_whoever_comes_for_aggregates_sees_nobody() -> None:
    assert set(may(Role.PROGRAMME_LEAD).values()) <= {Reach.NOBODY}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_administering_and_examining_reach_no_wearer(role: Role) -> None:
    assert set(may(role).values()) - {Reach.UNIT} == {Reach.NOBODY}
    named = {name for name, reach in may(role).items() if reach is Reach.UNIT}
    assert named <= {"looked_at", "list_retention"}, "who looked; whose data go, and when"


def test_victims_officers_act_for_victims_alone_and_wearers_for_themselves() -> None:
    for role, purpose in (
        (Role.VICTIM_LIAISON, Purpose.VICTIM_SAFETY),
        (Role.WEARER, Purpose.SUBJECT_ACCESS),
    ):
        assert {p for name in may(role) for p in ROWS[name].purposes_of(role)} == {purpose}
    assert set(may(Role.VICTIM_LIAISON)) == {
        "show_case", "list_orders", "list_releases", "who_has", "issue_victims_device",
        "end_holding", "show_board", "count_waiting",
    }  # fmt: skip
    assert may(Role.WEARER) == dict.fromkeys({"looked_at", *OWN_PAGE}, Reach.SELF)


def test_what_is_bound_to_its_purposes_binds_the_owner_too() -> None:
    bound = {name for name, row in ROWS.items() if row.bound}
    assert bound == {
        "record_characteristics", "equality_counts", "export_wearer", "transfer_out", "transfer_in",
        *OWN_PAGE,
    }  # fmt: skip
    assert {name for name, row in ROWS.items() if row.needs_authority} == {
        "export_wearer", "transfer_out", "transfer_in", "locate_for_arrest", "meetings",
    }  # fmt: skip
    for name in bound:
        expected = ROWS[name].purposes | {Purpose.DEMONSTRATION}
        assert ROWS[name].purposes_of(Role.LOCAL) == expected


def test_whoever_gives_accounts_gives_no_grants() -> None:
    assert not set(ROWS["add_account"].reach) & set(ROWS["grant_access"].reach)


@pytest.mark.parametrize("role", [
    Role.PARTNER_AGENCY, Role.VICTIM_LIAISON, Role.TAG_SUPPLIER, Role.PROGRAMME_LEAD,
    Role.ADMINISTRATOR, Role.AUDITOR, Role.PRISON_OFFENDER_MANAGER, Role.WEARER,
])  # fmt: skip
def test_these_never_see_where_somebody_was(role: Role) -> None:
    assert not set(may(role)) & WHEREABOUTS


def test_reach_by_force_needs_a_force() -> None:
    by_force = {role for row in ROWS.values() for role, r in row.reach.items() if r is Reach.FORCE}
    assert by_force <= OF_A_FORCE


def test_reading_matches_needs_training() -> None:
    assert {name for name, row in ROWS.items() if row.training} == {
        "match", "pending", "read_run", "list_reserved", "record_reading", "count_to_read",
    }  # fmt: skip


def test_every_trail_of_a_role_has_a_window() -> None:
    trails = [row for row in ROWS.values() if row.approval is Approval.TRAIL]
    assert {role for row in trails for role in row.reach} == set(ROUTINE_WINDOW)


def test_every_row_can_be_used_by_somebody_for_something() -> None:
    for row in ROWS.values():
        assert row.reach, row.use_case
        assert row.purposes, row.use_case
        assert Role.LOCAL not in row.reach, "the local role reaches all by itself"
        assert Purpose.DEMONSTRATION not in row.purposes
        assert row.operation not in {Operation.SIGN_IN, Operation.REFUSAL}


def test_every_role_is_explained() -> None:
    assert set(ROLE_WORDS) == set(Role)
