"""The numbers by which the police, prisons and probation know a person, read and written one way.

| kind | written | check letter |
|---|---|---|
| PNC | 2001/0234567X: year, up to 7 figures, letter | yes |
| CRO | 234567/01X, or SF01/234567X for a short file | yes |
| NOMIS | A1234BC (prison number) | none known |
| CRN | X123456 (Delius case reference) | none known |

The check letter is the remainder by 23 of the two-figure year followed by the number, in an
alphabet without I, O and S that begins with Z. Source: the CJS Data Standards Catalogue 6, as the
Ministry of Justice's open `hmpps-person-record` (PNCIdentifier, CROIdentifier) and its prison
data-compliance service apply it. For short files of under five figures these two differ (as
written; filled up to five), so either letter is taken there and nothing is filled up.

An identifier is about a person: it stays out of `repr`, and problems never repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem

CHECK_LETTERS: Final = "ZABCDEFGHJKLMNPQRTUVWXY"
FIRST_PNC_YEAR: Final = 1900


class IdentifierKind(StrEnum):
    """Whose number it is."""

    PNC = "pnc"
    CRO = "cro"
    NOMIS = "nomis"
    CRN = "crn"


class IdentifierCode(StrEnum):
    """Why a text is no identifier of its kind."""

    MISSING = "MISSING"
    FORMAT = "FORMAT"
    YEAR = "YEAR"
    CHECK_LETTER = "CHECK_LETTER"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in its normal form."""

    kind: IdentifierKind
    value: str = field(repr=False)


def read_identifier(kind: IdentifierKind, written: str, *, this_year: int) -> Identifier | Problem:
    """The identifier in its normal form, or what is wrong with it.

    Case and spaces do not matter. `this_year` decides the century of a PNC year of two figures,
    and which years are still to come.
    """
    plain = "".join(written.split())
    if not plain:
        action = "write the identifier, or leave the field out"
        return Problem(IdentifierCode.MISSING, kind, action)
    # Upper case only of ASCII: other scripts' letters may grow or turn into ASCII ones.
    answer = _READERS[kind](plain.upper() if plain.isascii() else "", this_year)
    if isinstance(answer, str):
        return Identifier(kind, answer)
    code, action = answer
    return Problem(code, kind, action)


_Wrong = tuple[IdentifierCode, str]
_PNC: Final = re.compile(r"([0-9]{4}|[0-9]{2})/([0-9]{1,7})([A-Z])|([0-9]{4})([0-9]{7})([A-Z])")
_CRO: Final = re.compile(r"([0-9]{1,6})/([0-9]{2})([A-Z])")
_CRO_SHORT_FILE: Final = re.compile(r"SF([0-9]{2})/([0-9]{1,6})([A-Z])")
_NOMIS: Final = re.compile(r"[A-Z][0-9]{4}[A-Z]{2}")
_CRN: Final = re.compile(r"[A-Z][0-9]{6}")
_CHECK: Final[_Wrong] = (
    IdentifierCode.CHECK_LETTER,
    "its last letter does not fit its figures: compare each with the source",
)


def _format(example: str) -> _Wrong:
    return IdentifierCode.FORMAT, f"write it as {example}"


def _fits(letter: str, year: str, number: str) -> bool:
    return CHECK_LETTERS[int(year[-2:] + number) % len(CHECK_LETTERS)] == letter


def _pnc(plain: str, this_year: int) -> str | _Wrong:
    parts = _PNC.fullmatch(plain)
    if parts is None:
        return _format("2001/0234567X: year, stroke, up to 7 figures, letter")
    year, number, letter = (part for part in parts.groups() if part is not None)
    if len(year) == 2:
        century = 100 * (this_year // 100)
        year = str(century + int(year) - (100 if int(year) > this_year % 100 else 0))
    if not FIRST_PNC_YEAR <= int(year) <= this_year:
        return IdentifierCode.YEAR, f"its year must be {FIRST_PNC_YEAR} to {this_year}"
    number = number.zfill(7)
    return f"{year}/{number}{letter}" if _fits(letter, year, number) else _CHECK


def _cro(plain: str, _this_year: int) -> str | _Wrong:
    short_file = _CRO_SHORT_FILE.fullmatch(plain)
    if short_file is not None:
        year, number, letter = short_file.groups()
        fits = any(_fits(letter, year, written) for written in (number, number.zfill(5)))
        return plain if fits else _CHECK
    parts = _CRO.fullmatch(plain)
    if parts is None:
        return _format("234567/01X: up to 6 figures, stroke, year, letter; or SF01/234567X")
    number, year, letter = parts.groups()
    number = number.zfill(6)
    return f"{number}/{year}{letter}" if _fits(letter, year, number) else _CHECK


def _nomis(plain: str, _this_year: int) -> str | _Wrong:
    fits = _NOMIS.fullmatch(plain)
    return plain if fits else _format("A1234BC: a letter, 4 figures, 2 letters")


def _crn(plain: str, _this_year: int) -> str | _Wrong:
    return plain if _CRN.fullmatch(plain) else _format("X123456: a letter and 6 figures")


_READERS: Final[dict[IdentifierKind, Callable[[str, int], str | _Wrong]]] = {
    IdentifierKind.PNC: _pnc,
    IdentifierKind.CRO: _cro,
    IdentifierKind.NOMIS: _nomis,
    IdentifierKind.CRN: _crn,
}
