"""Signing in through an OpenID Connect provider, which is played in process: no network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from sign_in_fixtures import account, code, entries, text, with_app

Pages = Callable[..., Any]
ISSUER = "https://login.example.uk/force"


class Played:
    """A provider: its metadata, and an ID token with the claims that a test gives."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "ann"}
        self.asked: list[str] = []

    def __enter__(self) -> Played:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, url: str, **_: Any) -> Any:
        self.asked.append(url)
        return self.answer(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def request(self, _method: str, url: str, **_: Any) -> Any:
        self.asked.append(url)
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "tipstaff", "iat": now, "exp": now + 60} | self.claims
        token = jwt.encode(claims, "a key of thirty-two bytes, or more", "HS256")
        return self.answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    @staticmethod
    def answer(content: dict[str, Any]) -> Any:
        return SimpleNamespace(
            status_code=200,
            headers={"content-type": "application/json"},
            json=lambda: content,
            raise_for_status=lambda: None,
        )


@pytest.fixture
def provider(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    from django.conf import settings
    from django.test import override_settings

    from tipstaff.web.openid import Provider

    played = Played()
    monkeypatch.setattr(Provider, "get_requests_session", lambda _self: played)
    app = {
        "provider_id": "openid", "name": "the force", "client_id": "tipstaff", "secret": "s",
        "settings": {"server_url": ISSUER, "fetch_userinfo": False},
    }  # fmt: skip
    connect = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": connect}):
        yield played


def come_back(client: Any, **changed: str) -> Any:
    """Go to the provider and come back from it."""
    gone = client.post("/sign-in/openid")
    where = urlsplit(gone.headers["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{ISSUER}/authorize"
    sent = {key: values[0] for key, values in parse_qs(where.query).items()}
    assert sent["redirect_uri"] == "http://localhost/sign-in/openid/callback"
    assert sent["code_challenge_method"] == "S256"
    assert "email" not in sent["scope"]
    return client.get("/sign-in/openid/callback", {"code": "c", "state": sent["state"]} | changed)


def codes() -> list[str]:
    return [e.extent["code"] for e in entries("sign_in") if e.operation == "refusal"]


def test_an_account_of_that_name_is_tied_and_asked_for_its_second_factor(
    pages: Pages, provider: Played
) -> None:
    from allauth.socialaccount.models import SocialAccount, SocialToken

    user = with_app(account(password=""))
    provider.claims |= {"email": "ann@example.uk", "name": "Ann Other"}
    client = pages()
    assert come_back(client).headers["Location"] == "/sign-in/second-factor"
    assert client.get("/account").status_code == 302
    client.post("/sign-in/second-factor", {"code": code()})
    assert "None: you sign in by your organisation" in text(client.get("/account"))
    (tied,) = SocialAccount.objects.all()
    assert (tied.user_id, tied.uid, tied.extra_data) == (user.id, "s-1", {})
    assert not SocialToken.objects.exists()
    (entry,) = entries("sign_in")
    assert entry.extent == {"first": "provider", "second": "totp"}
    assert len(entries("tie_to_provider")) == 1


def test_the_second_time_the_subject_counts_and_not_the_name(
    pages: Pages, provider: Played
) -> None:
    from allauth.socialaccount.models import SocialAccount

    account(password="")
    come_back(pages())
    provider.claims = {"sub": "s-1", "preferred_username": "ann.married"}
    client = pages()
    assert come_back(client).status_code == 302
    assert client.get("/account").headers["Location"] == "/account/second-factor"
    provider.claims = {"sub": "s-2", "preferred_username": "ann"}
    assert come_back(pages()).status_code == 403
    assert codes() == ["tied_to_another"]
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nobody", "no_account"),
        ("", "no_account"),
        ("cat", "inactive"),
        ("tester", "local_account"),
    ],
)
def test_no_account_is_made_and_none_is_opened_that_should_not(
    pages: Pages, provider: Played, name: str, why: str
) -> None:
    from tipstaff.records.models import User

    closed = account("cat")
    closed.is_active = False
    closed.save()
    before = User.objects.count()
    provider.claims["preferred_username"] = name
    client = pages()
    refused = come_back(client)
    assert refused.status_code == 403
    assert "did not lead to an account here" in text(refused)
    assert codes() == [why]
    assert User.objects.count() == before
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_a_closed_account_that_was_tied_stays_out(pages: Pages, provider: Played) -> None:
    user = account(password="")
    come_back(pages())
    user.is_active = False
    user.save()
    assert come_back(pages()).status_code == 403
    assert codes() == ["inactive"]


@pytest.mark.parametrize("wrong", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}])
def test_a_token_for_somebody_else_is_not_believed(
    pages: Pages, provider: Played, wrong: dict[str, Any]
) -> None:
    account(password="")
    provider.claims |= wrong
    client = pages()
    assert come_back(client).status_code == 403
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_an_answer_that_was_not_asked_for_is_not_believed(pages: Pages, provider: Played) -> None:
    account(password="")
    assert come_back(pages(), state="another").status_code == 403
    client = pages()
    assert client.get("/sign-in/openid/callback?code=c&state=x").status_code == 403
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_going_there_takes_a_form_of_ours(pages: Pages, provider: Played) -> None:
    assert pages(enforce_csrf_checks=True).post("/sign-in/openid").status_code == 403
    assert "Continue" in text(pages().get("/sign-in/openid"))
    assert provider.asked == []


def test_a_provider_out_of_reach_is_no_fault_of_ours(
    pages: Pages, provider: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_url: str, **_: Any) -> Any:
        raise requests.ConnectionError

    monkeypatch.setattr(provider, "get", nothing)
    assert pages().post("/sign-in/openid").status_code == 403


def test_the_sign_in_page_offers_the_provider(
    pages: Pages, provider: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.template import engines

    assert "organisation" not in text(pages().get("/sign-in"))
    monkeypatch.setitem(engines["jinja2"].env.globals, "openid_name", "the force")
    assert "Sign in with the force" in text(pages().get("/sign-in?next=/account"))


def test_without_a_provider_there_is_no_such_page(pages: Pages) -> None:
    assert pages().post("/sign-in/openid").status_code == 404
    assert pages().get("/sign-in/openid/callback?code=c&state=x").status_code == 404
