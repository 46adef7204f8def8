"""What is wrong with a wearer's record, and with a case as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_cases import order, utc, wearer

from tipstaff.domain.cases import Case, check_case
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.wearer_checks import check_wearer
from tipstaff.domain.wearers import Address
from tipstaff.domain.zones import Place

TODAY = date(2026, 2, 1)
CRN = Identifier(IdentifierKind.CRN, "X123456")
HOME = Address("home", ("1 Made Street",))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"born_on": None}, []),
        ({"names": ()}, [("names", "NO_NAME")]),
        ({"born_on": date(2026, 2, 2)}, [("born_on", "BIRTH_OUT_OF_RANGE")]),
        ({"born_on": date(1890, 2, 2)}, [("born_on", "BIRTH_OUT_OF_RANGE")]),
        ({"identifiers": (CRN, CRN)}, [("identifiers[1]", "IDENTIFIER_REPEATED")]),
        ({"addresses": (HOME, HOME)}, [("addresses[1].reference", "ADDRESS_REPEATED")]),
        ({"addresses": (Address("a", (), "", Place(-1.5, 53.0)),)},
         [("addresses[0].place", "PLACE_OUT_OF_RANGE")]),
        ({"language": "Polish"}, [("language", "LANGUAGE")]),
    ],
)  # fmt: skip
def test_a_record(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = check_wearer(wearer(**changed), TODAY)
    assert [(p.where, str(p.code)) for p in found] == expected


def test_a_case_tells_all_with_its_paths() -> None:
    case = Case(
        wearer(language="?"),
        (order(), order(conditions=())),
        valid_from=utc("2026-02-01"),
        valid_to=utc("2026-01-01"),
    )
    assert [(p.where, str(p.code)) for p in check_case(case, TODAY)] == [
        ("wearer.language", "LANGUAGE"),
        ("orders[1].conditions", "NO_CONDITION"),
        ("orders[1].reference", "ORDER_REPEATED"),
        ("valid_to", "VALIDITY"),
    ]
