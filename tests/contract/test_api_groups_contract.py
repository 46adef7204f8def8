"""The API, group by group: what pages do is done, and told as the use cases have it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asked_api import MANAGING, Program, operator, problem, program, with_alert
from made_accounts import permit
from made_cases import order, utc
from sign_in_fixtures import entries

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


def test_acts_of_the_desks_are_done_with_instants(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    with_alert()
    end = datetime.now(UTC) + timedelta(hours=2)
    body = {"kinds": ["charging"], "end": end.isoformat(), "reason": "tests", "wearer": "W1"}
    done = asked.post("/do/pause", body)
    assert done.status_code == 200, done.content
    (pause,) = asked.get("/pauses").json()["items"]
    assert (pause["wearer"], pause["kinds"]) == ("W1", ["charging"])
    assert datetime.fromisoformat(pause["end"]) == end
    ended = asked.post("/do/end-pause", {"pause": pause["ref"], "reason": "over"})
    assert ended.status_code == 200
    assert asked.get("/pauses").json()["items"] == []
    wrong = asked.post("/do/pause", body | {"kinds": ["luck"], "more": 1})
    pointers = {one["pointer"] for one in problem(wrong)["problems"]}
    assert wrong.status_code == 422
    assert any("kinds" in one for one in pointers)
    assert any("more" in one for one in pointers)


def test_a_batch_is_sent_listed_and_shown(pages_on_both: Pages) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    asked = program(pages_on_both, Role.HUB_MANAGER, purpose="crime_matching")
    row = b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("crimes.csv", content)
        headers = asked.headers()
        return asked.client.post("/api/v1/crime-files", {"file": file}, headers=headers)

    done = send(row)
    assert done.status_code == 200, done.content
    assert (done.json()["accepted"], done.json()["already_held"]) == (1, False)
    assert send(row).json()["already_held"] is True
    (batch,) = asked.get("/crime-files").json()["items"]
    shown = asked.get(f"/crime-files/{batch['ref']}").json()
    assert [one["reference"] for one in shown["crimes"]] == ["a"]
    wrong = send(row.replace(b"BIAD", b"LUCK"))
    assert wrong.status_code == 422
    assert b"LUCK" not in wrong.content
    pointers = [one["pointer"] for one in problem(wrong)["problems"]]
    assert any(one.startswith("/file/rows/1") for one in pointers)


def test_an_account_of_a_force_sends_its_own_forces_alone(pages: Pages) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    asked = program(pages, Role.CRIME_ANALYST, purpose="crime_matching")
    row = b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"
    file = SimpleUploadedFile("crimes.csv", row)
    answer = asked.client.post("/api/v1/crime-files", {"file": file}, headers=asked.headers())
    assert (answer.status_code, problem(answer)["code"]) == (403, "other_force")


def test_what_a_reviewer_has_not_read_is_not_told(pages: Pages, tmp_path: Path) -> None:
    from made_accounts import train
    from searched_instance import crime, fill, matched, tagged

    from tipstaff.records.models import Run

    fill(tmp_path, [tagged("S1")], [crime("26-0001")])
    matched()
    asked = program(pages, Role.HUB_CASEWORKER, purpose="crime_matching")
    train("p-hub_caseworker")
    run = Run.objects.get().id
    before = asked.get(f"/matches/{run}").json()
    (answer,) = before["answers"]
    assert (answer["outcome"], answer["log10_lr"], answer["explanation"]) == ("candidate", None, "")
    body = {
        "force": "Derbyshire", "crime_reference": "26-0001", "crime_version": 1, "wearer": "S1",
        "reading": "there",
    }  # fmt: skip
    reading = next(iter(schema_of("Reading")["enum"]))
    done = asked.post(f"/matches/{run}/readings", body | {"reading": reading, "words": "at home"})
    assert done.status_code == 200, done.content
    (answer,) = asked.get(f"/matches/{run}").json()["answers"]
    assert answer["log10_lr"] is not None
    again = asked.post(f"/matches/{run}/readings", body | {"reading": reading, "words": "again"})
    assert (again.status_code, problem(again)["code"]) == (422, "READ_BEFORE")


def schema_of(name: str) -> dict[str, Any]:
    """A named schema of the OpenAPI."""
    from tipstaff.web.api.console import API

    told: dict[str, Any] = API.get_openapi_schema()["components"]["schemas"][name]
    return told


def test_a_case_is_told_by_both_clocks(pages_on_both: Pages) -> None:
    asked = program(pages_on_both, Role.HUB_MANAGER, purpose="offender_management")
    with_alert()
    told = asked.get("/people/W1").json()
    assert told["wearer"]["value"]["reference"] == "W1"
    (found,) = told["orders"]
    assert [one["number"] for one in found["versions"]] == [1]
    before = asked.get("/people/W1", {"as_known_at": "2020-01-01T00:00:00Z"})
    assert before.status_code == 404
    bare = asked.get("/people/W1", {"as_known_at": "2020-01-01T00:00:00"})
    assert bare.status_code == 422
    assert len(asked.get("/people/W1/compliance", {"days": "7"}).json()["items"]) == 7


@pytest.mark.parametrize("latitude", ["nan", "inf", "1e999", "-91", "north"])
def test_an_approval_about_no_place_is_refused(pages: Pages, latitude: str) -> None:
    asked = operator(pages)
    now = datetime.now(UTC)
    body = {
        "use_case": "near", "purpose": "breach_investigation", "latitude": latitude,
        "longitude": "-1.4", "radius": 100, "from": (now - timedelta(hours=1)).isoformat(),
        "to": now.isoformat(), "reason": "tests",
    }  # fmt: skip
    answer = asked.post("/do/ask-approval", body)
    assert answer.status_code == 422, answer.content


def with_trail(folder: Path) -> dict[str, str]:
    """A wearer who walked for an hour, a position a minute; the period to ask for."""
    from made_cases import utc
    from searched_instance import fill, licence, tagged

    fill(folder, [tagged("S1", licence("S1", ends_at=utc("2099-01-01")))], [])
    return {"from": "2026-01-14T21:00:00Z", "to": "2026-01-15T01:00:00Z"}


def test_a_trail_is_told_and_taken_away(pages: Pages, tmp_path: Path) -> None:
    asked = program(pages, Role.HUB_MANAGER, purpose="court_disclosure")
    asked = Program(asked.client, asked.token, "court_disclosure", "warrant 7")
    period = with_trail(tmp_path)
    far = asked.get("/people/S1/trail", period)
    assert (far.status_code, problem(far)["code"]) == (403, "needs_approval")
    start, end = (datetime.fromisoformat(period[name]) for name in ("from", "to"))
    from tipstaff.domain.periods import Period

    permit("p-hub_manager", "trail", Period(start, end), Purpose.CRIME_MATCHING, name="S1")
    asked = Program(asked.client, asked.token, "crime_matching")
    told = asked.get("/people/S1/trail", period)
    assert told.status_code == 200, told.content
    fixes = told.json()["fixes"]
    assert len(fixes) > 10
    assert {one["wearer"] for one in fixes} == {"S1"}
    assert [one["at"] for one in fixes] == sorted(one["at"] for one in fixes)
    file = asked.get("/people/S1/trail/as/csv", period)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "text/csv")
    assert file.content.count(b"\n") == len(fixes) + 1
    assert asked.get("/people/S1/trail/as/pdf", period).status_code == 422
    back = {"from": period["to"], "to": period["from"]}
    wrong = asked.get("/people/S1/trail", back)
    assert (wrong.status_code, problem(wrong)["code"]) == (422, "PERIOD")


def test_a_search_by_place_needs_an_approval(pages: Pages, tmp_path: Path) -> None:
    asked = program(pages, Role.HUB_CASEWORKER, purpose="crime_matching")
    period = with_trail(tmp_path)
    place = {"latitude": "52.9226", "longitude": "-1.4746", "radius_m": "500"}
    answer = asked.get("/near", period | place)
    assert (answer.status_code, problem(answer)["code"]) == (403, "needs_approval")
    assert asked.get("/near", period | place | {"radius_m": "nan"}).status_code == 422
    assert asked.get("/near", period | place | {"latitude": "91"}).status_code == 422


def test_oversight_reads_the_audit_by_random_references(pages_on_both: Pages) -> None:
    with_alert()
    operator(pages_on_both).get("/people/W1")
    asked = program(pages_on_both, Role.AUDITOR, purpose="audit")
    found = asked.get("/audit", {"limit": "500"}).json()["items"]
    (look,) = [one for one in found if (one["use_case"], one["phase"]) == ("show_case", "served")]
    assert "W1" not in str(look)
    assert len(look["subject_refs"]) == 1
    assert look["extent"]["token"]
    assert asked.get("/retention").status_code == 200
    assert asked.get("/erasures").json() == {"items": [], "next": None}
    now = datetime.now(UTC)
    week = {"from": (now - timedelta(days=7)).isoformat(), "to": now.isoformat()}
    assert asked.get("/misuse", week).json()["looks"] >= 1
    assert asked.get("/sample", {"month": "2026-13"}).status_code == 422


def test_a_hold_is_placed_listed_and_lifted(pages_on_both: Pages) -> None:
    with_alert()
    asked = program(pages_on_both, Role.DATA_PROTECTION_OFFICER, purpose="system_administration")
    body = {"wearer": "W1", "authority": "Coroner 12/26", "reason": "an inquest"}
    assert problem(asked.post("/do/hold", {**body, "wearer": "none"}))["code"] == "WEARER_NOT_KNOWN"
    assert asked.post("/do/hold", body).status_code == 200
    (one,) = asked.get("/holds").json()["items"]
    assert (one["reference"], one["reason"], one["released_at"]) == ("W1", "an inquest", None)
    lifting = {"hold": one["hold_id"], "authority": "Coroner 13/26", "reason": "it is over"}
    assert asked.post("/do/release-hold", lifting).status_code == 200
    (one,) = asked.get("/holds").json()["items"]
    assert one["release_reason"] == "it is over"
    assert one["released_by"] == one["placed_by"]
    assert problem(asked.post("/do/release-hold", lifting))["code"] == "ALREADY_RELEASED"
    assert asked.post("/do/run-retention", {}).status_code == 403


def test_administration_makes_lists_and_closes_an_account(pages_on_both: Pages) -> None:
    asked = program(pages_on_both, Role.ADMINISTRATOR, purpose="system_administration")
    body = {"username": "new", "display_name": "Made Up", "role": "auditor"}
    made = asked.post("/do/add-account", body)
    assert made.status_code == 200, made.content
    again = asked.post("/do/add-account", body)
    assert problem(again)["problems"][0]["pointer"] == "/body/username"
    word = asked.post("/do/first-password", {"username": "new"}).json()["secret"]
    assert len(word) >= 12
    names, query = [], "/accounts?limit=1"
    while query:
        told = asked.get(query).json()
        names += [one["username"] for one in told["items"]]
        query = (told["next"] or "").removeprefix("/api/v1")
    assert names == sorted(["new", "p-administrator", "tester"])
    closed = asked.post("/do/close-account", {"username": "new", "reason": "left"})
    assert closed.status_code == 200
    for path in (
        "/teams", "/forces", "/notice-contacts", "/supplier-keys", "/installation",
        "/retention-policy",
    ):  # fmt: skip
        assert asked.get(path).status_code == 200, path
    rules = asked.get("/eligibility-rules").json()["items"]
    assert ("acquisitive-crime", 3) in {(one["rule_id"], one["version"]) for one in rules}
    told = asked.get("/protocols").json()
    assert (told["protocols_id"], told["version"]) == ("default", 1)
    assert {"harm": "HIGH", "level": 3, "severity": "CRITICAL"} in told["severities"]
    steps = {one["kind"]: one["steps"] for one in told["kinds"]}
    assert {one["name"]: one["after_seconds"] for one in steps["strap"]}["in_hand"] == 900
    assert {one["name"]: one["unless"] for one in steps["zone"]}["queue"] == "closed"
    issued = asked.post(
        "/do/issue-key", {"supplier": "nobody", "label": "x", "scopes": ["devices:read"]}
    )
    assert (issued.status_code, problem(issued)["code"]) == (422, "SUPPLIER_NOT_KNOWN")


def test_an_approval_is_asked_for_decided_and_used(pages_on_both: Pages) -> None:
    with_alert()
    asker = operator(pages_on_both)
    now = datetime.now(UTC)
    body = {
        "use_case": "trail", "purpose": "breach_investigation", "wearer": "W1",
        "from": (now - timedelta(days=20)).isoformat(), "to": now.isoformat(), "reason": "court",
    }  # fmt: skip
    assert asker.post("/do/ask-approval", body).status_code == 200
    chief = program(pages_on_both, Role.HUB_MANAGER, purpose="offender_management")
    (waiting,) = chief.get("/approvals").json()["items"]
    assert (waiting["user"], waiting["about"]) == ("p-monitoring_operator", "W1")
    done = chief.post("/do/decide-permit", {"permit": waiting["ref"], "approve": "yes"})
    assert done.status_code == 200, done.content
    assert chief.get("/approvals").json()["items"] == []
    late = chief.post("/do/decide-permit", {"permit": waiting["ref"], "approve": "yes"})
    assert late.status_code == 422


def test_a_shift_is_handed_over_and_taken(pages_on_both: Pages) -> None:
    with_alert()
    giver = operator(pages_on_both)
    given = giver.post("/handovers", {"words": "quiet"})
    assert given.status_code == 200, given.content
    assert [one["wearer"] for one in given.json()["lines"]] == ["W1"]
    taker = program(pages_on_both, Role.MONITORING_OPERATOR, name="second")
    taken = taker.post("/handovers/take")
    assert taken.status_code == 200, taken.content
    assert (taken.json()["words"], taken.json()["ref"]) == ("quiet", given.json()["ref"])
    assert taker.post("/handovers/take").status_code == 422


def test_casework_lists_are_there(pages_on_both: Pages) -> None:
    from tipstaff.services.cases import record_order

    asked = program(pages_on_both, Role.HUB_MANAGER, purpose="offender_management")
    with_alert()
    force = program(pages_on_both, Role.IOM_COORDINATOR, purpose="offender_management")
    for path in ("/releases", "/releases/not-fitted"):
        assert asked.get(path).json() == {"items": [], "next": None}, path
    for path in ("/plan-reviews", "/tasks"):
        assert force.get(path).json() == {"items": [], "next": None}, path
    lasting = {"ends_at": utc("2099-01-01"), "reviews": (date(2098, 1, 1),)}
    assert record_order(**MANAGING, order=order("O2", **lasting)).problems == ()
    (review,) = asked.get("/reviews", {"by": "2099-01-01"}).json()["items"]
    assert review["wearer"] == "W1"
    contact = {
        "wearer": "W1", "at": datetime.now(UTC).isoformat(), "channel": "phone",
        "party": "wearer", "note": "rang back",
    }  # fmt: skip
    done = force.post("/do/record-contact", contact)
    assert done.status_code == 200, done.content
    (kept,) = [one for one in asked.get("/people/W1").json()["records"] if one["kind"] == "contact"]
    assert kept["versions"][0]["value"]["note"] == "rang back"


def test_a_form_of_another_site_is_no_matter_here(pages: Pages) -> None:
    """No cookie counts, so nothing has to prove that it came from a page of ours."""
    asked = operator(pages)
    with_alert()
    strict = Program(pages(enforce_csrf_checks=True), asked.token)
    mark = strict.get("/alerts/W1/1").json()["mark"]
    assert strict.post("/alerts/W1/1/acknowledge", {"mark": mark}).status_code == 200


def test_the_token_is_of_its_own_request_alone_under_asgi(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from django.test import AsyncClient

    from tipstaff.records.connections import close_own
    from tipstaff.services.alert_lists import list_alerts

    asked = operator(pages)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])

    async def ask() -> list[int]:
        client = AsyncClient()
        answers = [
            await client.get("/api/v1/alerts", headers=headers)
            for headers in (asked.headers(), {}, asked.headers())
        ]
        return [one.status_code for one in answers]

    assert asyncio.run(ask()) == [200, 401, 200]
    close_own()
    list_alerts(**MANAGING)
    tokens = [one.extent.get("token") for one in entries("list_alerts")]
    assert tokens == [asked.token.split(".")[1]] * 4 + [None] * 2
