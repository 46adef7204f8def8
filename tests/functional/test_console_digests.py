"""A daily digest in the console's list of notices: which day's files, and the way to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from made_notices import contact
from sign_in_fixtures import signed_in, text

from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


def test_the_list_names_the_day_and_leads_to_the_files(pages: Pages) -> None:
    from tipstaff.records.models import Batch, Force
    from tipstaff.services.daily_digests import tell_digests

    start = datetime(2026, 1, 1, tzinfo=UTC)
    contact(Recipient.MATCH_DESK, address="north@example.org", force="north", starts_at=start)
    Batch.objects.create(
        force=Force.objects.get(identifier="north"), batch_id="N-1", series="N-1", kind="",
        digest="0" * 64, mode="strict", status="accepted", rows=1, accepted=1, ordinal=1,
        received_at=datetime(2026, 11, 26, 12, tzinfo=UTC),
    )  # fmt: skip
    morning = datetime(2026, 11, 27, 7, tzinfo=UTC)
    who = {"actor": "tester", "purpose": Purpose.CRIME_MATCHING, "authority": ""}
    assert tell_digests(**who, now=morning) == 1
    answer = signed_in(pages, Role.HUB_MANAGER).get("/lists/notices")
    assert f"Crime files of {date(2026, 11, 26).day} November 2026" in text(answer)
    assert 'href="/crimes"' in answer.content.decode()
