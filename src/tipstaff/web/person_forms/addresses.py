"""Addresses where somebody may live: added, put right. Curfews name them by their references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.wearers import Address, Wearer
from tipstaff.domain.zones import Place
from tipstaff.formats.wearer_json import WEARER
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.cases import record_wearer
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.cases import record_of
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.written import WrittenCode, beneath, unkept

_PLACE: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?)\s*,?\s+(-?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)
_YES: Final = "yes"
_REFERENCE: Final = Field(
    "reference", "Short name", hint="As orders and pages call it: home, mother, hostel",
)  # fmt: skip
_FIELDS: Final = (
    Field("lines", "Address", Kind.WORDS, hint="A line each, without the postcode"),
    Field("postcode", "Postcode", needed=False),
    Field("place", "Where it stands", needed=False,
          hint="Latitude and longitude, as 52.92264, -1.47459; a curfew there is judged by it"),
    Field("householder", "Whose home it is", Kind.ONE, where="needs_householder",
          options=choices([("no", "Their own"), (_YES, "Somebody else’s, who has to co-operate")])),
    Field("reason", "Why the record changes", Kind.WORDS),
)  # fmt: skip


def _add(found: CaseView, wearer: str, _about: str) -> Act | None:
    record = record_of(found)
    if record is None:
        return None

    def do(who: Who, given: Given) -> Done:
        address = _written(given, given.text("reference"))
        if isinstance(address, Problem):
            return Done((address,))
        return _record(who, given, record, (*record.addresses, address), len(record.addresses))

    return Act(
        "address", "record_wearer", "Add an address", "Add it", do, "The address was added.",
        "person", (_REFERENCE, *_FIELDS), back_values=to_the_person(wearer),
        about=(("Person", wearer),), filled={"householder": ["no"]},
    )  # fmt: skip


def _change(found: CaseView, wearer: str, about: str) -> Act | None:
    record = record_of(found)
    names = [one.reference for one in record.addresses] if record else []
    if record is None or about not in names:
        return None
    index = names.index(about)
    held = record.addresses[index]

    def do(who: Who, given: Given) -> Done:
        address = _written(given, about)
        if isinstance(address, Problem):
            return Done((address,))
        kept = list(record.addresses)
        kept[index] = address
        return _record(who, given, record, kept, index)

    place = held.place
    return Act(
        "change-address", "record_wearer", f"Put the address {about} right", "Record it", do,
        "The address was changed.", "person", _FIELDS, back_values=to_the_person(wearer),
        about=(("Person", wearer), ("Address", about)),
        filled={
            "lines": ["\n".join(held.lines)],
            "postcode": [held.postcode],
            "place": [] if place is None else [f"{place.latitude}, {place.longitude}"],
            "householder": [_YES if held.needs_householder else "no"],
        },
    )  # fmt: skip


def _written(given: Given, reference: str) -> Address | Problem:
    place = None
    if given.text("place"):
        found = _PLACE.fullmatch(given.text("place"))
        if found is None:
            action = "write latitude and longitude in degrees, as 52.92264, -1.47459"
            return Problem(WrittenCode.NOT_AS_WRITTEN, "place", action)
        place = Place(float(found[1]), float(found[2]))
    lines = tuple(line.strip() for line in given.text("lines").splitlines() if line.strip())
    owner = given.text("householder") == _YES
    return Address(reference, lines, given.text("postcode"), place, owner)


def _record(
    who: Who, given: Given, record: Wearer, addresses: Sequence[Address], index: int
) -> Done:
    told = replace(record, addresses=tuple(addresses))
    wrong = unkept(WEARER, told)
    if not wrong:
        wrong = record_wearer(**who, wearer=told, reason=given.text("reason")).problems
    return Done(beneath(wrong, f"addresses[{index}]."))


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("address", "record_wearer", _add),
    PersonForm("change-address", "record_wearer", _change),
)
