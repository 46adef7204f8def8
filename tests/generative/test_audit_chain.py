"""The audit chain finds any change, removal, insertion and reordering."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from tipstaff.records.chain import GENESIS, Entry, entry_hash, faults, has_floats

WORDS = st.sampled_from(["", "a", "audit", "é\u2028", "0", "crime_matching"])
INSTANTS = st.integers(0, 10**9).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(0, n))
EXTENTS = st.dictionaries(
    WORDS,
    st.recursive(st.none() | st.integers() | WORDS, lambda inner: st.lists(inner, max_size=3)),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    return Entry(
        entry_id=draw(st.uuids()),
        at=draw(INSTANTS),
        request_ref=draw(st.uuids()),
        actor_ref=draw(st.none() | st.uuids()),
        role=draw(WORDS),
        operation=draw(WORDS),
        phase=draw(WORDS),
        use_case=draw(WORDS),
        purpose=draw(WORDS),
        authority=draw(WORDS),
        subject_refs=tuple(str(u) for u in draw(st.lists(st.uuids(), max_size=3))),
        extent=draw(EXTENTS),
        rows=draw(st.none() | st.integers(0, 10**6)),
    )


def sealed(plain: list[Entry]) -> list[Entry]:
    out: list[Entry] = []
    previous = GENESIS
    for number, entry in enumerate(plain, start=1):
        digest = entry_hash(entry, number, previous)
        out.append(replace(entry, sequence=number, previous_hash=previous, hash=digest))
        previous = digest
    return out


CHAINS = st.lists(entries(), min_size=1, max_size=6).map(sealed)


def heads(chain: list[Entry]) -> dict[int, str]:
    return {entry.sequence or 0: entry.hash or "" for entry in chain[-1:]}


@given(CHAINS)
def test_an_untouched_chain_holds(chain: list[Entry]) -> None:
    assert list(faults(chain, heads(chain))) == []


@given(CHAINS, entries(), st.data())
def test_a_changed_fact_is_found(chain: list[Entry], other: Entry, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(
        ["entry_id", "at", "request_ref", "actor_ref", "role", "operation", "phase", "use_case",
         "purpose", "authority", "subject_refs", "extent", "rows"]
    ))  # fmt: skip
    changed = replace(chain[place], **{name: getattr(other, name)})
    assume(changed != chain[place])
    assert list(faults([*chain[:place], changed, *chain[place + 1 :]], {}))


@given(CHAINS, st.data())
def test_a_removed_entry_is_found(chain: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    assert list(faults([*chain[:place], *chain[place + 1 :]], heads(chain)))


@given(CHAINS, entries(), st.data())
def test_an_inserted_entry_is_found(chain: list[Entry], other: Entry, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    before = chain[place - 1].hash if place else GENESIS
    digest = entry_hash(other, place + 1, before or "")
    inserted = replace(other, sequence=place + 1, previous_hash=before, hash=digest)
    assert list(faults([*chain[:place], inserted, *chain[place:]], heads(chain)))


@given(CHAINS, st.data())
def test_exchanged_entries_are_found(chain: list[Entry], data: st.DataObject) -> None:
    assume(len(chain) > 1)
    one = data.draw(st.integers(0, len(chain) - 2))
    other = data.draw(st.integers(one + 1, len(chain) - 1))
    mixed = list(chain)
    mixed[one] = replace(chain[other], sequence=one + 1)
    mixed[other] = replace(chain[one], sequence=other + 1)
    assert list(faults(mixed, {}))


@given(CHAINS, entries())
def test_a_chain_written_anew_differs_from_its_head(chain: list[Entry], other: Entry) -> None:
    assume(other.entry_id != chain[0].entry_id)
    forged = sealed([other, *chain[1:]])
    assert list(faults(forged, {})) == []
    assert list(faults(forged, heads(chain)))


def test_floats_are_found_however_deep() -> None:
    assert has_floats({"a": [{"b": (1, 2.0)}]})
    assert not has_floats({"a": [{"b": (1, True)}], "c": str(UUID(int=0))})
