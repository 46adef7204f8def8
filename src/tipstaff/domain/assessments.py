"""Assessments: what an eligibility rule answered on the facts of a case, kept with those facts.

An order that names a rule becomes active on the strength of one. The rule is asked again whenever
an assessment is recorded: an answer that the facts do not give is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tipstaff.domain.eligibility import Answer, Rule, Verdict, evaluate
from tipstaff.domain.eligibility_facts import Case
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.problems import Problem


class AssessmentCode(StrEnum):
    """Why an assessment is refused."""

    ASSESSMENT_OF_ANOTHER = "ASSESSMENT_OF_ANOTHER"
    ASSESSMENT_RULE_NOT_KNOWN = "ASSESSMENT_RULE_NOT_KNOWN"
    ANSWER_DIFFERS = "ANSWER_DIFFERS"


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """What a rule answered on `facts` for the day of release or fitting (None: not fixed yet)."""

    reference: str
    wearer: str
    on_date: date | None
    assessed_at: datetime
    facts: Case
    answer: Answer


def check_assessment(
    assessment: Assessment, wearer: str, versions: Iterable[Rule]
) -> tuple[Problem, ...]:
    """Everything wrong with an assessment; `versions` are those of its rule that are known here."""
    return tuple(_problems(assessment, wearer, tuple(versions)))


def assessment_problems(order: Order, assessments: Iterable[Assessment]) -> Iterator[Problem]:
    """What an active order that names a rule lacks: a yes of that version of it, as last asked."""
    rule = order.rule
    if order.status is not OrderStatus.ACTIVE or rule is None:
        return
    version = (rule.rule_id, rule.version)
    asked = [a for a in assessments if (a.answer.rule_id, a.answer.version) == version]
    last = max(asked, key=lambda a: (a.assessed_at, a.reference), default=None)
    if last is None:
        action = "assess eligibility by this version of the rule first: nobody has"
        yield Problem(OrderCode.NOT_ASSESSED, "rule", action)
    elif last.answer.verdict is Verdict.NO:
        action = "the last assessment by this version of the rule says no: leave the rule out"
        yield Problem(OrderCode.NOT_ELIGIBLE, "rule", action)
    elif last.answer.verdict is Verdict.NOT_YET_KNOWN:
        missing = ", ".join(clause.clause for clause in last.answer.missing)
        action = f"it is not yet known whether the wearer is eligible: find out {missing}"
        yield Problem(OrderCode.ASSESSMENT_OPEN, "rule", action)


def _problems(assessment: Assessment, wearer: str, versions: tuple[Rule, ...]) -> Iterator[Problem]:
    if assessment.wearer != wearer:
        action = "the assessment names another wearer: put the reference right"
        yield Problem(AssessmentCode.ASSESSMENT_OF_ANOTHER, "wearer", action)
    told = assessment.answer
    rule = next((r for r in versions if r.version == told.version), None)
    if rule is None:
        action = "name a rule and a version that docs/reference/law.md lists"
        yield Problem(AssessmentCode.ASSESSMENT_RULE_NOT_KNOWN, "answer", action)
    elif _results(told) != _results(evaluate(rule, assessment.facts, assessment.on_date)):
        action = "the rule does not answer so on these facts: assess eligibility anew"
        yield Problem(AssessmentCode.ANSWER_DIFFERS, "answer", action)


def _results(answer: Answer) -> tuple[object, ...]:
    """What an answer comes to; its sentences may be worded anew."""
    return (answer.verdict, *((c.clause, c.standing, c.result) for c in answer.clauses))
