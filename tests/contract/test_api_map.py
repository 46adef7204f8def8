"""What the live map shows, by the API: one alert of each person, and zones in force, on both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from alert_samples import new_alert
from asked_api import MANAGING, operator, with_alert
from made_cases import order, wearer, zone

Pages = Callable[..., Any]
NOW = datetime.now(UTC)


def test_one_alert_of_each_is_the_most_severe_then_the_oldest(pages_on_both: Pages) -> None:
    from tipstaff.records.models import Alert

    for name in ("W1", "W2", "W3"):
        with_alert(name)
        new_alert(name)
    Alert.objects.filter(wearer__reference="W1", number=1).update(severity=2)
    Alert.objects.filter(wearer__reference="W2", number=1).update(needs_a_person=False)
    asked = operator(pages_on_both)
    whole = asked.get("/alerts", {"one_each": "true"}).json()["items"]
    assert sorted((one["wearer"], one["number"]) for one in whole) == [
        ("W1", 2), ("W2", 2), ("W3", 1)
    ]  # fmt: skip
    first = asked.get("/alerts", {"one_each": "true", "limit": 2}).json()
    rest = asked.client.get(first["next"], headers=asked.headers()).json()
    assert [*first["items"], *rest["items"]] == whole
    closed = asked.get("/alerts", {"one_each": "true", "closed": "true"}).json()["items"]
    assert ("W2", 1) in {(one["wearer"], one["number"]) for one in closed}
    assert len(asked.get("/alerts").json()["items"]) == 5


def test_zones_in_force_are_of_whom_one_may_see(pages_on_both: Pages) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    times = {"starts_at": NOW - timedelta(days=9), "served_at": NOW - timedelta(days=9)}
    times |= {"ends_at": NOW + timedelta(days=90)}
    for name in ("W1", "W2"):
        record_wearer(**MANAGING, wearer=wearer(name))
        made = order(wearer=name, conditions=(zone(),), reviews=(), **times)
        assert record_order(**MANAGING, order=made).problems == ()
    record_wearer(**MANAGING, wearer=wearer("W2", limited_access=True))
    asked = operator(pages_on_both)
    (found,) = asked.get("/zones", {"wearer": ["W1", "W2", "nobody"]}).json()["items"]
    assert (found["wearer"], found["order"], found["condition"]) == ("W1", "O1", "z1")
    assert (found["zone"]["kind"], found["zone"]["harm"]) == ("exclusion", "high")
    assert asked.get("/zones").status_code == 422
    many = [f"W{number}" for number in range(51)]
    assert asked.get("/zones", {"wearer": many}).status_code == 422
