"""What is wrong with a wearer's record, told to the person who entered it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.wearers import Address, Wearer
from tipstaff.domain.zone_checks import BRITISH_ISLES

MOST_AGE_YEARS: Final = 120
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class WearerCode(StrEnum):
    """Why a wearer's record is refused."""

    NO_NAME = "NO_NAME"
    BIRTH_OUT_OF_RANGE = "BIRTH_OUT_OF_RANGE"
    IDENTIFIER_REPEATED = "IDENTIFIER_REPEATED"
    ADDRESS_REPEATED = "ADDRESS_REPEATED"
    PLACE_OUT_OF_RANGE = "PLACE_OUT_OF_RANGE"
    LANGUAGE = "LANGUAGE"


def check_wearer(wearer: Wearer, today: date) -> tuple[Problem, ...]:
    """Everything wrong with a wearer's record by itself; `today` is the day in Great Britain."""
    return (
        *_name_problems(wearer),
        *_birth_problems(wearer, today),
        *_repeated(wearer),
        *(p for index, address in enumerate(wearer.addresses) for p in _place(index, address)),
        *_language_problems(wearer),
    )


def _name_problems(wearer: Wearer) -> Iterator[Problem]:
    if not wearer.names:
        action = "give the name in use; write 'unknown' where nobody knows it"
        yield Problem(WearerCode.NO_NAME, "names", action)


def _birth_problems(wearer: Wearer, today: date) -> Iterator[Problem]:
    born = wearer.born_on
    if born is None or (today.year - MOST_AGE_YEARS <= born.year and born <= today):
        return
    action = f"write a date of birth within the last {MOST_AGE_YEARS} years, or leave it out"
    yield Problem(WearerCode.BIRTH_OUT_OF_RANGE, "born_on", action)


def _repeated(wearer: Wearer) -> Iterator[Problem]:
    """Two numbers of one kind there may be (two prison terms); the same one twice is a slip."""
    for index, identifier in enumerate(wearer.identifiers):
        if identifier in wearer.identifiers[:index]:
            where = f"identifiers[{index}]"
            yield Problem(WearerCode.IDENTIFIER_REPEATED, where, "give each identifier once")
    references = [address.reference for address in wearer.addresses]
    for index, reference in enumerate(references):
        if reference in references[:index]:
            action = "give each address a reference of its own: curfews name it by that"
            where = f"addresses[{index}].reference"
            yield Problem(WearerCode.ADDRESS_REPEATED, where, action)


def _place(index: int, address: Address) -> Iterator[Problem]:
    if address.place is not None and not BRITISH_ISLES.hold(address.place):
        action = f"the address must lie in {BRITISH_ISLES.name}: check latitude and longitude"
        yield Problem(WearerCode.PLACE_OUT_OF_RANGE, f"addresses[{index}].place", action)


def _language_problems(wearer: Wearer) -> Iterator[Problem]:
    if not _LANGUAGE.fullmatch(wearer.language):
        action = "write the language's tag: en, cy, pl (BCP 47)"
        yield Problem(WearerCode.LANGUAGE, "language", action)
