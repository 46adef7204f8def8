"""The names of suppliers, by which devices of the same number are told apart."""

from __future__ import annotations

from typing import Final

LONGEST_NAME: Final = 100
#: What to do about a name that cannot be used.
NAME_ACTION: Final = (
    f"write the supplier's name on one line: 1 to {LONGEST_NAME} characters, none of them a control"
)


def supplier_name(text: str) -> str | None:
    """The name a text gives, without spaces round it; None where it cannot be one."""
    name = text.strip()
    return name if name and len(name) <= LONGEST_NAME and name.isprintable() else None
