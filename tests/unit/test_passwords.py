"""How passwords are hashed: parameters as stated, and not too many at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import extract_parameters


def hasher() -> Any:
    import tipstaff.services  # noqa: F401 (makes Django ready)
    from tipstaff.records.passwords import Argon2id

    return Argon2id()


def test_a_hash_has_the_parameters_of_rfc_9106() -> None:
    made = hasher().encode("three quiet otters", "a salt of sixteen")
    assert made.startswith("argon2$argon2id$")
    found = extract_parameters(made.removeprefix("argon2"))
    assert (found.time_cost, found.memory_cost, found.parallelism) == (3, 65_536, 4)
    assert hasher().verify("three quiet otters", made)
    assert not hasher().verify("three quiet otter", made)


@pytest.mark.parametrize("method", ["encode", "verify"])
def test_four_at_once_and_no_more(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    now: list[int] = []
    most: list[int] = []

    def slow(*_: object) -> str:
        now.append(1)
        most.append(len(now))
        time.sleep(0.02)
        now.pop()
        return "hash"

    monkeypatch.setattr(Argon2PasswordHasher, method, slow)
    hashes: Callable[[str, str], object] = getattr(hasher(), method)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(hashes, ["word"] * 12, ["salt"] * 12))
    assert max(most) == 4
