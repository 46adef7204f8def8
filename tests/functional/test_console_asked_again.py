"""Pages that ask first: what was typed comes back, with what is wrong beside it and linked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from case_samples import furnish_case
from sign_in_fixtures import signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


@pytest.fixture
def asking(pages: Pages) -> Any:
    """A browser of an operator who said why they look at W1."""
    furnish_case("W1", "Derbyshire")
    browser = signed_in(pages, Role.MONITORING_OPERATOR)
    said = {"use_case": "trail", "about": "W1", "purpose": "breach_investigation", "next": "/"}
    assert browser.post("/purpose", said).status_code == 302
    return browser


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2026-01-02T10:00", "2026-01-01T10:00", ["to"]),
        ("2026-01-02T10:00", "2026-04-01T10:00", ["to"]),
        ("yesterday", "2026-01-01T10:00", ["from"]),
        ("2026-01-01T10:00", "", ["to"]),
        ("<b>", "soon", ["from", "to"]),
    ],
)
def test_a_wrong_period_of_a_trail_comes_back(
    asking: Any, start: str, end: str, wrong: list[str]
) -> None:
    answer = asking.get("/people/W1/trail", {"from": start, "to": end})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'href="#(from|to)"', page) == wrong
    assert [one for one in ("from", "to") if f'id="{one}-error"' in page] == wrong
    assert f'name="from" value="{start}"' in unescape(page)
    assert f'name="to" value="{end}"' in unescape(page)


def test_a_refused_period_comes_back_with_the_way_to_an_approval(asking: Any) -> None:
    asked = {"from": "2020-01-01T10:00", "to": "2020-01-02T10:00"}
    answer = asking.get("/people/W1/trail", asked)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "goes beyond what your role does by routine" in text(answer)
    assert 'href="#from"' in page
    assert 'id="from-error"' in page
    assert 'name="from" value="2020-01-01T10:00"' in page
    link = re.search(r'href="(/do/ask-approval[^"]+)"', page)
    assert link
    form = asking.get(unescape(link[1])).content.decode()
    for value in ("W1", *asked.values()):
        assert f'value="{value}"' in form
    assert 'value="trail" selected' in form


def test_a_wrong_period_of_misuse_comes_back(pages: Pages) -> None:
    browser = signed_in(pages, Role.AUDITOR)
    for asked, wrong in (
        ({"from": "then", "to": "2026-01-01T10:00"}, "from"),
        ({"from": "2026-01-02T10:00", "to": "2026-01-01T10:00"}, "to"),
    ):
        answer = browser.get("/misuse", asked)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'href="#{wrong}"' in page
        assert f'id="{wrong}-error"' in page
        for value in asked.values():
            assert f'value="{value}"' in page


def test_a_summary_that_lacks_something_keeps_the_rest(pages: Pages) -> None:
    browser = signed_in(pages, Role.IOM_COORDINATOR)
    answer = browser.get("/partner-summary", {"wearer": "W 7/1", "agency": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="W 7/1"' in page
    assert 'href="#agency"' in page
    assert 'id="agency-error"' in page
