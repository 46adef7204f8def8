"""The rules in force as pages: who may be tagged, what is kept how long; versions side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sign_in_fixtures import signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


def test_every_scheme_has_its_versions_with_law_and_time(pages: Pages) -> None:
    said = text(signed_in(pages, Role.ADMINISTRATOR).get("/rules/eligibility"))
    assert "Acquisitive-crime project: sentences from 90 days" in said
    assert "From 29 September 2021, before 26 October 2022" in said
    assert "SI 2021/330, as amended by SI 2021/999 and SI 2022/1019" in said
    assert said.index("Version 3") < said.index("Version 2") < said.index("Version 1")


def test_a_version_in_words_and_beside_another(pages: Pages) -> None:
    browser = signed_in(pages, Role.HUB_MANAGER)
    newest = text(browser.get("/rules/eligibility/acquisitive-crime"))
    assert "acquisitive-crime, version 3" in newest
    assert "at least 90 days long" in newest
    assert "at least 12 months long" not in newest
    for query in ("version=3&with=1", "version=1&with=3"):
        beside = text(browser.get(f"/rules/eligibility/acquisitive-crime?{query}"))
        assert "Version 1 beside version 3" in beside
        assert beside.index("at least 12 months long") < beside.index("at least 90 days long")
    alone = text(browser.get("/rules/eligibility/acquisitive-crime?version=2&with=2"))
    assert "beside version" not in alone


@pytest.mark.parametrize(
    "address", ["none", "acquisitive-crime?version=9", "acquisitive-crime?version=x"]
)
def test_no_such_rule_or_version(pages: Pages, address: str) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    assert browser.get(f"/rules/eligibility/{address}").status_code == 404


def test_what_is_kept_how_long_in_words(pages: Pages) -> None:
    said = text(signed_in(pages, Role.DATA_PROTECTION_OFFICER).get("/rules/retention"))
    assert "Policy default-1" in said
    assert "Court bail, immigration bail" in said
    assert "Messages of devices that nobody is known to wear: 72 hours" in said
    assert "the controller’s choice" in said
    assert "What is due to be erased now" in said


def test_whoever_sees_no_list_of_people_is_offered_none(pages: Pages) -> None:
    managers = text(signed_in(pages, Role.HUB_MANAGER).get("/rules/retention"))
    assert "Policy default-1" in managers
    assert "What is due to be erased now" not in managers


def test_not_for_everybody(pages: Pages) -> None:
    browser = signed_in(pages, Role.OFFENDER_MANAGER)
    for address in ("/rules/eligibility", "/rules/eligibility/voluntary-iom", "/rules/retention"):
        assert browser.get(address).status_code == 403
