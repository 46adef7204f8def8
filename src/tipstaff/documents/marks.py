"""How trails are told apart: colour, the shape of their marks and a letter, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to draw a trail. `cap` is the line cap that makes a point a disc or a square."""

    colour: str
    cap: str
    hollow: bool
    words: str


#: Dark forms of Okabe and Ito's colours: at least 4.5:1 on white, told apart by the colour-blind.
MARKS: Final = (
    Mark("#00558a", "round", hollow=False, words="blue, filled circles"),
    Mark("#b34700", "square", hollow=False, words="orange, filled squares"),
    Mark("#00664d", "round", hollow=True, words="green, open circles"),
    Mark("#8a3f78", "square", hollow=True, words="purple, open squares"),
    Mark("#5c4700", "round", hollow=False, words="brown, filled circles"),
    Mark("#404040", "square", hollow=False, words="grey, filled squares"),
)
#: More trails than this on one map cannot be told apart; the rest are in the tables.
MOST: Final = len(MARKS)


def letter(number: int) -> str:
    """The letter of the trail drawn `number`-th (from 0): A, B and on."""
    return chr(ord("A") + number)
