"""Pages of a person: somebody on record with an order that runs, links, moments, where it led."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from made_accounts import LOCAL
from made_cases import curfew, order, wearer, zone
from made_plans import attendance
from sign_in_fixtures import text

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wall_time import wall_time

WHO = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
NOW = datetime.now(UTC)
TODAY = wall_time(NOW).date()
BEGAN = NOW - timedelta(days=30)
ENDS = NOW + timedelta(days=300)


def known(name: str = "W1", **other: Any) -> None:
    """A wearer with an order that runs, with a curfew and an appointment."""
    from tipstaff.services.cases import record_order, record_wearer

    held = {"starts_at": BEGAN, "served_at": BEGAN, "ends_at": ENDS, "reviews": ()}
    conditions = (curfew(dates=f"{BEGAN:%Y-%m-%d}"), zone(), attendance())
    assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
    made = order(wearer=name, **(held | {"conditions": conditions} | other))
    assert record_order(**WHO, order=made).problems == ()


def links(answer: Any) -> dict[str, str]:
    """Where links lead, by their words."""
    found = re.findall(r'<a class="govuk-link" href="([^"]+)">(.*?)</a>', answer.content.decode())
    plain = ((re.sub(r"<[^>]+>", "", words), address) for address, words in found)
    return {html.unescape(words): html.unescape(address) for words, address in plain}


def day(after: int = 0) -> str:
    return (TODAY + timedelta(days=after)).isoformat()


def moment(hours: float = -1) -> str:
    return f"{wall_time(NOW + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def done(answer: Any) -> str:
    """Where a form led; what was wrong, where it did not."""
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])
