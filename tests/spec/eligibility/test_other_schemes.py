"""Voluntary tags under IOM, and release on temporary licence: facts in, answers out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tipstaff.domain.eligibility import Verdict, decide
from tipstaff.domain.eligibility_facts import Case
from tipstaff.domain.eligibility_findings import Result
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.records.law import versions_of

YES, NO, OPEN = Verdict.YES, Verdict.NO, Verdict.NOT_YET_KNOWN
DAY = date(2026, 3, 2)
ADULT, CHILD = date(2008, 3, 2), date(2008, 3, 3)
SAFE = {"responsible_adult": True, "best_interests_recorded": True}
WILLING = Case(
    born_on=ADULT,
    basis=LegalBasis.VOLUNTARY,
    managed_together=True,
    referred=True,
    written_consent=True,
    unsuitable=False,
)
RELEASED = Case(
    born_on=ADULT,
    basis=LegalBasis.TEMPORARY_LICENCE,
    temporary_release_granted=True,
    monitoring_in_licence=True,
    unsuitable=False,
)
Line = tuple[str, str, Case, dict[str, Any], Verdict, str]
V, T = "voluntary-iom", "temporary-release"
TABLE: list[Line] = [
    ("all is well", V, WILLING, {}, YES, ""),
    ("on licence, not voluntary", V, WILLING, {"basis": LegalBasis.LICENCE}, NO, "voluntary"),
    ("not managed together", V, WILLING, {"managed_together": False}, NO, "managed_together"),
    ("managed together: not known", V, WILLING, {"managed_together": None}, OPEN,
     "managed_together"),
    ("not referred", V, WILLING, {"referred": False}, NO, "referred"),
    ("no consent", V, WILLING, {"written_consent": False}, NO, "written_consent"),
    ("consent not known", V, WILLING, {"written_consent": None}, OPEN, "written_consent"),
    ("unsuitable", V, WILLING, {"unsuitable": True}, NO, "not_unsuitable"),
    ("a child, safe", V, WILLING, {"born_on": CHILD, **SAFE}, YES, ""),
    ("a child, nobody asked", V, WILLING, {"born_on": CHILD}, OPEN, "child_safeguards"),
    ("a child without an adult", V, WILLING,
     {"born_on": CHILD, **SAFE, "responsible_adult": False}, NO, "child_safeguards"),
    ("a child, interests not recorded", V, WILLING,
     {"born_on": CHILD, "best_interests_recorded": False}, NO, "child_safeguards"),
    ("age not known, safe", V, WILLING, {"born_on": None, **SAFE}, YES, ""),
    ("age not known, nobody asked", V, WILLING, {"born_on": None}, OPEN, "child_safeguards"),
    ("age not known, no adult", V, WILLING, {"born_on": None, "responsible_adult": False}, OPEN,
     "child_safeguards"),
    ("an adult needs no safeguards", V, WILLING, {"responsible_adult": False}, YES, ""),
    ("all is well", T, RELEASED, {}, YES, ""),
    ("on licence", T, RELEASED, {"basis": LegalBasis.LICENCE}, NO, "on_temporary_licence"),
    ("not granted", T, RELEASED, {"temporary_release_granted": False}, NO, "granted"),
    ("not decided", T, RELEASED, {"temporary_release_granted": None}, OPEN, "granted"),
    ("no monitoring in it", T, RELEASED, {"monitoring_in_licence": False}, NO,
     "monitoring_in_licence"),
    ("unsuitable", T, RELEASED, {"unsuitable": True}, NO, "not_unsuitable"),
    ("a child without an adult", T, RELEASED, {"born_on": CHILD, "responsible_adult": False}, NO,
     "child_safeguards"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "case", "facts", "verdict", "clause"),
    [line[1:] for line in TABLE],
    ids=[f"{line[1]}: {line[0]}" for line in TABLE],
)
def test_a_line(
    rule: str, case: Case, facts: dict[str, Any], verdict: Verdict, clause: str
) -> None:
    answer = decide(versions_of(rule), replace(case, **facts), DAY)
    not_met = {c.clause for c in answer.clauses if c.result is not Result.MET}
    assert (answer.verdict, not_met) == (verdict, {clause} if clause else set())
