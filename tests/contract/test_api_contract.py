"""The API: tokens, scopes, purposes, problems, pages and ETags; that it does what pages do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alert_samples import new_alert
from asked_api import Program, operator, problem, program, token_of, with_alert
from made_accounts import LOCAL, account
from sign_in_fixtures import entries

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
MANAGING = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def test_a_token_lists_what_the_account_sees(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    with_alert()
    answer = asked.get("/alerts")
    assert answer.status_code == 200, answer.content
    (line,) = answer.json()["items"]
    assert (line["wearer"], line["severity"], line["mark"]) == ("W1", "CRITICAL", "0.1")
    assert "no-store" in answer.headers["Cache-Control"]
    (entry, _) = entries("list_alerts")
    assert entry.extent["token"] == asked.token.split(".")[1]


def test_without_a_token_that_works_nothing_is_told(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    parts = asked.token.split(".")
    wrong = ["", "x", "tat.0123456789abcdef." + "A" * 43, f"tat.{parts[1]}.{'A' * 43}"]
    for token in wrong:
        answer = Program(asked.client, token).get("/alerts")
        assert answer.status_code == 401, token
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert problem(answer)["code"] == "UNAUTHORIZED"
    assert not entries("list_alerts")


def test_a_session_of_a_browser_opens_nothing(pages_on_both: Pages) -> None:
    from sign_in_fixtures import PASSWORD, sign_in, with_app

    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=account("olive", Role.MONITORING_OPERATOR))
    now = datetime.now(UTC)
    credentials.set_password(user.id, credentials.hashed(PASSWORD), now, temporary=False)
    with_app(user)
    browser = pages_on_both()
    assert sign_in(browser, "olive").status_code == 302
    assert browser.get("/api/v1/alerts").status_code == 401


def test_a_token_is_good_for_its_scopes_alone(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both, "alerts:read")
    with_alert()
    assert asked.get("/alerts").status_code == 200
    for answer in (asked.get("/orders"), asked.post("/alerts/W1/1/note", {})):
        assert (answer.status_code, problem(answer)["code"]) == (403, "OUTSIDE_SCOPE")


def test_what_the_role_may_not_do_is_refused_and_on_record(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    answer = asked.get("/audit")
    assert (answer.status_code, problem(answer)["code"]) == (403, "not_permitted")
    (entry,) = entries("list_audit")
    assert entry.operation == "refusal"
    assert entry.extent["token"] == asked.token.split(".")[1]


def test_a_purpose_has_to_be_said_and_to_be_the_roles(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    for purpose in ("", "curiosity"):
        answer = Program(asked.client, asked.token, purpose).get("/alerts")
        assert (answer.status_code, problem(answer)["code"]) == (422, "PURPOSE")
    other = Program(asked.client, asked.token, "equality_monitoring").get("/alerts")
    assert (other.status_code, problem(other)["code"]) == (403, "purpose_not_permitted")
    bare = Program(asked.client, asked.token, "external_request").get("/alerts")
    assert (bare.status_code, problem(bare)["code"]) == (403, "authority_missing")


def test_a_token_ends_with_its_time_its_account_and_its_role(
    pages_on_both: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.accounts import Duty, change_account, close_account
    from tipstaff.services.api_tokens import end_token
    from tipstaff.web.api import asking

    asked = operator(pages_on_both)
    assert asked.get("/alerts").status_code == 200
    later = datetime.now(UTC) + timedelta(days=30, seconds=1)
    with monkeypatch.context() as at:
        at.setattr(asking.timezone, "now", lambda: later)
        assert asked.get("/alerts").status_code == 401
    duty = Duty(Role.HUB_CASEWORKER, "Made Up")
    change_account(**LOCAL, username="p-monitoring_operator", duty=duty, reason="moved")
    assert asked.get("/alerts").status_code == 401
    second = Program(asked.client, token_of("p-monitoring_operator"), "crime_matching")
    assert second.get("/matches").status_code in {200, 403}
    assert end_token(**LOCAL, token_id=second.token.split(".")[1]) is None
    assert second.get("/matches").status_code == 401
    third = Program(asked.client, token_of("p-monitoring_operator"), "crime_matching")
    close_account(**LOCAL, username="p-monitoring_operator", reason="left")
    assert third.get("/matches").status_code == 401


def test_resetting_a_sign_in_and_a_first_password_end_tokens(pages_on_both: Pages) -> None:
    from tipstaff.services.sign_in import reset_sign_in, set_first_password

    asked = operator(pages_on_both)
    reset_sign_in(**LOCAL, name="p-monitoring_operator")
    assert asked.get("/alerts").status_code == 401
    other = Program(asked.client, token_of("p-monitoring_operator"))
    done = set_first_password(
        **LOCAL, name="p-monitoring_operator", password="four quiet otters at dusk"
    )
    assert done.problems == ()
    assert other.get("/alerts").status_code == 401


def test_who_comes_too_often_is_told_when_to_come_again(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.domain.rate_limits import Rate
    from tipstaff.web.api import asking

    asked = operator(pages)
    monkeypatch.setattr(asking.desk(), "rate", Rate(2, 5_000_000))
    answers = [asked.get("/outages") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 5
    assert problem(answers[-1])["code"] == "TOO_MANY_REQUESTS"


def test_an_act_is_done_once_and_by_whoever_saw_the_last(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    with_alert()
    mark = asked.get("/alerts/W1/1").json()["mark"]
    done = asked.post("/alerts/W1/1/acknowledge", {"mark": mark})
    assert done.status_code == 200, done.content
    assert done.json()["mark"] != mark
    again = asked.post("/alerts/W1/1/note", {"mark": mark, "words": "seen"})
    assert (again.status_code, problem(again)["code"]) == (409, "CHANGED_SINCE")
    wrong = asked.post("/alerts/W1/1/note", {"mark": done.json()["mark"], "words": ""})
    assert wrong.status_code == 422
    (fault,) = problem(wrong)["problems"]
    assert fault["pointer"] == "/body/words"
    told = asked.get("/alerts/W1/1").json()
    assert [one["act"] for one in told["decisions"]] == ["acknowledge"]


def test_limited_access_is_as_if_it_did_not_exist(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    with_alert(limited_access=True)
    for path in ("/alerts/{}/1", "/people/{}"):
        hidden, nobody = (asked.get(path.format(name)) for name in ("W1", "nobody"))
        assert hidden.status_code == 404, path
        assert hidden.content == nobody.content
    assert asked.get("/alerts").json()["items"] == []
    assert asked.get("/people/W1/compliance").json() == asked.get("/people/x/compliance").json()


def test_a_list_goes_on_by_its_next_link(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    for number in range(5):
        with_alert(f"W{number}")
    seen, query = [], "/alerts?limit=2"
    while query:
        told = asked.get(query).json()
        seen += [one["wearer"] for one in told["items"]]
        query = (told["next"] or "").removeprefix("/api/v1")
    assert sorted(seen) == [f"W{number}" for number in range(5)]
    orders, query = [], "/orders?limit=2"
    while query:
        told = asked.get(query).json()
        orders += [one["wearer"] for one in told["items"]]
        query = (told["next"] or "").removeprefix("/api/v1")
    assert sorted(orders) == sorted(seen)
    for wrong in ("x", "W10", "eyJhIjoxfQ", "WyIxIl0"):
        answer = asked.get("/alerts", {"after": wrong})
        assert (answer.status_code, problem(answer)["code"]) == (422, "CURSOR"), wrong
    assert asked.get("/alerts", {"limit": "201"}).status_code == 422


def test_what_did_not_change_is_not_sent_again_but_is_a_look(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    with_alert()
    first = asked.get("/alerts")
    again = asked.get("/alerts", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(entries("list_alerts")) == 4
    new_alert("W1")
    other = asked.get("/alerts", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_unknown_addresses_and_methods_are_problems(pages: Pages) -> None:
    asked = operator(pages)
    assert problem(asked.get("/nothing"))["code"] == "NOT_FOUND"
    answer = asked.client.delete("/api/v1/alerts", headers=asked.headers())
    assert problem(answer)["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"] == "GET"
    broken = asked.client.post(
        "/api/v1/alerts/W1/1/note", "{", content_type="application/json", headers=asked.headers()
    )
    assert problem(broken)["code"] == "BAD_REQUEST"


def test_a_program_sees_and_ends_its_own_tokens_alone(pages_on_both: Pages) -> None:
    asked = operator(pages_on_both)
    other = program(pages_on_both, Role.HUB_MANAGER)
    mine, theirs = (one.token.split(".")[1] for one in (asked, other))
    assert [one["token_id"] for one in asked.get("/tokens").json()["items"]] == [mine]
    assert asked.get("/tokens", {"every": "true"}).status_code == 403
    assert asked.post(f"/tokens/{theirs}/end").status_code == 404
    assert asked.post(f"/tokens/{mine}/end").status_code == 200
    assert asked.get("/tokens").status_code == 401


def test_nothing_is_left_of_a_token_but_a_digest(pages: Pages, sqlite_instance: Any) -> None:
    asked = operator(pages)
    asked.get("/alerts")
    secret = asked.token.split(".")[2].encode()
    kept = [path for path in sqlite_instance.data.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if secret in path.read_bytes()]


def test_the_database_lets_no_token_live_again(pages_on_both: Pages) -> None:
    from django.db import DatabaseError, transaction

    from tipstaff.records.models import ApiToken

    operator(pages_on_both)
    now = datetime.now(UTC)
    ApiToken.objects.update(ended_at=now)
    for change in ({"ended_at": None}, {"scopes": ["act"]}, {"expires_at": now + timedelta(99)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiToken.objects.update(**change)


def test_every_operation_asks_for_a_token_and_its_own_scope(pages: Pages) -> None:
    """Walked, so that none that is added is left out."""
    from tipstaff.domain.rate_limits import Rate
    from tipstaff.web.api import asking
    from tipstaff.web.api.console import API
    from tipstaff.web.api.parts import OPERATIONS

    asked = operator(pages, "fleet:act")
    asking.desk().rate = Rate.per_minute(60_000, burst=60_000)
    schema = API.get_openapi_schema(path_prefix="/api/v1/")
    names = set()
    for path, methods in schema["paths"].items():
        address = path.replace("{number}", "1").replace("{", "").replace("}", "")
        for method, told in methods.items():
            call = getattr(asked.client, method)
            names.add(told["operationId"])
            assert call(address).status_code == 401, path
            refused = call(address, headers=asked.headers())
            assert (refused.status_code, problem(refused)["code"]) == (403, "OUTSIDE_SCOPE"), path
            assert {"401", "403", "422", "429"} <= {str(one) for one in told["responses"]}
    assert names == set(OPERATIONS)


def test_the_openapi_is_there_for_everybody_and_names_nobody(pages: Pages) -> None:
    operator(pages)
    answer = pages().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert pages().get("/api/v1/docs").status_code == 404
