"""Why data are used: every purpose explained, authority where the law wants one."""

from __future__ import annotations

import pytest

from tipstaff.domain.purposes import (
    NEEDS_AUTHORITY,
    PURPOSE_HELP,
    Operation,
    Purpose,
    authority_problem,
)


def test_every_purpose_has_a_help_text() -> None:
    assert set(PURPOSE_HELP) == set(Purpose)
    assert all(PURPOSE_HELP.values())


def test_the_six_operations_of_the_act_are_there() -> None:
    section_62 = {
        "collection",
        "alteration",
        "consultation",
        "disclosure",
        "combination",
        "erasure",
    }
    assert section_62 <= {str(operation) for operation in Operation}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_needs_an_authority(purpose: Purpose) -> None:
    expected = "authority_missing" if purpose in NEEDS_AUTHORITY else None
    assert authority_problem(purpose, "") == expected
    assert authority_problem(purpose, "  ") == expected
    assert authority_problem(purpose, "request 12/2026, Crown Court at Derby") is None


@pytest.mark.parametrize(
    ("authority", "problem"),
    [
        ("x" * 501, "authority_too_long"),
        ("a\nb", "authority_has_control_characters"),
        ("a\x00", "authority_has_control_characters"),
        ("a\x7f", "authority_has_control_characters"),
    ],
)
def test_what_an_authority_may_not_be(authority: str, problem: str) -> None:
    assert authority_problem(Purpose.AUDIT, authority) == problem
