"""Changes of an order in words, for people: what it was, what it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from typing import Any, Final

from tipstaff.domain.legal_bases import BASIS_WORDS, LegalBasis
from tipstaff.domain.orders import Decision, Officer, SchemeRule
from tipstaff.domain.timetables import Hours, OneOff, Row
from tipstaff.domain.wall_time import wall_time


class Missing:
    """Stands for nothing, where something was added or removed."""

    __slots__ = ()


MISSING: Final = Missing()

#: The end of a path → what people call it. What is not here is called by its own name.
_CALLED: Final[dict[str, str]] = {
    "reference": "reference",
    "basis": "legal basis",
    "issued_by": "issuing body",
    "starts_at": "start",
    "ends_at": "end",
    "served_at": "time of service",
    "officer": "responsible officer",
    "rule": "scheme's rule",
    "reviews": "days of review",
    "restores": "licence that comes back",
    "rows": "weekly hours",
    "first_day": "first day",
    "last_day": "last day",
    "release_day": "hours of the release day",
    "one_offs": "one-offs",
    "radius_m": "radius (m)",
    "half_width_m": "half width (m)",
    "buffer_m": "buffer (m)",
    "distance_m": "distance (m)",
    "protects": "kind of person protected",
    "person": "person protected",
    "until": "end of the trail",
}


def sentence_of(path: str, was: Any, now: Any, about: str) -> str:
    """The change in a sentence; `about` names the condition, empty for the order itself."""
    if isinstance(was, Missing):
        return f"{about} was added."
    if isinstance(now, Missing):
        return f"{about} was removed."
    name = path.rpartition(".")[2]
    if path.endswith("]"):
        return f"{about} became another kind of condition."
    what = f"{about}: the" if about else "The"
    return f"{what} {_CALLED.get(name, name.replace('_', ' '))} {_verb(was, now)}."


def _verb(was: Any, now: Any) -> str:
    if _is_list(was) and _is_list(now):
        return _list_verb(was, now)
    if not (has_words(was) and has_words(now)):
        return "was changed"
    if was is None:
        return f"was set to {in_words(now)}"
    if now is None:
        return f"was taken out; it was {in_words(was)}"
    return f"was changed from {in_words(was)} to {in_words(now)}"


def has_words(value: Any) -> bool:
    """Whether a value can be said by `in_words`."""
    return value is None or any(isinstance(value, kind) for kind, _words in _WORDS)


def _is_list(value: Any) -> bool:
    return type(value) is tuple


def _list_verb(out: tuple[Any, ...], put: tuple[Any, ...]) -> str:
    if sorted(map(in_words, out)) == sorted(map(in_words, put)):
        return "were put into another order"
    parts = [(out, "taken out"), (put, "added")]
    told = [f"{'; '.join(map(in_words, items))} {word}" for items, word in parts if items]
    return f"were changed: {', and '.join(told)}"


def in_words(value: Any) -> str:
    """A value as people read it; what has no words of its own (a drawing) by its kind alone."""
    for kind, words in _WORDS:
        if isinstance(value, kind):
            return words(value)
    return type(value).__name__.lower()


def _hours(hours: Hours) -> str:
    at = f" at {' or '.join(hours.addresses)}" if hours.addresses else ""
    return f"{hours.start:%H:%M}–{hours.end:%H:%M}{at}"


def _one_off(one_off: OneOff) -> str:
    at = f" at {' or '.join(one_off.addresses)}" if one_off.addresses else ""
    lifted = " lifted" if one_off.lifted else ""
    return f"{one_off.start:%Y-%m-%d %H:%M}–{one_off.end:%Y-%m-%d %H:%M}{at}{lifted}"


def _moment(moment: datetime) -> str:
    """Wall time of Great Britain, with what the clock is called on a summer's day."""
    wall = wall_time(moment)
    summer = wall.replace(tzinfo=moment.tzinfo) != moment
    shown = wall.isoformat(" ", "auto" if wall.second or wall.microsecond else "minutes")
    return f"{shown} {'BST' if summer else 'GMT'}"


#: Kind of value → its words; the first that fits, so a datetime stands before a date.
_WORDS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (LegalBasis, lambda basis: BASIS_WORDS[basis]),
    (StrEnum, lambda word: str(word.value).replace("_", " ")),
    (IntEnum, lambda word: str(word.name).lower()),
    (str, str),
    (bool, lambda flag: "yes" if flag else "no"),
    (float, lambda number: repr(number).removesuffix(".0")),
    (int, str),
    (datetime, _moment),
    (date, date.isoformat),
    (time, lambda clock: f"{clock:%H:%M}"),
    (Row, lambda row: f"{row.weekday.name.capitalize()} {_hours(row.hours)}"),
    (Hours, _hours),
    (OneOff, _one_off),
    (Officer, lambda officer: f"{officer.name} ({officer.organisation})"),
    (Decision, lambda made: f"{in_words(made.status)} by {in_words(made.by)}: {made.reasons}"),
    (SchemeRule, lambda rule: f"{rule.rule_id}, version {rule.version}"),
)
