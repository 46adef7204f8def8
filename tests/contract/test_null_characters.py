"""A null character in an address, a question or a form is a bad request, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asked_api import problem, program
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


def test_no_page_takes_a_null_character(pages_on_both: Pages) -> None:
    browser = signed_in(pages_on_both, Role.HUB_CASEWORKER, "rita")
    before = len(entries())
    for address in ("/people/%00", "/people/W%001/trail", "/alerts?holder=%00", "/own?code=%00"):
        answer = browser.get(address)
        assert answer.status_code == 400, address
        assert "\x00" not in text(answer)
    for address in ("/do/pause", "/crimes/urgent"):
        assert browser.post(address, {"reason": "a\x00b"}).status_code == 400, address
    assert pages_on_both().get("/sign-in?next=%00").status_code == 400
    assert len(entries()) == before


def test_an_operation_says_which_field_it_is(pages_on_both: Pages) -> None:
    asked = program(pages_on_both, Role.HUB_CASEWORKER, purpose="offender_management")
    assert asked.get("/people/W%001").status_code == 422
    wrong = asked.post("/do/pause", {"reason": "a\x00b"})
    assert wrong.status_code == 422
    assert "/body/reason" in {one["pointer"] for one in problem(wrong)["problems"]}
