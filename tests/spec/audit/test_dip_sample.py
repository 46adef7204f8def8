"""What a month's sample is: its size, its month by the clock on the wall, nobody's choice."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.dip_sample import drawn, month_of, sample_size


@pytest.mark.parametrize(("looks", "size"), [
    (0, 0), (1, 1), (9, 9), (10, 10), (11, 10), (500, 10), (501, 11), (550, 11), (551, 12),
    (100_000, 2000),
])  # fmt: skip
def test_two_in_a_hundred_and_at_least_ten(looks: int, size: int) -> None:
    assert sample_size(looks) == size


@pytest.mark.parametrize(("text", "start", "end"), [
    ("2026-10", "2026-09-30T23:00", "2026-11-01T00:00"),
    ("2026-12", "2026-12-01T00:00", "2027-01-01T00:00"),
    ("2026-03", "2026-03-01T00:00", "2026-03-31T23:00"),
])  # fmt: skip
def test_a_month_is_one_of_the_clock_on_the_wall(text: str, start: str, end: str) -> None:
    found = month_of(text)
    assert found is not None
    assert found.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert found.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-0", "2026-00", "2026-13", "1999-01", "２０２６-01"]
)
def test_what_is_no_month(text: str) -> None:
    assert month_of(text) is None


LOOKS = st.lists(st.uuids(), max_size=60, unique=True)


@given(LOOKS, st.randoms())
def test_the_order_in_which_looks_come_is_no_matter(looks: list[UUID], chance: object) -> None:
    found = drawn(looks, month="2026-10", unit="u", entry_hash="h")
    chance.shuffle(looks)  # type: ignore[attr-defined]
    assert drawn([*looks, *looks], month="2026-10", unit="u", entry_hash="h") == found
    assert set(found) <= set(looks)
    assert len(set(found)) == len(found) == sample_size(len(looks))


def test_every_look_is_as_likely_as_any_other() -> None:
    """100 looks, ten of them drawn, 2,000 seeds: each is drawn about 200 times."""
    looks = [UUID(int=n) for n in range(100)]
    times = dict.fromkeys(looks, 0)
    for seed in range(2000):
        entry = hashlib.sha256(str(seed).encode()).hexdigest()
        for one in drawn(looks, month="2026-10", unit="u", entry_hash=entry):
            times[one] += 1
    expected = 2000 * 10 / 100
    chi2 = sum((count - expected) ** 2 / (expected * 0.9) for count in times.values())
    assert (
        60 < chi2 < 145
    )  # 99 degrees of freedom: outside once in a thousand draws; the seed is fixed


@pytest.mark.parametrize("other", [
    {"month": "2026-11"}, {"unit": "v"}, {"entry_hash": "i"},
])  # fmt: skip
def test_month_unit_and_entry_each_change_the_draw(other: dict[str, str]) -> None:
    looks = [UUID(int=n) for n in range(1000)]
    seed = {"month": "2026-10", "unit": "u", "entry_hash": "h"}
    assert drawn(looks, **seed) != drawn(looks, **(seed | other))
