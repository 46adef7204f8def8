"""Which kinds of condition each legal basis allows, and the rule by which another is refused.

A kind is allowed only where a source provides for it; nothing is allowed by silence. Each rule
names its source. Where `checked` is false, the rule was taken from a secondary source and not read
in the law itself: it is shown with †, and a lawyer should look before anybody relies on it.

A zone or a curfew may be watched with the very fixes that make a trail. A *trail* condition is
another thing: monitoring of whereabouts for their own sake, not of compliance with something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tipstaff.domain.legal_bases import (
    BASIS_WORDS,
    CONDITION_WORDS,
    ConditionKind,
    LegalBasis,
)


@dataclass(frozen=True, slots=True)
class LawRule:
    """A rule with its name, what it says in a sentence, and its source."""

    code: str
    words: str
    source: str
    checked: bool = True

    @property
    def citation(self) -> str:
        """The source, with † where it was not read in the law itself."""
        return self.source if self.checked else f"{self.source} †"


@dataclass(frozen=True, slots=True)
class BasisConditions:
    """What one basis allows.

    `required` are kinds without which such an order is none, each by its rule. `least_curfew_h` are
    the fewest hours of curfew in any day, `most_trail_months` the longest a trail may be demanded;
    None: no limit known. How hours are counted (first and last days, midnight) is for the curfew's
    timetable to say.
    """

    ground: LawRule
    allowed: frozenset[ConditionKind]
    refused: Mapping[ConditionKind, LawRule] = field(default_factory=dict)
    required: Mapping[ConditionKind, LawRule] = field(default_factory=dict)
    least_curfew_h: int | None = None
    most_trail_months: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """Why conditions do not fit a basis: the kind at fault, the rule, and a sentence."""

    kind: ConditionKind
    rule: LawRule
    sentence: str


_EVERY: Final = frozenset(ConditionKind)
_MEETINGS: Final = frozenset({ConditionKind.ATTENDANCE, ConditionKind.TREATMENT_APPOINTMENT})
_COMPLIANCE: Final = _EVERY - {ConditionKind.TRAIL}

NOT_PROVIDED_FOR: Final = LawRule(
    "kind_not_provided_for",
    "No rule that Tipstaff knows provides for this kind of condition on this basis.",
    "Tipstaff's own rule: nothing is allowed by silence",
)
NO_TRAIL_ON_BAIL: Final = LawRule(
    "no_stand_alone_trail_on_bail",
    "Bail may be monitored only to see that another bail condition is kept; "
    "a trail by itself is not one.",
    "Bail Act 1976, s. 3(6ZAA) and (6ZAB)",
)
NO_TRAIL_ON_PROTECTION_ORDER: Final = LawRule(
    "no_stand_alone_trail_on_protection_order",
    "A domestic abuse protection order may be monitored only to see that its other requirements "
    "are kept; a trail by itself is not one.",
    "Domestic Abuse Act 2021, s. 35",
    checked=False,
)
YOUTH_TRAIL_PILOTED: Final = LawRule(
    "youth_whereabouts_only_piloted",
    "A youth rehabilitation order is monitored to see that its requirements are kept; monitoring "
    "of whereabouts was brought in for pilot areas and a limited time only.",
    "Sentencing Act 2020, sch. 6, Part 17; SI 2023/705",
    checked=False,
)
NO_MONITORED_SUPERVISION: Final = LawRule(
    "not_a_supervision_requirement",
    "The requirements of post-sentence supervision are a closed list, without a curfew, a zone "
    "or electronic monitoring.",
    "Criminal Justice Act 2003, s. 256AB(1), as enacted",
    checked=False,
)
CURFEW_ON_HOME_DETENTION: Final = LawRule(
    "home_detention_needs_curfew",
    "A home detention curfew licence must include a curfew.",
    "Criminal Justice Act 2003, ss. 250 and 253",
    checked=False,
)
_LICENCE: Final = LawRule(
    "licence_monitoring",
    "A licence may include monitoring of its other conditions, of whereabouts, or of both.",
    "Criminal Justice and Court Services Act 2000, s. 62(5A)",
)
_TEMPORARY: Final = LawRule(
    "temporary_licence_monitoring",
    "Temporary release, of some days, may carry conditions that are monitored.",
    "Criminal Justice and Court Services Act 2000, s. 62(1); Prison Rules 1999, r. 9",
    checked=False,
)
_SENTENCE: Final = LawRule(
    "court_order_monitoring",
    "The order may include monitoring of its other requirements, of whereabouts, or of both.",
    "Sentencing Act 2020, sch. 9, paras. 9, 29 and 30",
)
_YOUTH: Final = LawRule(
    "youth_order_monitoring",
    "The order may include monitoring of compliance with its other requirements.",
    "Sentencing Act 2020, sch. 6, Part 17, para. 41",
)
_BAIL: Final = LawRule(
    "bail_monitoring",
    "Bail may include monitoring of compliance with its other conditions.",
    "Bail Act 1976, s. 3(6ZAA) and (6ZAB)",
)
_PROTECTION: Final = LawRule(
    "protection_order_monitoring",
    "The order may include monitoring of compliance with its other requirements.",
    "Domestic Abuse Act 2021, ss. 35 and 37",
    checked=False,
)
_SUPERVISION: Final = LawRule(
    "supervision_requirements",
    "Supervision may demand attendance and drug appointments, unmonitored by a tag.",
    "Criminal Justice Act 2003, s. 256AB(1), as enacted",
    checked=False,
)
_IMMIGRATION: Final = LawRule(
    "immigration_bail_monitoring",
    "Immigration bail may include detection of a person's location, presence or absence.",
    "Immigration Act 2016, sch. 10, para. 4",
    checked=False,
)
_AGREEMENT: Final = LawRule(
    "written_agreement",
    "What the wearer agreed to in writing, until the agreement is withdrawn.",
    "The wearer's written consent; Data Protection Act 2018, s. 35(2)(a)",
    checked=False,
)
_CONTRACT: Final = LawRule(
    "checkpoint_contract",
    "What the wearer agreed to in the contract, of about four months.",
    "The Checkpoint contract (Durham)",
    checked=False,
)

_ON_LICENCE: Final = BasisConditions(_LICENCE, _EVERY)
_ON_SENTENCE: Final = BasisConditions(_SENTENCE, _EVERY, least_curfew_h=2)
_UNMONITORED: Final = dict.fromkeys(_EVERY - _MEETINGS, NO_MONITORED_SUPERVISION)
CONDITIONS: Final[Mapping[LegalBasis, BasisConditions]] = {
    LegalBasis.COURT_BAIL: BasisConditions(
        _BAIL, _COMPLIANCE, {ConditionKind.TRAIL: NO_TRAIL_ON_BAIL}
    ),
    LegalBasis.HOME_DETENTION_CURFEW: BasisConditions(
        _LICENCE,
        _EVERY,
        required={ConditionKind.CURFEW: CURFEW_ON_HOME_DETENTION},
        least_curfew_h=9,
    ),
    LegalBasis.LICENCE: _ON_LICENCE,
    LegalBasis.PAROLE: _ON_LICENCE,
    LegalBasis.POST_SENTENCE_SUPERVISION: BasisConditions(_SUPERVISION, _MEETINGS, _UNMONITORED),
    LegalBasis.COMMUNITY_ORDER: BasisConditions(
        _SENTENCE, _EVERY, least_curfew_h=2, most_trail_months=24
    ),
    LegalBasis.SUSPENDED_SENTENCE: _ON_SENTENCE,
    LegalBasis.YOUTH_ORDER: BasisConditions(
        _YOUTH, _COMPLIANCE, {ConditionKind.TRAIL: YOUTH_TRAIL_PILOTED}
    ),
    LegalBasis.DOMESTIC_ABUSE_PROTECTION_ORDER: BasisConditions(
        _PROTECTION, _COMPLIANCE, {ConditionKind.TRAIL: NO_TRAIL_ON_PROTECTION_ORDER}
    ),
    LegalBasis.TEMPORARY_LICENCE: BasisConditions(_TEMPORARY, _EVERY),
    LegalBasis.IMMIGRATION_BAIL: BasisConditions(
        _IMMIGRATION, _EVERY - {ConditionKind.TREATMENT_APPOINTMENT, ConditionKind.PROXIMITY}
    ),
    LegalBasis.VOLUNTARY: BasisConditions(_AGREEMENT, _EVERY),
    LegalBasis.CHECKPOINT: BasisConditions(_CONTRACT, _EVERY),
}


def refusal(basis: LegalBasis, kind: ConditionKind) -> LawRule | None:
    """The rule by which `basis` refuses a condition of this kind; None where it is allowed."""
    conditions = CONDITIONS[basis]
    if kind in conditions.allowed:
        return None
    return conditions.refused.get(kind, NOT_PROVIDED_FOR)


def condition_problems(
    basis: LegalBasis, kinds: Iterable[ConditionKind]
) -> tuple[ConditionProblem, ...]:
    """Everything wrong with an order on `basis` that holds conditions of these kinds."""
    held = frozenset(kinds)
    found = [
        _problem(basis, kind, rule, "is refused on")
        for kind in ConditionKind
        if kind in held and (rule := refusal(basis, kind)) is not None
    ]
    found += [
        _problem(basis, kind, rule, "is missing on")
        for kind, rule in CONDITIONS[basis].required.items()
        if kind not in held
    ]
    return tuple(found)


def _problem(basis: LegalBasis, kind: ConditionKind, rule: LawRule, what: str) -> ConditionProblem:
    words = f"{CONDITION_WORDS[kind].capitalize()} {what} {BASIS_WORDS[basis]}: {rule.words}"
    return ConditionProblem(kind, rule, words)
