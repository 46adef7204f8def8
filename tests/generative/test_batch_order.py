"""Crime files in any order: one call gives the same, and a late original revives nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.batch_order import clashes, standing
from tipstaff.domain.batches import (
    BatchId,
    BatchKind,
    HeldCrime,
    apply_changes,
    parse_batch_id,
    plan_batch,
)
from tipstaff.domain.crimes import Crime
from tipstaff.formats.crimes import CrimeFile, Status

WHEN = datetime(2026, 6, 1, 22, tzinfo=UTC)

contents = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"), min_size=1)
batches = st.sampled_from(["DBY20260601", "DBY20260601-R", "DBY20260601-A", "DBY20260601-1",
                           "DBY20260602", "DBY20260602-R", None])  # fmt: skip


def file_of(batch: str | None, crimes: dict[str, str]) -> CrimeFile:
    parsed = None if batch is None else parse_batch_id(batch, "DBY")
    assert parsed is None or isinstance(parsed, BatchId)
    made = tuple(
        Crime("Derbyshire", name, 1, "RB", WHEN, WHEN, 52.9, -1.5, batch=batch or "", text=text)
        for name, text in sorted(crimes.items())
    )
    return CrimeFile(Status.SUCCESSFUL, len(made), made, (), force="Derbyshire", batch=parsed)


sets_of_files = st.lists(st.builds(file_of, batches, contents), max_size=5)


@given(sets_of_files, st.randoms(use_true_random=False))
def test_one_call_does_not_heed_the_order_of_its_files(
    files: list[CrimeFile], chance: Random
) -> None:
    turned = list(files)
    chance.shuffle(turned)
    assert bool(clashes(turned)) == bool(clashes(files))
    if not clashes(files):
        found = [(c, c.version, c.batch) for c in standing(files)]
        assert [(c, c.version, c.batch) for c in standing(turned)] == found
        assert len({c.key for c, _version, _batch in found}) == len(found)


@given(
    contents,
    st.lists(st.tuples(st.sampled_from(["-R", "-A"]), contents), max_size=4),
    st.integers(0, 4),
)
def test_an_original_may_arrive_at_any_time(
    original: dict[str, str], later: list[tuple[str, dict[str, str]]], place: int
) -> None:
    """Over several imports: what stands is what would stand had the original come first."""
    rest = [file_of(f"DBY20260601{tail}", crimes) for tail, crimes in later]
    first = file_of("DBY20260601", original)
    place = min(place, len(rest))
    assert arrived([*rest[:place], first, *rest[place:]]) == arrived([first, *rest])


def arrived(files: list[CrimeFile]) -> dict[str, str]:
    """The texts of the crimes that stand after files that came one by one."""
    held: dict[str, HeldCrime] = {}
    replaced = False
    for file in files:
        assert file.batch is not None
        late = replaced and file.batch.kind is BatchKind.FIRST
        changes = plan_batch(file.batch, file.crimes, held, replaced=late)
        held = apply_changes(held, file.batch, changes)
        replaced |= file.batch.kind is BatchKind.REPLACEMENT
    return {name: h.crime.text for name, h in held.items() if not h.withdrawn}
