"""The words of an entry open with all their keys, in their own entry, and not otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.records.entry_cipher import Bound, Keys, Lock, decipher, encipher, lock_of, new_key

WORDS: dict[str, Any] = {"authority": "warrant é 7", "extent": {"lat_e7": 530000000}}


def bound(subjects: int = 2) -> Bound:
    return Bound(uuid4(), uuid4(), tuple(sorted(str(uuid4()) for _ in range(subjects))))


@given(st.integers(1, 20))
@settings(max_examples=20)
def test_every_key_is_needed(count: int) -> None:
    keys = [new_key() for _ in range(count)]
    place = bound(count)
    text = encipher(WORDS, Keys(Lock.SUBJECTS, keys), place)
    assert decipher(text, Keys(Lock.SUBJECTS, keys), place) == WORDS
    assert lock_of(text) is Lock.SUBJECTS
    assert "warrant" not in text
    for gone in range(count):
        fewer = [key for number, key in enumerate(keys) if number != gone]
        for parts in (fewer, [*keys[:gone], new_key(), *keys[gone + 1 :]]):
            assert decipher(text, Keys(Lock.SUBJECTS, parts), place) is None


def test_words_open_in_their_own_entry_alone() -> None:
    keys, place = Keys(Lock.SUBJECTS, [new_key(), new_key()]), bound()
    text = encipher(WORDS, keys, place)
    others = (
        replace(place, entry_id=uuid4()),
        replace(place, request_ref=uuid4()),
        replace(place, subject_refs=place.subject_refs[:1]),
    )
    assert [decipher(text, keys, other) for other in others] == [None] * 3
    assert decipher(text, replace(keys, lock=Lock.INSTANCE), place) is None


def test_the_same_words_never_look_the_same() -> None:
    keys, place = Keys(Lock.INSTANCE, [new_key()]), bound(0)
    assert encipher(WORDS, keys, place) != encipher(WORDS, keys, place)


@pytest.mark.parametrize("text", ["", "s1", "s1.", "s1.AAAA", "s1.%%%", "x9.AAAA", "s1.é"])
def test_what_is_no_ciphertext_opens_to_nothing(text: str) -> None:
    assert decipher(text, Keys(Lock.SUBJECTS, [new_key()]), bound()) is None


def test_keys_stay_out_of_what_is_printed() -> None:
    key = new_key()
    assert repr(key) not in repr(Keys(Lock.INSTANCE, [key]))
