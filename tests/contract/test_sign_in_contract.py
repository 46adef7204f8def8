"""Signing in on both databases: every table is there, and the whole way in works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from sign_in_fixtures import OTHER, PASSWORD, account, code, enter, entries, sign_in, with_app

Pages = Callable[..., Any]


def test_every_app_has_its_tables(pages_on_both: Pages) -> None:
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    made = set(connection.introspection.table_names())
    assert {model._meta.db_table for model in apps.get_models()} <= made
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes" in said.getvalue()


def test_the_whole_way_in_and_out(pages_on_both: Pages) -> None:
    user = with_app(account())
    client = pages_on_both()
    assert enter(client, "ann", "wrong").status_code == 200
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/account").status_code == 200
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert client.post("/account/password", sent).status_code == 302
    assert client.post("/sign-out").status_code == 302
    assert enter(client, "ann", OTHER).status_code == 302
    again = client.post("/sign-in/second-factor", {"code": code()})
    assert again.status_code == 200  # used already
    done = [(e.use_case, e.operation) for e in entries() if e.actor_ref == user.id]
    assert done == [
        ("sign_in", "refusal"),
        ("sign_in", "sign_in"),
        ("change_password", "alteration"),
        ("sign_out", "sign_in"),
        ("sign_in", "refusal"),
    ]


def test_lock_out_counts_once_for_each_try(pages_on_both: Pages) -> None:
    from axes.models import AccessAttempt

    account()
    statuses = [enter(pages_on_both(), "ann", "wrong").status_code for _ in range(7)]
    assert statuses == [200] * 4 + [429] * 3
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_sessions_are_found_by_account_and_pruned(pages_on_both: Pages) -> None:
    from django.utils import timezone

    from tipstaff.records import sessions

    user = with_app(account())
    client = pages_on_both()
    sign_in(client)
    now = timezone.now()
    (shown,) = sessions.of_account(user.id, now)
    assert now - shown.signed_in_at < timedelta(minutes=1)
    assert sessions.of_account(user.id, now + timedelta(minutes=16)) == []
    assert sessions.prune(now) == 0
    assert sessions.prune(now + timedelta(minutes=16)) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_an_accounts_sessions_go_with_it(pages_on_both: Pages, kept: bool) -> None:
    from tipstaff.records import sessions
    from tipstaff.records.models import Session

    user = with_app(account())
    client = pages_on_both()
    sign_in(client)
    (shown,) = sessions.of_account(user.id, Session.objects.get().signed_in_at)
    assert sessions.end_all(user.id, but=shown.ref if kept else None) == (0 if kept else 1)
    user.delete()
    assert not Session.objects.exists()
