"""What a wearer is told of a look, by its purpose; nothing that is not declared is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tipstaff.domain.looked_at import LEFT_OUT, OPERATIONS, SHOWN, lines
from tipstaff.domain.looks import Look
from tipstaff.domain.purposes import Operation, Purpose

LOOK = Look(
    UUID(int=1), (UUID(int=2),), datetime(2026, 1, 1, tzinfo=UTC), UUID(int=3), "analyst",
    "consultation", "test", "offender_management", frozenset({UUID(int=4)}),
)  # fmt: skip


def told(look: Look, *, over: bool) -> bool:
    return bool(lines([look], over=lambda _look: over, organisation=lambda _look: "us"))


def test_every_purpose_is_decided_once() -> None:
    assert set(LEFT_OUT) | set(SHOWN) == set(Purpose)
    assert not set(LEFT_OUT) & set(SHOWN)


@pytest.mark.parametrize("purpose", Purpose)
def test_what_is_left_out_is_told_once_it_is_over_but_never_a_victims(purpose: Purpose) -> None:
    look = replace(LOOK, purpose=purpose.value)
    assert told(look, over=False) is (purpose in SHOWN)
    assert told(look, over=True) is (purpose is not Purpose.VICTIM_SAFETY)


@pytest.mark.parametrize("unknown", [{"purpose": "spying"}, {"operation": "spying"}])
def test_what_is_not_known_is_not_told(unknown: dict[str, str]) -> None:
    assert not told(replace(LOOK, **unknown), over=True)


def test_an_examination_would_tell_of_a_look_that_is_left_out() -> None:
    assert not told(replace(LOOK, use_case="examine_look", purpose="audit"), over=True)


def test_every_operation_on_a_person_has_its_words() -> None:
    assert set(Operation) - set(OPERATIONS) == {Operation.SIGN_IN, Operation.REFUSAL}
