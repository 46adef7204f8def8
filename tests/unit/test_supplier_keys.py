"""What keys are made of, what they may do, and how refusals are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.refusal_counts import RefusalCounts
from tipstaff.domain.shown_secrets import digest_of
from tipstaff.domain.supplier_details import SupplierDetails, check_supplier, is_active
from tipstaff.domain.supplier_keys import (
    KEYS,
    KeyCode,
    KeyScope,
    SupplierKey,
    read_network,
    refusal,
    use_refusal,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXT = KEYS.text(b"\x01" * 8, b"\xfb" * 32)
ID, SECRET = KEYS.parts_of(TEXT)
PEPPER = KEYS.pepper_of("the secret key of a test")


def key(**other: object) -> SupplierKey:
    made = SupplierKey(
        key_id=ID,
        supplier="acme",
        label="feed",
        scopes=frozenset({KeyScope.WRITE_POSITIONS}),
        issued_at=NOW,
        expires_at=NOW + timedelta(days=1),
        rate=Rate(1, 1),
        digest=digest_of(ID, SECRET, PEPPER),
    )
    return replace(made, **other)  # type: ignore[arg-type]


def test_a_key_has_a_name_and_a_secret() -> None:
    assert TEXT.startswith("tsk.0101010101010101.")
    assert len(SECRET) == 43  # 32 bytes
    assert set("-_") & set(SECRET)  # the alphabet of addresses, which a header carries
    with pytest.raises(ValueError, match="32 of secret"):
        KEYS.text(b"\x01" * 8, b"short")


@pytest.mark.parametrize(
    "text",
    ["", "tsk", TEXT + "A", TEXT + "\n", " " + TEXT, TEXT.upper(), "xyz" + TEXT[3:], "é" * 64],
)
def test_what_has_not_the_form_is_no_key(text: str) -> None:
    assert KEYS.parts_of(text) == ("", "")
    assert refusal(None, KEYS.parts_of(text), PEPPER, NOW) is KeyCode.NOT_A_KEY


def test_a_digest_belongs_to_one_id_secret_and_instance() -> None:
    digests = {
        digest_of(ID, SECRET, PEPPER),
        digest_of("0" * 16, SECRET, PEPPER),
        digest_of(ID, SECRET[::-1], PEPPER),
        digest_of(ID, SECRET, KEYS.pepper_of("another instance")),
    }
    assert len(digests) == 4
    assert SECRET not in "".join(digests)
    assert "digest" not in repr(key())
    with pytest.raises(ValueError, match="secret key"):
        KEYS.pepper_of("")


@pytest.mark.parametrize(
    ("held", "at", "code"),
    [
        (key(), NOW, None),
        (None, NOW, KeyCode.UNKNOWN_KEY),
        (key(digest="0" * 64), NOW, KeyCode.SECRET_DIFFERS),
        (key(revoked_at=NOW), NOW, KeyCode.REVOKED),
        (key(revoked_at=NOW + timedelta(seconds=1)), NOW, None),
        (key(), NOW - timedelta(microseconds=1), KeyCode.EXPIRED),
        (key(), NOW + timedelta(days=1), KeyCode.EXPIRED),
        (key(), NOW + timedelta(days=1, microseconds=-1), None),
        (key(revoked_at=NOW, digest="0" * 64), NOW, KeyCode.SECRET_DIFFERS),
    ],
)
def test_when_a_key_works(held: SupplierKey | None, at: datetime, code: KeyCode | None) -> None:
    assert refusal(held, (ID, SECRET), PEPPER, at) is code


@pytest.mark.parametrize(
    ("networks", "source", "code"),
    [
        ((), "", None),
        (("10.0.0.0/8",), "10.1.2.3", None),
        (("10.0.0.0/8",), "11.1.2.3", KeyCode.OUTSIDE_NETWORKS),
        (("10.0.0.0/8",), "::ffff:10.1.2.3", None),
        (("10.0.0.0/8",), "unix:socket", KeyCode.OUTSIDE_NETWORKS),
        (("10.0.0.0/8", "2001:db8::/32"), "2001:db8::1", None),
        (("2001:db8::/32",), "10.1.2.3", KeyCode.OUTSIDE_NETWORKS),
    ],
)
def test_from_where_a_key_may_be_used(
    networks: tuple[str, ...], source: str, code: KeyCode | None
) -> None:
    held = key(networks=tuple(read_network(text) for text in networks))
    assert use_refusal(held, KeyScope.WRITE_POSITIONS, source) is code


def test_a_key_does_what_it_is_for_and_no_more() -> None:
    for scope in KeyScope:
        allowed = scope is KeyScope.WRITE_POSITIONS
        assert (use_refusal(key(), scope, "") is None) == allowed
    assert read_network("10.0.0.1/8") is None  # which of the two was meant?


def test_refusals_are_counted_by_the_minute() -> None:
    counts = RefusalCounts()
    assert counts.take(NOW) is None
    for second in (0, 5, 59):
        assert counts.note("a", "EXPIRED", NOW + timedelta(seconds=second)) is None
    assert counts.take(NOW + timedelta(seconds=59)) is None
    over = counts.note("", "UNKNOWN_KEY", NOW + timedelta(seconds=60))
    assert over is not None
    assert (over.minute, over.counts) == (NOW, {("a", "EXPIRED"): 3})
    last = counts.take_now()
    assert last is not None
    assert last.counts == {("", "UNKNOWN_KEY"): 1}
    assert counts.take_now() is None


def test_a_supplier_is_active_for_a_time() -> None:
    made = SupplierDetails("acme", active_from=NOW, active_to=NOW + timedelta(days=1))
    found = [is_active(made, NOW + timedelta(hours=h)) for h in (-1, 0, 23, 24)]
    assert found == [False, True, True, False]
    assert is_active(SupplierDetails("acme"), NOW)
    wrong = replace(made, name=" acme", active_to=NOW)
    assert [str(p.code) for p in check_supplier(wrong)] == ["NAME", "ENDS_BEFORE_IT_BEGINS"]
