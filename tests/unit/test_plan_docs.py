"""The example of docs/iom-plan.md is one that can be taken in."""

from __future__ import annotations

import re
from pathlib import Path

from tipstaff.formats.plan_documents import read_plan_file

PAGE = Path(__file__).resolve().parents[2] / "docs" / "iom-plan.md"


def test_the_example_can_be_read() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    found = read_plan_file(example.encode())
    assert found.faults == ()
    assert [type(told.value).__name__ for _n, told in found.told] == ["Plan", "Review"]
