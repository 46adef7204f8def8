"""Police forces: identifier → code of batch ids. Data, not code: a caller may pass others.

The nineteen of the national crime file bind in its strict mode only (FACTS §1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem

NATIONAL_FORCES: Final[Mapping[str, str]] = {
    "AvonSomerset": "AVS",
    "Bedfordshire": "BFD",
    "Cheshire": "CHS",
    "CoLP": "CoLP",
    "Cumbria": "CMB",
    "Derbyshire": "DBY",
    "Durham": "DUR",
    "Essex": "ESX",
    "Gloucestershire": "GLC",
    "Gwent": "GWP",
    "Hampshire": "HAM",
    "Hertfordshire": "HRT",
    "Humberside": "HMB",
    "Kent": "KNT",
    "Metropolitan": "MPS",
    "NorthWales": "NWL",
    "Nottinghamshire": "NOT",
    "Sussex": "SXP",
    "WestMidlands": "WMP",
}


@dataclass(frozen=True, slots=True)
class ForceFact:
    """A force: how files name it, the code of its batch ids, its name, and since when it is live.

    `live`: the first day by scheme; a scheme that is not in it is not live there.
    """

    identifier: str
    code: str
    name: str
    live: Mapping[str, date] = field(default_factory=dict)

    def is_live(self, scheme: str, day: date) -> bool:
        """Whether the force takes part in a scheme on `day`."""
        return scheme in self.live and self.live[scheme] <= day


class ForceCode(StrEnum):
    """Why a force is refused."""

    FORCE_IDENTIFIER = "FORCE_IDENTIFIER"
    FORCE_CODE = "FORCE_CODE"
    FORCE_NAME = "FORCE_NAME"
    FORCE_SCHEME = "FORCE_SCHEME"


def check_force(force: ForceFact, others: Iterable[ForceFact]) -> list[Problem]:
    """What is wrong with a force, beside the others that there are."""
    found: list[Problem] = []
    if not force.identifier.isalnum() or len(force.identifier) > 60:
        action = "write the identifier in letters and figures, without spaces"
        found.append(Problem(ForceCode.FORCE_IDENTIFIER, "identifier", action))
    taken = {o.code.casefold() for o in others if o.identifier != force.identifier}
    if not (2 <= len(force.code) <= 8 and force.code.isalnum()) or force.code.casefold() in taken:
        action = "give 2 to 8 letters that no other force has: batch ids begin with them"
        found.append(Problem(ForceCode.FORCE_CODE, "code", action))
    if not force.name.strip() or not force.name.isprintable() or len(force.name) > 200:
        action = "write the force's name on one line"
        found.append(Problem(ForceCode.FORCE_NAME, "name", action))
    if any(not scheme.replace("-", "").isalnum() for scheme in force.live):
        action = "name schemes as docs/reference/law.md does, as acquisitive-crime"
        found.append(Problem(ForceCode.FORCE_SCHEME, "live", action))
    return found


def likely_force(written: str, forces: Mapping[str, str] = NATIONAL_FORCES) -> str | None:
    """The identifier somebody meant who wrote `written`: same letters, or the force's code."""
    letters = _letters(written)
    if not letters:
        return None
    return next((n for n, code in forces.items() if letters in {_letters(n), _letters(code)}), None)


def _letters(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalpha())
