"""A partner agency's page: counts and days of those on a plan with it, and of nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asked_api import Program, token_of
from case_samples import furnish_case
from made_accounts import hand
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.roles import Relation, Role

Pages = Callable[..., Any]


@pytest.fixture
def partner(pages: Pages) -> Any:
    """A browser of somebody at an agency, which is on the plan of W1; W2's is with others."""
    furnish_case("W1", "Derbyshire")
    furnish_case("W2", "Derbyshire")
    browser = signed_in(pages, Role.PARTNER_AGENCY, "petra")
    hand("W1", Relation.PARTNER, user="petra")
    return browser


def test_an_agency_is_told_how_it_goes_and_nothing_else(partner: Any) -> None:
    assert "Summary for a partner agency" in text(partner.get("/desks/caseload"))
    assert "Enter the person" in text(partner.get("/partner-summary", {"wearer": ""}))
    shown = text(partner.get("/partner-summary", {"wearer": "W1"}))
    assert "plan with you" in shown
    assert "It is not evidence." in shown
    assert "Made Street" not in shown
    assert entries("partner_summary")[-1].extent["recipients"] == ["acme"]


@pytest.mark.parametrize("wearer", ["W2", "nobody"])
def test_of_others_an_agency_is_told_as_of_nobody(partner: Any, wearer: str) -> None:
    shown = text(partner.get("/partner-summary", {"wearer": wearer}))
    assert "No running plan of that person" in shown
    assert "not evidence" not in shown


def test_another_agencys_is_refused_and_a_program_is_told_the_same(
    partner: Any, pages: Pages
) -> None:
    asked = Program(pages(), token_of("petra"), "offender_management")
    told = asked.get("/people/W1/partner-summary", {"agency": "acme"})
    assert told.status_code == 200, told.content
    assert told.json()["sentences"][-1].endswith("It is not evidence.")
    assert asked.get("/people/W2/partner-summary", {"agency": "acme"}).status_code == 404
    assert asked.get("/people/W1/partner-summary", {"agency": "other"}).status_code == 403
