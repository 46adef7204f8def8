"""Second factors: set up, used once, removed with care, each change in the audit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sign_in_fixtures import PASSWORD, account, code, enter, entries, sign_in, text, with_app

Pages = Callable[..., Any]
APP = "/account/second-factor/app"


def set_up(client: Any) -> tuple[str, list[str]]:
    """Set up an app for codes; its secret and the recovery codes."""
    page = client.get(APP).content.decode()
    secret = re.search(r'tipstaff-key">(\w+)<', page)
    assert secret
    assert "data:image/svg+xml" in page
    assert client.post(APP, {"code": "12"}).status_code == 200
    done = client.post(APP, {"code": code(secret[1])})
    assert done.headers["Location"] == "/account/recovery-codes"
    shown = client.get("/account/recovery-codes").content.decode()
    return secret[1], re.findall(r"<code>(\d+)</code>", shown)


def test_setting_up_an_app_opens_the_rest(pages: Pages) -> None:
    user = account()
    client = pages()
    enter(client)
    key = client.cookies["tipstaff"].value
    secret, recovery = set_up(client)
    assert client.cookies["tipstaff"].value != key
    assert client.get("/account").status_code == 200
    assert len(set(recovery)) == 10
    added = entries("add_second_factor")
    assert {entry.extent["factor"] for entry in added} == {"totp", "recovery_codes"}
    assert len(added) == 2
    assert {entry.actor_ref for entry in added} == {user.id}
    again = client.get("/account/recovery-codes").content.decode()
    assert not re.findall(r"<code>\d+</code>", again)
    assert secret not in again


def test_the_code_that_set_an_app_up_opens_nothing_more(pages: Pages) -> None:
    account()
    client = pages()
    enter(client)
    secret, _ = set_up(client)
    used = code(secret)
    other = pages()
    enter(other)
    assert other.post("/sign-in/second-factor", {"code": used}).status_code == 200
    assert other.post("/sign-in/second-factor", {"code": code(secret, steps=1)}).status_code == 302


def test_a_code_is_good_once_even_after_a_restart(pages: Pages) -> None:
    from django.core.cache import cache

    with_app(account())
    used = code()
    sign_in(pages())
    cache.clear()
    client = pages()
    enter(client)
    refused = client.post("/sign-in/second-factor", {"code": used})
    assert "not yet used" in text(refused)
    older = client.post("/sign-in/second-factor", {"code": code(steps=-1)})
    assert older.status_code == 200
    assert [entry.extent["code"] for entry in entries("sign_in")[1:]] == ["wrong_code"] * 2


@pytest.mark.parametrize("steps", [-3, -2, 3, 4])
def test_a_code_of_another_time_is_wrong(pages: Pages, steps: int) -> None:
    with_app(account())
    client = pages()
    enter(client)
    assert client.post("/sign-in/second-factor", {"code": code(steps=steps)}).status_code == 200


def test_a_recovery_code_is_good_once(pages: Pages) -> None:
    account()
    client = pages()
    enter(client)
    _, recovery = set_up(client)
    for expected in (302, 200):
        other = pages()
        enter(other)
        sent = other.post("/sign-in/second-factor", {"code": recovery[0]})
        assert sent.status_code == expected
    opened = [entry.extent for entry in entries("sign_in") if entry.operation == "sign_in"]
    assert opened[-1] == {"first": "password", "second": "recovery_codes"}


def test_the_last_second_factor_stays(pages: Pages) -> None:
    from allauth.mfa.models import Authenticator

    with_app(account())
    client = pages()
    sign_in(client)
    asked = client.get(f"{APP}/remove")
    assert (
        asked.headers["Location"]
        == "/account/confirm?next=%2Faccount%2Fsecond-factor%2Fapp%2Fremove"
    )
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).status_code == 302
    assert "another second factor" in text(client.get(f"{APP}/remove"))
    client.post(f"{APP}/remove")
    assert Authenticator.objects.count() == 1
    assert entries("remove_second_factor") == []


def test_the_last_key_stays(pages: Pages) -> None:
    from allauth.mfa.models import Authenticator

    user = with_app(account())
    client = pages()
    sign_in(client)
    client.post("/account/confirm", {"password": PASSWORD})
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Blue"})
    Authenticator.objects.filter(type="totp").delete()
    address = f"/account/second-factor/key/{key.pk}/remove"
    assert "Remove Blue?" in text(client.get(address))
    assert client.post(address).headers["Location"] == "/account/second-factor?last"
    assert "only second factor" in text(client.get("/account/second-factor?last"))
    with_app(user)
    assert client.post(address).headers["Location"] == "/account"
    assert [entry.extent for entry in entries("remove_second_factor")] == [{"factor": "webauthn"}]


def test_other_peoples_keys_are_not_there(pages: Pages) -> None:
    from allauth.mfa.models import Authenticator

    with_app(account())
    key = Authenticator.objects.create(user=account("bob"), type="webauthn", data={"name": "Bob's"})
    client = pages()
    sign_in(client)
    client.post("/account/confirm", {"password": PASSWORD})
    assert client.get(f"/account/second-factor/key/{key.pk}/remove").status_code == 404


def test_new_recovery_codes_need_the_password_and_end_the_old(pages: Pages) -> None:
    account()
    client = pages()
    enter(client)
    secret, recovery = set_up(client)
    other = pages()
    enter(other)
    other.post("/sign-in/second-factor", {"code": code(secret, steps=1)})
    address = "/account/recovery-codes/new"
    assert other.post(address).headers["Location"].startswith("/account/confirm")
    other.post("/account/confirm", {"password": PASSWORD})
    assert other.post(address).status_code == 302
    last = pages()
    enter(last)
    assert last.post("/sign-in/second-factor", {"code": recovery[1]}).status_code == 200


def test_a_change_and_its_entry_are_one(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.mfa.models import Authenticator

    account()
    client = pages(raise_request_exception=False)
    enter(client)
    page = client.get(APP).content.decode()
    secret = re.search(r'tipstaff-key">(\w+)<', page)
    assert secret
    with monkeypatch.context() as broken:
        broken.setattr("tipstaff.services.sign_in_entries.audit.append", _fails)
        assert client.post(APP, {"code": code(secret[1])}).status_code == 500
    assert not Authenticator.objects.exists()


def _fails(_entry: object) -> None:
    raise OSError("no room")


#: What no key answers: not JSON, not an answer, an answer to nothing.
NO_KEYS = [
    "", "{", "[]", "7", '"a"', "{}", '{"id": "AA", "rawId": "AA", "type": "public-key"}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "attestationObject": "AA", "signature": "AA"}}',
]  # fmt: skip


#: No answer at all: asked for again, and not counted.
NOTHING = {"", "{", "[]", "{}"}


@pytest.mark.parametrize("credential", NO_KEYS)
def test_what_no_key_answers_is_wrong_and_no_fault(pages: Pages, credential: str) -> None:
    with_app(account())
    client = pages()
    enter(client)
    client.get("/sign-in/second-factor")
    answer = client.post("/sign-in/second-factor", {"credential": credential})
    assert answer.status_code == 200
    assert client.get("/account").status_code == 302
    counted = [entry.extent["code"] for entry in entries("sign_in")]
    assert counted == ([] if credential in NOTHING else ["wrong_code"])


@pytest.mark.parametrize("credential", NO_KEYS)
def test_what_is_no_key_is_not_added(pages: Pages, credential: str) -> None:
    from allauth.mfa.models import Authenticator

    account()
    client = pages()
    enter(client)
    client.get("/account/second-factor/key")
    answer = client.post("/account/second-factor/key", {"credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_keys_lock_out_too(pages: Pages) -> None:
    with_app(account())
    client = pages()
    enter(client)
    sent = {"credential": '{"id": "AA"}'}
    answers = [client.post("/sign-in/second-factor", sent).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
