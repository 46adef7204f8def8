"""Deny by default: every address refuses whoever has not signed in with a second factor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sign_in_fixtures import OTHER, PASSWORD, account, enter, sign_in, text, with_app

Pages = Callable[..., Any]
#: What stands for the parts of an address.
PARTS = {"uuid": str(UUID(int=1)), "int": "1", "str": "x", "slug": "x", "path": "x", "ref": "x"}
#: The whole list, written again: adding a public page means saying so here too.
API = "/api/v1/"
PUBLIC = {
    "/health",
    "/sign-in",
    "/sign-in/openid",
    "/sign-in/openid/callback",
    "/sign-in/second-factor",
    "/sign-out",
}
#: Pages that open by a wearer's own code: they lead to where it is entered, and nowhere else.
OWN = {
    "/own",
    "/own/close",
    "/own/week",
    "/own/record",
    "/own/seen",
    "/own/consent",
    "/own/consent/withdraw",
    "/own/change",
    "/own/change/words",
    "/own/change/away",
    "/own/copy",
    "/own/copy/tables",
}


def addresses(
    patterns: Any = None, before: str = "/", *, within_api: bool = False
) -> Iterator[str]:
    """Every address there is, nested ones too; those below the API's if asked for."""
    from django.urls import get_resolver

    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], str(pattern.pattern))
        if before + route == API and not within_api:
            continue
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, before + route, within_api=within_api)
        else:
            yield before + route


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_without_signing_in_everything_leads_to_signing_in(pages: Pages, method: str) -> None:
    walked = list(addresses())
    assert len(walked) > 15
    for address in walked:
        if address not in PUBLIC | OWN:
            answer = getattr(pages(), method)(address)
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
                302, "/sign-in",
            ), address  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_below_the_api_a_token_is_asked_for(pages: Pages, method: str) -> None:
    """Signed in or not: but for its own description it tells nothing."""
    client = pages()
    with_app(account())
    sign_in(client)
    walked = [one for one in addresses(within_api=True) if one.startswith(API)]
    assert len(walked) > 60
    for address in walked:
        answer = getattr(client, method)(address)
        if method == "get" and address == f"{API}openapi.json":
            assert answer.status_code == 200
        elif not address.endswith((API, "openapi.json")):
            assert answer.status_code in {401, 405}, address


def test_the_list_of_public_pages_is_this_one(pages: Pages) -> None:
    from django.urls import reverse

    from tipstaff.web.gate import OWN as OWN_NAMES
    from tipstaff.web.gate import PUBLIC as NAMES

    assert {reverse(name) for name in NAMES} == PUBLIC
    assert {reverse(name) for name in OWN_NAMES} == OWN


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_without_a_code_a_wearers_pages_lead_to_where_it_is_entered(
    pages: Pages, method: str, signed_in: bool
) -> None:
    client = pages()
    if signed_in:
        with_app(account())
        sign_in(client)
    for address in OWN - {"/own"}:
        answer = getattr(client, method)(address)
        assert answer.headers.get("Location") == "/own" or answer.status_code == 405, address


def test_a_password_alone_leads_to_setting_up_a_second_factor(pages: Pages) -> None:
    account()
    client = pages()
    assert enter(client).headers["Location"] == "/"
    set_up = {
        "/account/second-factor",
        "/account/second-factor/app",
        "/account/second-factor/key",
        "/account/confirm",
    }
    for address in addresses():
        for method in ("get", "post"):
            if address not in PUBLIC | OWN | set_up:
                answer = getattr(client, method)(address)
                assert answer.headers.get("Location") == "/account/second-factor", address
    assert "Set up a second factor" in text(client.get("/account/second-factor"))


def test_a_first_password_leads_to_another_one(pages: Pages) -> None:
    from django.utils import timezone

    from tipstaff.records import credentials

    user = with_app(account())
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=True)
    client = pages()
    sign_in(client)
    for address in addresses():
        if address not in PUBLIC | OWN | {"/account/password"}:
            assert client.get(address).headers.get("Location") == "/account/password", address
    same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/password", same).status_code == 200
    assert client.get("/account").status_code == 302
    other = same | {"password1": OTHER, "password2": OTHER}
    assert client.post("/account/password", other).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_session_from_before_the_second_factor_must_sign_in_again(pages: Pages) -> None:
    user = account()
    client = pages()
    enter(client)
    with_app(user)
    assert client.get("/account").headers["Location"] == "/sign-in"
    assert client.get("/account").headers["Location"].startswith("/sign-in?next=")


def test_health_says_alive_and_nothing_else(pages: Pages) -> None:
    answer = pages().get("/health")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert not answer.cookies


def test_a_wrong_turn_is_no_page_for_anybody(pages: Pages) -> None:
    with_app(account())
    client = pages()
    sign_in(client)
    assert client.get("/account/second-factor/key/1/remove").status_code == 302
    assert client.post(f"/account/sessions/{UUID(int=1)}/end").status_code == 302
    assert client.get("/sign-in").headers["Location"] == "/"
