"""References as steps of addresses: whatever stands in them comes back, and none is two steps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.web.references import from_address, in_address, quoted_step


@given(st.text(min_size=1))
def test_a_reference_comes_back(reference: str) -> None:
    step = in_address(reference)
    assert "/" not in step
    assert step not in (".", "..")
    assert from_address(step) == reference


@pytest.mark.parametrize(
    ("reference", "step"),
    [("W1", "W1"), ("26/1", "26~2F1"), ("a.b", "a.b"), ("..", "~2E~2E"), ("~2F", "~7E2F")],
)
def test_what_needs_no_escape_is_left(reference: str, step: str) -> None:
    assert in_address(reference) == step


def test_a_tilde_before_anything_else_is_itself() -> None:
    assert from_address("W~1") == "W~1"
    assert from_address("26~2f1") == "26/1"


@settings(deadline=None)  # the first asks for all addresses to be read
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_it_is_written_as_django_writes_it(reference: str) -> None:
    from django.urls import reverse

    whole = reverse("person", kwargs={"wearer": reference})
    assert whole == f"/people/{quoted_step(reference)}"
