"""Police forces: identifier → code of batch ids. Data, not code: a caller may pass others.

The nineteen of the national crime file bind in its strict mode only (FACTS §1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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


def likely_force(written: str, forces: Mapping[str, str] = NATIONAL_FORCES) -> str | None:
    """The identifier somebody meant who wrote `written`: same letters, or the force's code."""
    letters = _letters(written)
    if not letters:
        return None
    return next((n for n, code in forces.items() if letters in {_letters(n), _letters(code)}), None)


def _letters(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalpha())
