"""Which conditions each legal basis allows, as a table; every refusal names its rule."""

from __future__ import annotations

import pytest

from tipstaff.domain.condition_rules import CONDITIONS, condition_problems, refusal
from tipstaff.domain.legal_bases import (
    BASIS_WORDS,
    CONDITION_WORDS,
    ConditionKind,
    LegalBasis,
)

#: Basis: then curfew, exclusion zone, inclusion zone, trail, attendance, treatment, proximity.
#: y allowed, - refused.
TABLE = {
    LegalBasis.COURT_BAIL: "yyy-yyy",
    LegalBasis.HOME_DETENTION_CURFEW: "yyyyyyy",
    LegalBasis.LICENCE: "yyyyyyy",
    LegalBasis.PAROLE: "yyyyyyy",
    LegalBasis.POST_SENTENCE_SUPERVISION: "----yy-",
    LegalBasis.COMMUNITY_ORDER: "yyyyyyy",
    LegalBasis.SUSPENDED_SENTENCE: "yyyyyyy",
    LegalBasis.YOUTH_ORDER: "yyy-yyy",
    LegalBasis.DOMESTIC_ABUSE_PROTECTION_ORDER: "yyy-yyy",
    LegalBasis.TEMPORARY_LICENCE: "yyyyyyy",
    LegalBasis.IMMIGRATION_BAIL: "yyyyy--",
    LegalBasis.VOLUNTARY: "yyyyyyy",
    LegalBasis.CHECKPOINT: "yyyyyyy",
}


@pytest.mark.parametrize("basis", LegalBasis)
def test_the_table(basis: LegalBasis) -> None:
    allowed = "".join("-" if refusal(basis, kind) else "y" for kind in ConditionKind)
    assert allowed == TABLE[basis]


def test_bail_is_monitored_only_through_a_bail_condition() -> None:
    (problem,) = condition_problems(
        LegalBasis.COURT_BAIL, [ConditionKind.EXCLUSION_ZONE, ConditionKind.TRAIL]
    )
    assert problem.kind is ConditionKind.TRAIL
    assert problem.rule.code == "no_stand_alone_trail_on_bail"
    assert "Bail Act 1976" in problem.rule.source
    assert problem.sentence.startswith("Trail (whereabouts for their own sake) is refused on court")
    assert not condition_problems(LegalBasis.COURT_BAIL, [ConditionKind.EXCLUSION_ZONE])


def test_home_detention_needs_a_curfew_of_nine_hours() -> None:
    basis = LegalBasis.HOME_DETENTION_CURFEW
    (problem,) = condition_problems(basis, [ConditionKind.TRAIL])
    assert (problem.kind, problem.rule.code) == (
        ConditionKind.CURFEW,
        "home_detention_needs_curfew",
    )
    assert not condition_problems(basis, [ConditionKind.CURFEW, ConditionKind.TRAIL])
    assert CONDITIONS[basis].least_curfew_h == 9
    assert CONDITIONS[LegalBasis.LICENCE].least_curfew_h is None


def test_whereabouts_on_a_community_order_last_two_years_at_most() -> None:
    assert CONDITIONS[LegalBasis.COMMUNITY_ORDER].most_trail_months == 24


def test_every_problem_is_told_in_a_fixed_order() -> None:
    problems = condition_problems(LegalBasis.POST_SENTENCE_SUPERVISION, reversed(ConditionKind))
    assert [p.kind.value for p in problems] == [
        "curfew", "exclusion_zone", "inclusion_zone", "trail", "proximity",
    ]  # fmt: skip
    assert {p.rule.code for p in problems} == {"not_a_supervision_requirement"}


def test_every_basis_and_kind_has_words_and_every_rule_a_source() -> None:
    assert set(BASIS_WORDS) == set(LegalBasis) == set(CONDITIONS)
    assert set(CONDITION_WORDS) == set(ConditionKind)
    for conditions in CONDITIONS.values():
        for rule in (
            conditions.ground,
            *conditions.refused.values(),
            *conditions.required.values(),
        ):
            assert rule.source
            assert rule.words.endswith(".")
            assert rule.citation.endswith("†") is not rule.checked
        assert not conditions.allowed & set(conditions.refused)
