"""What an administrator does about signing in, by commands and by the use cases below them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from program import environment
from sign_in_fixtures import (
    OTHER,
    account,
    code,
    enter,
    entries,
    sign_in,
    with_app,
)

Pages = Callable[..., Any]


def who() -> dict[str, Any]:
    from tipstaff.domain.purposes import Purpose

    return {"actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": ""}


def test_a_local_account_cannot_sign_in(pages: Pages) -> None:
    assert enter(pages(), "tester", "").status_code == 200
    assert enter(pages(), "tester", "!").status_code == 200


def test_a_first_password_opens_the_way_in_and_ends_what_was(pages: Pages) -> None:
    from tipstaff.services.sign_in import set_first_password

    user = with_app(account())
    client = pages()
    sign_in(client)
    done = set_first_password(**who(), name="ann", password=OTHER)
    assert (done.problems, done.sessions) == ((), 1)
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    assert enter(pages()).status_code == 200
    there = pages()
    enter(there, "ann", OTHER)
    there.post("/sign-in/second-factor", {"code": code(steps=1)})
    assert there.get("/account").headers["Location"] == "/account/password"
    (entry,) = entries("set_first_password")
    assert entry.extent == {"account": str(user.id)}
    assert OTHER not in str(entry.__dict__)


@pytest.mark.parametrize(
    ("name", "password", "problem"),
    [
        ("nobody", OTHER, "account_not_known"),
        ("cat", OTHER, "account_closed"),
        ("ann", "short", "password_too_weak"),
    ],
)
def test_a_first_password_that_cannot_be(
    pages: Pages, name: str, password: str, problem: str
) -> None:
    from tipstaff.services.sign_in import set_first_password

    account()
    closed = account("cat")
    closed.is_active = False
    closed.save()
    done = set_first_password(**who(), name=name, password=password)
    assert [str(found.code) for found in done.problems] == [problem]
    assert enter(pages()).headers["Location"] == "/"
    assert entries("set_first_password") == []


def test_a_reset_takes_factors_sessions_and_ties(pages: Pages) -> None:
    from allauth.socialaccount.models import SocialAccount

    from tipstaff.services.sign_in import reset_sign_in

    user = with_app(account())
    SocialAccount.objects.create(user=user, provider="openid", uid="s-1")
    client = pages()
    sign_in(client)
    done = reset_sign_in(**who(), name="ann")
    assert (done.factors, done.ties, done.sessions) == (1, 1, 1)
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    there = pages()
    assert enter(there).headers["Location"] == "/"
    assert there.get("/account").headers["Location"] == "/account/second-factor"
    (entry,) = entries("reset_sign_in")
    assert entry.extent == {"account": str(user.id), "factors": 1, "ties": 1, "sessions": 1}
    assert [str(p.code) for p in reset_sign_in(**who(), name="nobody").problems] == [
        "account_not_known"
    ]


def test_whoever_may_not_is_refused(pages: Pages) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.sign_in import reset_sign_in, set_first_password, unlock_sign_in

    account("ann", role="no such role")
    asker = who() | {"actor": "ann"}
    for use_case, more in [
        (reset_sign_in, {}), (unlock_sign_in, {}), (set_first_password, {"password": OTHER}),
    ]:  # fmt: skip
        with pytest.raises(RefusedError):
            use_case(**asker, name="tester", **more)
    assert len([entry for entry in entries() if entry.operation == "refusal"]) == 3


def test_the_commands(pages: Pages, sqlite_instance: Any) -> None:
    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tipstaff", "sign-in", *words],
            env=environment(sqlite_instance.data, TIPSTAFF_ACTOR="tester"),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    account()
    weak = run("set-password", "ann", given="short\n")
    assert (weak.returncode, weak.stdout) == (2, "")
    assert "12 characters" in weak.stderr
    done = run("set-password", "ann", given=f"{OTHER}\n")
    assert done.returncode == 0, done.stderr
    assert OTHER not in done.stdout + done.stderr
    assert enter(pages(), "ann", OTHER).headers["Location"] == "/"
    reset = run("reset", "ann")
    assert reset.returncode == 0
    assert "WARNING" in reset.stderr
    assert run("unlock", "nobody").returncode == 2
