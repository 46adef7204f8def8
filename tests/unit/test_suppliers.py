"""Names of suppliers: on one line, printable, of a length the records can hold."""

from __future__ import annotations

import pytest

from tipstaff.domain.suppliers import LONGEST_NAME, supplier_name


@pytest.mark.parametrize(
    ("text", "name"),
    [("national", "national"), (" Tags & Co. ", "Tags & Co."), ("é" * LONGEST_NAME, "é" * 100)],
)
def test_a_name(text: str, name: str) -> None:
    assert supplier_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "  ", "a\nb", "a\x00b", "a\x1b[31m", "a\u202eb", "a\u2028b", "x" * 101]
)
def test_what_is_no_name(text: str) -> None:
    assert supplier_name(text) is None
