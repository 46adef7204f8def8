"""Lists of the desks, page by page: nothing is left out, and nothing shown twice."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from made_accounts import account
from many_cases import fill
from sign_in_fixtures import signed_in, text

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
FEW = 7


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has seven lines."""
    from tipstaff.web import listings
    from tipstaff.web.desks import absences, accounts, casework, oversight, referrals, suppliers

    for module in (listings, absences, accounts, casework, oversight, referrals, suppliers):
        monkeypatch.setattr(module, "A_PAGE", FEW)


def walked(browser: Any, address: str, words: str = "Next page") -> list[list[str]]:
    """The first cells of every page of a list, from its first to its last."""
    pages = []
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        content = answer.content.decode()
        rows = re.findall(r"<tr data-row>(.*?)</tr>", content, re.DOTALL)
        pages.append([" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows])
        found = re.search(rf'href="([^"]+)">{words}</a>', content)
        query = html.unescape(found[1]) if found else ""
        address = address.partition("?")[0] + query if query else ""
        assert len(pages) < 200
    return pages


def all_of(pages: list[list[str]]) -> list[str]:
    assert all(len(lines) == FEW for lines in pages[:-1])
    return [line for lines in pages for line in lines]


def coordinator(pages: Pages) -> Any:
    """The coordinator of the force in whose area all of some people are."""
    from tipstaff.records.models import OrderStretch

    fill(60)
    OrderStretch.objects.update(force="Derbyshire")
    return signed_in(pages, Role.IOM_COORDINATOR, "ann")


@pytest.mark.parametrize(
    ("name", "use_case"),
    [
        ("tasks", "plan_lists.list_tasks"),
        ("absences", "absences.list_absences"),
    ],
)
def test_a_list_goes_on_to_its_end(pages: Pages, few: None, name: str, use_case: str) -> None:
    from sample_calls import of

    browser = coordinator(pages)
    who = {"actor": "ann", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": ""}
    expected = of(use_case)(**who, limit=200)
    shown = walked(browser, f"/lists/{name}")
    assert len(shown) > 2
    assert [line.split()[0] for line in all_of(shown)] == [one.wearer for one in expected]


def test_accounts_and_the_audit_go_on_too(pages: Pages, few: None) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    for number in range(20):
        account(f"a{number:02}", Role.HUB_CASEWORKER)
    names = [line.split()[0] for line in all_of(walked(browser, "/lists/accounts"))]
    assert names == sorted(set(names))
    assert {f"a{number:02}" for number in range(20)} <= set(names)
    auditor = signed_in(pages, Role.AUDITOR, "aud")
    from tipstaff.records.models import AuditEntry

    there = AuditEntry.objects.count()
    assert len(all_of(walked(auditor, "/lists/audit"))) >= there


def test_what_is_kept_has_numbered_pages(pages: Pages, few: None) -> None:
    fill(12)
    browser = signed_in(pages, Role.DATA_PROTECTION_OFFICER, "dora")
    shown = walked(browser, "/lists/retention")
    assert len(shown) > 2
    lines = all_of(shown)
    assert len(lines) > 2 * FEW
    first = text(browser.get("/lists/retention"))
    assert f"Page 1 of {len(shown)}" in first
    assert "Page before" not in first
    last = text(browser.get(f"/lists/retention?page={len(shown)}"))
    assert "Page before" in last
    assert "Next page" not in last


def test_the_page_after_says_where_the_beginning_is(pages: Pages, few: None) -> None:
    browser = coordinator(pages)
    content = browser.get("/lists/tasks?state=open").content.decode()
    found = re.search(r'href="([^"]+)">Next page', content)
    assert found is not None
    second = browser.get("/lists/tasks" + html.unescape(found[1])).content.decode()
    back = re.search(r'href="([^"]+)">First page', second)
    assert back is not None
    assert html.unescape(back[1]) == "?state=open"


NO_KEYS = ("x", "[]", '["1","2"]', '["2026-01-01","\\u0000","x"]', "{}", "1", '["\\u0000"]',
           '["\\ud800"]', '["\\ud800", "00000000-0000-0000-0000-000000000000"]', "[" * 3000,
           '["0001-01-01T00:00:00+14:00","R","00000000-0000-0000-0000-000000000000"]')  # fmt: skip


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.IOM_COORDINATOR, ("tasks", "absences", "plan-reviews", "referrals")),
        (Role.ADMINISTRATOR, ("accounts", "devices")),
        (Role.AUDITOR, ("audit", "sample")),
        (Role.MONITORING_OPERATOR, ("unread", "releases", "not-fitted")),
        (Role.DATA_PROTECTION_OFFICER, ("retention",)),
    ],
)
def test_a_key_that_is_none_leads_to_the_first_page(
    pages: Pages, role: Role, names: tuple[str, ...]
) -> None:
    browser = signed_in(pages, role, "ann")
    for name in names:
        for after in NO_KEYS:
            assert browser.get(f"/lists/{name}", {"after": after}).status_code == 200, name
        for page in ("x", "-1", "9" * 30):
            assert browser.get(f"/lists/{name}", {"page": page}).status_code == 200, name


def test_an_earlier_months_sample_can_be_chosen(pages: Pages) -> None:
    from tipstaff.web.desks.oversight import _months, last_month

    browser = signed_in(pages, Role.AUDITOR, "aud")
    months = _months()
    assert len(months) == 12
    assert last_month() not in dict(months)
    assert [value for value, _words in months] == sorted(dict(months), reverse=True)
    content = browser.get("/lists/sample").content.decode()
    for value, words in months:
        assert f'<option value="{value}">{words}</option>' in content
    chosen = browser.get(f"/lists/sample?month={months[0][0]}")
    assert f'<option value="{months[0][0]}" selected>' in chosen.content.decode()
