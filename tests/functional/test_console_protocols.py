"""Who is told of which alert, as pages: each kind step by step, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sign_in_fixtures import signed_in, text

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.roles import Role
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.web import words

Pages = Callable[..., Any]


def test_every_kind_leads_to_its_page(pages: Pages) -> None:
    browser = signed_in(pages, Role.MONITORING_OPERATOR)
    answer = browser.get("/rules/protocols")
    said = text(answer)
    assert "In use: default, version 1" in said
    for kind in FindingKind:
        assert f'href="/rules/protocols/{kind}"' in answer.content.decode()
        assert words.KIND[kind] in said
    assert "The operator on shift, at once" in said
    assert "The shift lead, after 5 minutes" in said


@pytest.mark.parametrize("kind", FindingKind)
def test_every_step_of_every_kind_is_told_in_its_order(pages: Pages, kind: FindingKind) -> None:
    said = text(signed_in(pages, Role.HUB_MANAGER).get(f"/rules/protocols/{kind}"))
    for step in shipped_protocols().kinds[kind].steps:
        assert step.words in said


def test_a_zones_steps_with_what_each_needs_and_what_ends_it(pages: Pages) -> None:
    said = text(signed_in(pages, Role.MONITORING_OPERATOR).get("/rules/protocols/zone"))
    order = [
        "In the live queue",
        "At once: the operator on shift",
        "By the queue on the screen",
        "At once: the police",
        "By another computer system",
        "Only if it is critical",
        "Only while it goes on",
        "After 5 minutes: the shift lead",
        "By text message",
        "Not told any more once somebody has acknowledged it",
        "After 15 minutes: the shift lead",
        "Only if it is high or more severe",
        "Not told any more once somebody has it in hand",
        "After 60 minutes: the case manager",
        "Not told any more once it is closed",
        "In the case managers’ queue",
        "over 24 hours after it happened",
    ]
    at = 0
    for part in order:
        assert part in said[at:], part
        at = said.index(part, at)
    assert "Only if it is critical or more" not in said


def test_a_strap_is_never_aside_and_hours_are_hours(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    strap = text(browser.get("/rules/protocols/strap"))
    assert "nobody can pause it" in strap
    assert "In the case managers’ queue" not in strap
    assert "After 12 hours: the case manager" in text(browser.get("/rules/protocols/charging"))


def test_each_severity_by_harm_and_evidence(pages: Pages) -> None:
    browser = signed_in(pages, Role.AUDITOR)
    zone = text(browser.get("/rules/protocols/zone"))
    assert "High Medium High Critical" in " ".join(zone.split())
    strap = " ".join(text(browser.get("/rules/protocols/strap")).split())
    assert "High Medium High Critical" in strap
    assert "Low For information Low Medium" not in strap


def test_no_such_kind(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    for kind in ("none", "no-position", "ZONE"):
        assert browser.get(f"/rules/protocols/{kind}").status_code == 404


@pytest.mark.parametrize(
    ("role", "desk"),
    [(Role.ADMINISTRATOR, "administration"), (Role.MONITORING_OPERATOR, "centre")],
)
def test_desks_lead_to_it(pages: Pages, role: Role, desk: str) -> None:
    answer = signed_in(pages, role).get(f"/desks/{desk}")
    assert 'href="/rules/protocols"' in answer.content.decode()


@pytest.mark.parametrize("kind", [FindingKind.ZONE, FindingKind.STRAP])
def test_roles_that_have_no_alerts_do_not_have_it(pages: Pages, kind: FindingKind) -> None:
    analyst = signed_in(pages, Role.CRIME_ANALYST)
    for address in ("/rules/protocols", f"/rules/protocols/{kind}"):
        assert analyst.get(address).status_code == 403


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.HUB_MANAGER, True), (Role.MONITORING_OPERATOR, False)]
)
def test_contacts_are_offered_to_those_who_may_see_them(
    pages: Pages, role: Role, offered: bool
) -> None:
    said = text(signed_in(pages, role).get("/rules/protocols"))
    assert ("where people are told" in said) is offered
