"""Signing in with a password and a second factor: what it gives, refuses and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from sign_in_fixtures import (
    OTHER,
    PASSWORD,
    SECRET,
    account,
    code,
    enter,
    entries,
    sign_in,
    text,
    with_app,
)

Pages = Callable[..., Any]


def is_in(client: Any) -> bool:
    return bool(client.get("/account").status_code == 200)


def cookie(client: Any) -> str:
    return str(client.cookies["tipstaff"].value)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves Django's clock on."""
    moved = [timedelta(0)]
    real = timezone.now

    def now() -> datetime:
        return real() + moved[0]

    monkeypatch.setattr(timezone, "now", now)
    for module in ("axes.attempts", "axes.handlers.proxy"):
        monkeypatch.setattr(f"{module}.now", now)
    return lambda by: moved.__setitem__(0, moved[0] + by)


def test_password_then_code_opens_the_account(pages: Pages) -> None:
    with_app(account())
    client = pages()
    assert enter(client).headers["Location"] == "/sign-in/second-factor"
    assert not is_in(client)
    before = cookie(client)
    done = client.post("/sign-in/second-factor", {"code": code()})
    assert done.headers["Location"] == "/"
    assert cookie(client) != before
    shown = text(client.get("/account"))
    assert "Role analyst" in shown


def test_the_session_and_its_entry_are_one(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    user = with_app(account())
    client = pages(raise_request_exception=False)
    enter(client)
    with monkeypatch.context() as broken:
        broken.setattr("tipstaff.services.sign_in_entries.audit.append", _fails)
        assert client.post("/sign-in/second-factor", {"code": code()}).status_code == 500
    assert not is_in(client)
    assert entries("sign_in") == []
    client = pages()
    enter(client)
    client.post("/sign-in/second-factor", {"code": code(steps=1)})
    (entry,) = entries("sign_in")
    assert (entry.operation, entry.actor_ref) == ("sign_in", user.id)
    assert entry.extent == {"first": "password", "second": "totp"}
    client.post("/sign-out")
    (out,) = entries("sign_out")
    assert out.request_ref == entry.request_ref
    assert not is_in(client)


def _fails(*_args: object, **_more: object) -> None:
    raise OSError("no room")


def test_known_unknown_closed_and_passwordless_accounts_get_one_answer(pages: Pages) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    account()
    account("bob", password="")
    closed = account("cat")
    closed.is_active = False
    closed.save()
    answers, counts = [], []
    for name, password in [
        ("ann", "wrong"), ("bob", PASSWORD), ("cat", PASSWORD), ("nobody", PASSWORD),
    ]:  # fmt: skip
        client = pages()
        client.get("/sign-in")
        with CaptureQueriesContext(connection) as asked:
            answer = enter(client, name, password)
        answers.append((answer.status_code, text(answer)))
        counts.append(len(asked))
    assert len(set(answers)) == 1
    assert len(set(counts)) == 1
    assert "belong together" in answers[0][1]
    refused = [entry for entry in entries("sign_in") if entry.operation == "refusal"]
    assert [entry.actor_ref is None for entry in refused] == [False, False, False, True]
    assert {entry.extent["code"] for entry in refused} == {"wrong_password"}


@pytest.mark.parametrize("name", ["ann", "nobody", "bob"])
def test_every_try_costs_one_hash(pages: Pages, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from tipstaff.records.passwords import Argon2id

    account()
    account("bob", password="")
    made: list[str] = []
    real = Argon2id.encode, Argon2id.verify
    monkeypatch.setattr(
        Argon2id, "encode", lambda *a, **k: made.append("encode") or real[0](*a, **k)
    )
    monkeypatch.setattr(
        Argon2id, "verify", lambda *a, **k: made.append("verify") or real[1](*a, **k)
    )
    enter(pages(), name, "wrong")
    assert len(made) == 1


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_lock_out_by_account_and_address(pages: Pages, name: str, clock: Any) -> None:
    with_app(account())
    for _ in range(4):
        assert enter(pages(), name, "wrong").status_code == 200
    fifth = enter(pages(), name, "wrong")
    assert fifth.status_code == 429
    assert "30 minutes" in text(fifth)
    locked = enter(pages(), name)
    assert (locked.status_code, text(locked)) == (429, text(fifth))
    codes = [entry.extent["code"] for entry in entries("sign_in") if entry.operation == "refusal"]
    assert codes == ["wrong_password"] * 4 + ["locked_out"]
    open_again = 302 if name == "ann" else 200
    assert enter(pages(REMOTE_ADDR="192.0.2.9"), name).status_code == open_again
    clock(timedelta(minutes=31))
    assert enter(pages(), name).status_code == open_again


def test_wrong_codes_lock_out_too_even_with_the_password(pages: Pages) -> None:
    with_app(account())
    client = pages()
    enter(client)
    statuses = [
        client.post("/sign-in/second-factor", {"code": "000000"}).status_code for _ in range(5)
    ]
    assert statuses == [200] * 4 + [429]
    assert client.post("/sign-in/second-factor", {"code": code()}).status_code == 302
    assert not is_in(client)
    assert enter(pages()).status_code == 429


def test_an_administrator_ends_a_lock_out(pages: Pages) -> None:
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.sign_in import unlock_sign_in

    with_app(account())
    for _ in range(5):
        enter(pages(), "ann", "wrong")
    who: Any = {
        "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
    }  # fmt: skip
    assert unlock_sign_in(**who, name="ann").places == 1
    assert enter(pages()).status_code == 302


def test_nothing_typed_is_kept_with_a_failed_try(pages: Pages) -> None:
    from axes.models import AccessAttempt

    enter(pages(), "my secret password", "another one")
    (attempt,) = AccessAttempt.objects.values()
    kept = str(attempt)
    assert "secret" not in kept
    assert "another" not in kept
    (entry,) = entries("sign_in")
    assert "secret" not in str(entry.__dict__)


def test_failed_tries_are_forgotten_after_thirty_days(pages: Pages, clock: Any) -> None:
    from axes.models import AccessAttempt

    from tipstaff.services.sign_in_entries import forget_old

    with_app(account())
    enter(pages(REMOTE_ADDR="192.0.2.9"), "nobody", "wrong")
    forget_old(timezone.now() + timedelta(days=29))
    assert AccessAttempt.objects.exists()
    clock(timedelta(days=31))
    sign_in(pages())
    assert not AccessAttempt.objects.exists()


def test_a_session_ends_after_fifteen_idle_minutes(pages: Pages, clock: Any) -> None:
    with_app(account())
    client = pages()
    sign_in(client)
    for _ in range(3):
        clock(timedelta(minutes=14))
        assert is_in(client)
    clock(timedelta(minutes=15))
    assert not is_in(client)
    assert client.get("/account").headers["Location"] == "/sign-in?next=%2Faccount"


def test_a_session_ends_after_twelve_hours_however_busy(pages: Pages, clock: Any) -> None:
    with_app(account())
    client = pages()
    sign_in(client)
    for _ in range(71):
        clock(timedelta(minutes=10))
        assert is_in(client)
    clock(timedelta(minutes=10))
    assert not is_in(client)


@pytest.mark.parametrize("change", ["closed", "password", "role"])
def test_a_session_ends_when_the_account_is_another(pages: Pages, change: str) -> None:
    user = with_app(account())
    client = pages()
    sign_in(client)
    assert is_in(client)
    user.refresh_from_db()
    if change == "closed":
        user.is_active = False
    elif change == "role":
        user.role = "hub_manager"
    else:
        user.set_password(OTHER)
    user.save()
    assert not is_in(client)


def test_changing_the_password_ends_the_other_sessions(pages: Pages) -> None:
    with_app(account())
    here, there = pages(), pages()
    sign_in(here)
    enter(there)
    there.post("/sign-in/second-factor", {"code": code(steps=1)})
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password", sent).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert [entry.extent for entry in entries("change_password")] == [{"sessions": 1, "tokens": 0}]


@pytest.mark.parametrize("chosen", ["shortish", "qwertyuiop123", PASSWORD, "annabel.lee-1"])
def test_a_bad_new_password_is_refused(pages: Pages, chosen: str) -> None:
    with_app(account("annabel.lee"))
    client = pages()
    sign_in(client, "annabel.lee")
    sent = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    assert client.post("/account/password", sent).status_code == 200
    assert entries("change_password") == []


def test_people_see_and_end_their_own_sessions_only(pages: Pages) -> None:
    with_app(account())
    with_app(account("bob"))
    here, there, other = pages(), pages(), pages()
    sign_in(here)
    enter(there)
    there.post("/sign-in/second-factor", {"code": code(steps=1)})
    sign_in(other, "bob")
    from tipstaff.records.models import Session

    refs = {row.session_key: row.ref for row in Session.objects.all()}
    page = here.get("/account").content.decode()
    assert str(refs[cookie(there)]) in page
    assert str(refs[cookie(other)]) not in page
    assert cookie(there) not in page
    here.post(f"/account/sessions/{refs[cookie(other)]}/end")
    assert is_in(other)
    here.post(f"/account/sessions/{refs[cookie(there)]}/end")
    assert not is_in(there)
    assert len(entries("end_session")) == 1


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_only_own_pages_are_gone_on_to(pages: Pages, target: str) -> None:
    with_app(account())
    client = pages()
    enter(client, next=target)
    done = client.post("/sign-in/second-factor", {"code": code()})
    assert done.headers["Location"] == "/"


def test_the_page_asked_for_is_gone_on_to(pages: Pages) -> None:
    with_app(account())
    client = pages()
    asked = client.get("/account/recovery-codes")
    assert asked.headers["Location"] == "/sign-in?next=%2Faccount%2Frecovery-codes"
    enter(client, next="/account/recovery-codes")
    done = client.post("/sign-in/second-factor", {"code": code()})
    assert done.headers["Location"] == "/account/recovery-codes"


def test_forms_from_elsewhere_are_refused(pages: Pages) -> None:
    account()
    client = pages(enforce_csrf_checks=True)
    refused = enter(client)
    assert refused.status_code == 403
    assert "no longer good" in text(refused)


def test_pages_say_what_browsers_may_do(pages: Pages) -> None:
    answer = pages().get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    cookie = answer.cookies["tipstaff-csrf"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_errors_have_pages_that_say_nothing_else(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Page not found" in text(pages().get("/no/such/page"))
    assert pages().get("/sign-in", HTTP_HOST="evil.example").status_code == 400
    assert pages().post("/health").status_code == 405
    monkeypatch.setattr("tipstaff.web.accounts.Accounts.authenticate", _fails)
    failed = enter(pages(raise_request_exception=False))
    assert failed.status_code == 500
    assert "Something went wrong here" in text(failed)
    assert "no room" not in text(failed)


def test_the_page_for_faults_needs_no_database(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(account())
    client = pages(raise_request_exception=False)
    sign_in(client)
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", _fails)
    failed = client.get("/account")
    assert (failed.status_code, "Something went wrong here" in text(failed)) == (500, True)


def test_no_secret_is_where_it_can_be_read(pages: Pages) -> None:
    from allauth.mfa.models import Authenticator
    from django.test import override_settings

    user = with_app(account())
    (kept,) = Authenticator.objects.values_list("data", flat=True)
    assert SECRET not in str(kept)
    with override_settings(SECRET_KEY="another key " * 5):  # a restore without the old key
        client = pages()
        enter(client, user.username)
        assert client.post("/sign-in/second-factor", {"code": code()}).status_code == 200


def test_what_was_typed_is_never_a_tag(pages: Pages) -> None:
    page = enter(pages(), "<b>ann</b>", "wrong").content.decode()
    assert "&lt;b&gt;ann" in page
    assert "<b>ann" not in page
