"""References with strokes, dots, marks and other letters open every page and operation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from alert_samples import new_alert
from asked_api import MANAGING, program
from made_cases import curfew, order, wearer, zone
from sign_in_fixtures import signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
ODD = ("26/1234", "..", "a b?c#d%2F&e=f", "Ŵ'\"<i>~2F\\", "/")


def on_record(name: str) -> None:
    """Somebody with an order and conditions whose references have strokes too, and an alert."""
    from tipstaff.services.cases import record_order, record_wearer

    assert record_wearer(**MANAGING, wearer=wearer(name)).problems == ()
    began = datetime.now(UTC) - timedelta(days=3)
    times = {"starts_at": began, "served_at": began, "ends_at": began + timedelta(days=90)}
    conditions = (curfew(dates=f"{began:%Y-%m-%d}"), zone("shop/1"))
    made = order("O/1", wearer=name, conditions=conditions, reviews=(), **times)
    assert record_order(**MANAGING, order=made).problems == ()
    new_alert(name)


@pytest.mark.parametrize("name", ODD)
def test_pages_of_somebody_with_an_odd_reference(pages_on_both: Pages, name: str) -> None:
    from django.urls import reverse

    on_record(name)
    browser = signed_in(pages_on_both, Role.MONITORING_OPERATOR)
    listed = unescape(browser.get("/people").content.decode())
    where = reverse("person", kwargs={"wearer": name})
    assert f'href="{where}"' in listed
    seen, waiting = set(), [where, "/alerts"]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = browser.get(address)
        assert answer.status_code == 200, address
        page = unescape(answer.content.decode())
        found = re.findall(r'href="(/(?:people|alerts)/[^"#?]+)', page)
        links = [unescape(one) for one in found]
        waiting += [one for one in dict.fromkeys(links) if one not in seen and one not in waiting]
        if address == where:
            assert name in page
    assert len(seen) > 8, seen
    assert any("/zones/" in one for one in seen)
    asked = browser.get(reverse("trail", kwargs={"wearer": name}))
    assert "Why do you look at the trail of" in text(asked)


@pytest.mark.parametrize("name", ODD)
def test_operations_about_somebody_with_an_odd_reference(pages_on_both: Pages, name: str) -> None:
    from django.urls import reverse

    on_record(name)
    asked = program(pages_on_both, Role.MONITORING_OPERATOR)
    (one,) = asked.get("/alerts").json()["items"]
    assert one["wearer"] == name
    for operation, values in (
        ("show_case", {}), ("show_compliance", {}), ("show_alert", {"number": one["number"]}),
    ):  # fmt: skip
        where = reverse(f"api:{operation}", kwargs={"wearer": name, **values})
        assert asked.get(where.removeprefix("/api/v1")).status_code == 200, where
