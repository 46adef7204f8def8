"""A number of a person by the API: sent in the body, told of those within reach alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asked_api import MANAGING, problem, program
from made_cases import wearer
from sign_in_fixtures import entries

from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
NUMBER = Identifier(IdentifierKind.CRN, "X123456")


def test_a_number_leads_to_whom_one_may_see(pages_on_both: Pages) -> None:
    from tipstaff.services.cases import record_wearer

    done = record_wearer(**MANAGING, wearer=wearer("26/1", identifiers=(NUMBER,)))
    assert done.problems == ()
    asked = {"kind": "crn", "number": "x123456"}
    operator = program(pages_on_both, Role.MONITORING_OPERATOR)
    assert operator.post("/find-wearer", asked).json() == {"wearers": ["26/1"]}
    extent = entries("find_wearer")[-1].extent
    assert extent["kind"] == "crn"
    assert "123456" not in str(extent)
    officer = program(pages_on_both, Role.INVESTIGATING_OFFICER)
    assert officer.post("/find-wearer", asked).json() == {"wearers": []}
    nobody = operator.post("/find-wearer", asked | {"number": "X999999"})
    assert nobody.json() == {"wearers": []}


def test_what_is_no_number_is_pointed_at_and_a_role_without_it_refused(
    pages_on_both: Pages,
) -> None:
    operator = program(pages_on_both, Role.MONITORING_OPERATOR)
    wrong = operator.post("/find-wearer", {"kind": "crn", "number": "12"})
    assert (wrong.status_code, problem(wrong)["problems"][0]["pointer"]) == (422, "/body/number")
    auditor = program(pages_on_both, Role.AUDITOR, purpose="audit")
    refused = auditor.post("/find-wearer", {"kind": "crn", "number": "X123456"})
    assert refused.status_code == 403
