"""Wearers with orders, and their own pages opened by a code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from made_accounts import LOCAL
from made_cases import consent, curfew, order, voluntary, wearer, zone

from tipstaff.domain.purposes import Purpose

Pages = Callable[..., Any]
WHO = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
BEGAN = datetime.now(UTC) - timedelta(days=20)
HELD = {"starts_at": BEGAN, "served_at": BEGAN, "ends_at": BEGAN + timedelta(days=90)}


def nights(*rows: str) -> Any:
    """A curfew since the order began: every night, or in these hours."""
    wanted = {"rows": rows} if rows else {}
    return curfew(dates=f"{BEGAN:%Y-%m-%d}", **wanted)


def recorded(made: Any, **other: Any) -> None:
    """Record an order."""
    from tipstaff.services.cases import record_order

    assert record_order(**WHO, order=made, **other).problems == ()


def on_record(name: str = "W1", **other: Any) -> None:
    """A wearer with a curfew and a zone."""
    from tipstaff.services.cases import record_wearer

    assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
    values = {"conditions": (nights(), zone()), "reviews": (), **HELD, **other}
    recorded(order(wearer=name, **values))


def by_consent(name: str = "W1", **other: Any) -> None:
    """A wearer with a tag of their own choice."""
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.consents import record_consent

    assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
    given = consent(wearer=name, given_at=BEGAN - timedelta(days=1))
    assert record_consent(**WHO, consent=given).problems == ()
    recorded(voluntary(wearer=name, **HELD, **other))


def code_for(name: str = "W1") -> str:
    """A code for a wearer."""
    from tipstaff.services.own_codes import issue_own_code

    done = issue_own_code(**WHO, wearer=name)
    assert done.problems == ()
    return done.code


def opened(pages: Pages, name: str = "W1") -> Any:
    """A browser in which the wearer opened their page."""
    browser = pages()
    answer = browser.post("/own", {"who": name, "code": code_for(name).lower()})
    assert answer.headers["Location"] == "/own/week"
    return browser
