"""Tokens of the API as people make them: on the account's page, and by `tipstaff tokens`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from asked_api import Program
from click.testing import Result
from made_accounts import account
from sign_in_fixtures import PASSWORD, entries, sign_in, text, with_app
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
WHY = ("--purpose", "system_administration")


def tipstaff(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def signed_in(pages: Pages, role: Role = Role.MONITORING_OPERATOR) -> Any:
    """A browser of somebody in that role."""
    from django.utils import timezone

    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=account("olive", role))
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    with_app(user)
    browser = pages()
    assert sign_in(browser, "olive").status_code == 302
    return browser


def confirm(browser: Any) -> None:
    """Show again who one is."""
    assert browser.post("/account/confirm", {"password": PASSWORD}).status_code == 302
    assert browser.get("/account/tokens/new").status_code == 200


def test_a_token_is_made_shown_once_used_and_ended(pages: Pages) -> None:
    browser = signed_in(pages)
    assert "You have none" in text(browser.get("/account"))
    confirm(browser)
    asked = {"label": "dashboard", "scopes": ["alerts:read"], "days": "7"}
    made = browser.post("/account/tokens/new", asked)
    found = re.search(r"tat\.[0-9a-f]{16}\.[\w-]{43}", made.content.decode())
    assert found is not None
    assert Program(pages(), found[0]).get("/alerts").status_code == 200
    page = browser.get("/account")
    assert "dashboard" in text(page)
    assert found[0].encode() not in page.content
    name = found[0].split(".")[1]
    assert browser.post(f"/account/tokens/{name}/end").status_code == 302
    assert Program(pages(), found[0]).get("/alerts").status_code == 401
    assert "You have none" in text(browser.get("/account"))
    assert browser.post("/account/tokens/0123456789abcdef/end").status_code == 404
    assert [one.use_case for one in entries("add_token")] == ["add_token"]


def test_what_is_wrong_with_a_token_is_told_beside_its_field(pages: Pages) -> None:
    browser = signed_in(pages)
    confirm(browser)
    wrong = browser.post("/account/tokens/new", {"label": "x", "scopes": ["read"], "days": "91"})
    assert wrong.status_code == 422
    assert "from 1 to 90 days" in text(wrong)
    none = browser.post("/account/tokens/new", {"label": "x", "days": "7"})
    assert none.status_code == 422


def test_a_token_is_made_by_whoever_has_just_shown_who_they_are(pages: Pages) -> None:
    browser = signed_in(pages)
    for answer in (
        browser.get("/account/tokens/new"),
        browser.post("/account/tokens/new", {"label": "x", "scopes": ["read"]}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/confirm")
    assert not entries("add_token")


def test_another_password_ends_the_tokens(pages: Pages) -> None:
    from asked_api import token_of

    browser = signed_in(pages)
    token = token_of("olive")
    assert Program(pages(), token).get("/alerts").status_code == 200
    new = "four quiet otters at dusk"
    words = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/account/password", words).status_code == 302
    assert Program(pages(), token).get("/alerts").status_code == 401


def test_tokens_by_command(pages: Pages) -> None:
    account("olive", Role.MONITORING_OPERATOR)
    add = ("tokens", "add", "olive", "--label", "night list", "--scope", "read")
    made = tipstaff(*add, *WHY)
    assert made.exit_code == 0, made.output
    token = made.stdout.strip()
    name = token.split(".")[1]
    assert f"Token {name} of olive works until" in made.stderr
    assert Program(pages(), token).get("/alerts").status_code == 200
    listed = tipstaff("tokens", "list", *WHY).stdout
    assert f"{name}  olive  night list  works  read" in listed
    assert token not in listed
    assert tipstaff("tokens", "end", name, *WHY).stdout == f"{name}: ended\n"
    assert "ended" in tipstaff("tokens", "list", *WHY).stdout
    assert tipstaff("tokens", "end", "f" * 16, *WHY).exit_code == 2
    assert tipstaff("tokens", "list", "--own", *WHY).stdout == ""
    for words in (
        (*add, "--days", "91"),
        ("tokens", "add", "nobody", "--label", "x", "--scope", "read"),
        ("tokens", "add", "tester", "--label", "x", "--scope", "read"),
        ("tokens", "add", "olive", "--label", "x", "--scope", "everything"),
    ):
        assert tipstaff(*words, *WHY).exit_code == 2, words


def test_nobody_makes_a_token_for_another(pages: Pages) -> None:

    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.access import RefusedError
    from tipstaff.services.api_tokens import WantedToken, add_token

    account("olive", Role.MONITORING_OPERATOR)
    account("adam", Role.ADMINISTRATOR)
    who = {"actor": "adam", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": ""}
    wanted = WantedToken("x", frozenset({"read"}), account="olive")
    with pytest.raises(RefusedError, match="not_permitted"):
        add_token(**who, wanted=wanted)
