"""What is wrong with something a person entered, as a value: a code, where, and what to do.

Codes are enumerations beside the checks that give them. Neither `where` nor `action` repeats what
was entered: it may be about a person, and problems are logged and counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `where` is a path into the thing, as `rows[2].end`, counted from 0.

    It is empty where the thing as a whole is meant. `action` is a sentence for the person who can
    put it right. `near` is the latitude and longitude to show on the map where a drawing is wrong;
    it may be about a person and stays out of `repr`.
    """

    code: StrEnum
    where: str
    action: str
    near: tuple[float, float] | None = field(default=None, repr=False)


def below(path: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a part, told as those of the whole that holds it at `path`."""
    return [
        replace(problem, where=f"{path}.{problem.where}" if problem.where else path)
        for problem in problems
    ]
