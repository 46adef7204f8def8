"""A value of a record in words, for a cell of a table: what it was, what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tipstaff.domain.conditions import (
    Attendance,
    Curfew,
    Proximity,
    Trail,
    TreatmentAppointment,
    ZoneCondition,
)
from tipstaff.domain.variation_words import MISSING, has_words, in_words
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.state_words import WORDS, spoken

_CONDITION = Attendance | Curfew | Proximity | Trail | TreatmentAppointment | ZoneCondition


def value_words(value: Any) -> str:
    """Nothing, a condition, a list or a plain value; a drawing is said to be one."""
    if value is MISSING:
        return "Not there"
    if value is None or value == ():
        return "Nothing"
    if isinstance(value, _CONDITION):
        what, hours = condition_words(value)
        return f"{what}: {'; '.join(hours)}" if hours else what
    if has_words(value):
        return spoken(value) if type(value) in WORDS else in_words(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(value_words, value))
    return str(value) if isinstance(value, str | int | float) else "A drawing, which the map shows"
