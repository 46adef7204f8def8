"""Tokens of the API as values: their form, when one works, what its scopes cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tipstaff.domain.api_tokens import (
    SCOPES,
    TOKENS,
    ApiToken,
    Doing,
    Group,
    TokenCode,
    covers,
    refusal,
)
from tipstaff.domain.shown_secrets import digest_of
from tipstaff.domain.supplier_keys import KEYS

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEPPER = TOKENS.pepper_of("a secret key of an instance")
TEXT = TOKENS.text(bytes(8), bytes(32))
ID, SECRET = TOKENS.parts_of(TEXT)
TOKEN = ApiToken(
    ID, UUID(int=1), "olive", "auditor", "x", frozenset({"read"}), NOW, NOW + timedelta(days=1),
    digest=digest_of(ID, SECRET, PEPPER),
)  # fmt: skip


@pytest.mark.parametrize(
    "presented",
    ["", "tat", TEXT[:-1], TEXT + "A", " " + TEXT, TEXT + "\n", TEXT.upper(),
     KEYS.text(bytes(8), bytes(32)), TEXT.replace("tat.0", "tat.\N{ARABIC-INDIC DIGIT ZERO}")],
)  # fmt: skip
def test_what_has_not_the_form_of_a_token_is_none(presented: str) -> None:
    assert TOKENS.parts_of(presented) == ("", "")
    assert refusal(None, TOKENS.parts_of(presented), PEPPER, NOW) is TokenCode.NOT_A_TOKEN


@pytest.mark.parametrize(
    ("token", "secret", "at", "code"),
    [
        (TOKEN, SECRET, NOW, None),
        (TOKEN, SECRET, NOW + timedelta(days=1, microseconds=-1), None),
        (TOKEN, SECRET, NOW + timedelta(days=1), TokenCode.EXPIRED),
        (TOKEN, SECRET, NOW - timedelta(microseconds=1), TokenCode.EXPIRED),
        (TOKEN, "B" * 43, NOW, TokenCode.SECRET_DIFFERS),
        (None, SECRET, NOW, TokenCode.UNKNOWN_TOKEN),
        (replace(TOKEN, ended_at=NOW), SECRET, NOW, TokenCode.ENDED),
        (replace(TOKEN, ended_at=NOW), "B" * 43, NOW, TokenCode.SECRET_DIFFERS),
        (replace(TOKEN, digest=digest_of("0" * 15 + "1", SECRET, PEPPER)), SECRET, NOW,
         TokenCode.SECRET_DIFFERS),
    ],
)  # fmt: skip
def test_a_token_works_in_its_time_and_by_its_secret_alone(
    token: ApiToken | None, secret: str, at: datetime, code: TokenCode | None
) -> None:
    assert refusal(token, (ID, secret), PEPPER, at) is code


def test_tokens_and_suppliers_keys_never_stand_for_each_other() -> None:

    other = KEYS.pepper_of("a secret key of an instance")
    assert digest_of(ID, SECRET, other) != TOKEN.digest
    assert KEYS.parts_of(TEXT) == ("", "")


def test_a_scope_covers_what_it_names_and_nothing_else() -> None:
    whole = frozenset({"read"})
    assert all(covers(whole, group, Doing.READ) for group in Group)
    assert not any(covers(whole, group, Doing.ACT) for group in Group)
    one = frozenset({"alerts:act"})
    covered = [(g, d) for g in Group for d in Doing if covers(one, g, d)]
    assert covered == [(Group.ALERTS, Doing.ACT)]
    assert len(set(SCOPES)) == len(SCOPES) == 2 + 2 * len(Group)


def test_a_token_needs_the_secret_key_and_keeps_its_digest_out_of_sight() -> None:
    with pytest.raises(ValueError, match="secret key"):
        TOKENS.pepper_of("")
    with pytest.raises(ValueError, match="bytes of name"):
        TOKENS.text(bytes(7), bytes(32))
    assert TOKEN.digest not in repr(TOKEN)
