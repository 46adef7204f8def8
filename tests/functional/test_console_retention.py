"""Holds placed and lifted, and erasing what is due, on the oversight desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
ASKED = {"wearer": "W1", "authority": "Coroner 12/26", "reason": "an inquest"}


@pytest.fixture
def officer(pages: Pages) -> Any:
    """The data protection officer of an instance with one wearer."""
    from tipstaff.records.models import Wearer

    Wearer.objects.create(reference="W1")
    return signed_in(pages, Role.DATA_PROTECTION_OFFICER, "dora")


def test_a_hold_is_placed_listed_and_lifted_with_reasons(officer: Any) -> None:
    assert "No legal hold is on record" in text(officer.get("/lists/holds"))
    placed = officer.post("/do/hold", ASKED, follow=True)
    assert "The hold was placed" in text(placed)
    answer = officer.get("/lists/holds")
    said = text(answer)
    for part in ("W1", "In force", "Until it is lifted", "an inquest", "Coroner 12/26"):
        assert part in said, part
    found = re.search(r"/do/release-hold\?hold=([0-9a-f-]{36})", answer.content.decode())
    assert found is not None
    body = {"hold": found[1], "authority": "Coroner 13/26", "reason": "it is over"}
    assert "The hold was lifted" in text(officer.post("/do/release-hold", body, follow=True))
    said = text(officer.get("/lists/holds"))
    assert "Lifted" in said
    assert "it is over" in said
    assert "Lift it" not in said
    again = officer.post("/do/release-hold", body)
    assert again.status_code == 422
    assert "nothing is to be done: it was released before" in text(again).lower()
    assert (len(entries("hold")), len(entries("release_hold"))) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"wearer": "nobody"}, "wearer"),
        ({"authority": ""}, "authority"),
        ({"reason": "x" * 501}, "reason"),
        ({"start-day": "", "end": "2020-01-01T00:00"}, "end"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_held(
    officer: Any, changed: dict[str, str], field: str
) -> None:
    from tipstaff.records.models import Hold

    answer = officer.post("/do/hold", ASKED | changed)
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.content.decode()
    assert not Hold.objects.exists()


def test_whoever_erases_by_night_may_do_so_now(pages: Pages) -> None:
    admin = signed_in(pages, Role.ADMINISTRATOR)
    assert "/do/run-retention" in admin.get("/lists/retention").content.decode()
    assert "cannot be had back" in text(admin.get("/do/run-retention"))
    done = admin.post("/do/run-retention", {}, follow=True)
    assert "Erased: 0 people whole, 0 in part" in text(done)
    assert len(entries("run_retention")) >= 1


def test_a_store_that_is_busy_is_said_and_nothing_fails(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import retention
    from tipstaff.services.erasure_lock import ErasureBusyError

    def busy(**_who: Any) -> None:
        raise ErasureBusyError

    monkeypatch.setattr(retention, "run_retention", busy)
    answer = signed_in(pages, Role.ADMINISTRATOR).post("/do/run-retention", {})
    assert answer.status_code == 422
    assert "try again later" in text(answer)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.ADMINISTRATOR, "/do/hold"),
        (Role.AUDITOR, "/do/release-hold"),
        (Role.DATA_PROTECTION_OFFICER, "/do/run-retention"),
        (Role.MONITORING_OPERATOR, "/lists/holds"),
    ],
)
def test_who_may_not(pages: Pages, role: Role, address: str) -> None:
    assert signed_in(pages, role).get(address).status_code == 403


def test_of_whom_few_may_see_no_hold_is_listed(officer: Any) -> None:
    from tipstaff.records.models import LimitedWearer, Wearer

    officer.post("/do/hold", ASKED)
    LimitedWearer.objects.create(wearer=Wearer.objects.get())
    assert "W1" not in text(officer.get("/lists/holds"))
