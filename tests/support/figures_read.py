"""Figures for Prometheus, read back."""

from __future__ import annotations

import re


def value(text: str, name: str) -> float:
    """The value of a figure, by its name and labels as they are written."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    assert found, f"{name} is not in:\n{text}"
    return float(found[1])
