"""May this person be tagged under that rule? Yes, no, or not yet known, clause by clause.

A rule is data: clauses, each of a declared kind (`eligibility_clauses`), with the period in which
it is in force and its sources. An unknown fact leaves a clause *not known*, and never makes a no:
a no needs one clause that is surely not met; a yes needs every clause met.

A clause's standing is `law` or `practice`. What is done in practice without being law (an order
form that refuses what the law allows) is answered and shown, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipstaff.domain.eligibility_facts import Case, day_words
from tipstaff.domain.eligibility_findings import Demand, Finding, Result

IN_FORCE = "in_force"


class Standing(StrEnum):
    """Whether a clause decides, or is only reported."""

    LAW = "law"
    PRACTICE = "practice"


class Verdict(StrEnum):
    """The whole answer."""

    YES = "yes"
    NO = "no"
    NOT_YET_KNOWN = "not yet known"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a rule: its name, the demand it makes, its source."""

    name: str
    demand: Demand
    source: str
    standing: Standing = Standing.LAW


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule, in force from the day `start` up to, not including, the day `end`.

    None at either end: no beginning is known, or no end. `monitored_months` is for how long after
    first release the rule monitors; None: it does not say. A used version is never changed: the
    next one is added beside it.
    """

    rule_id: str
    version: int
    title: str
    start: date | None
    end: date | None
    source: str
    clauses: tuple[Clause, ...]
    monitored_months: int | None = None
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class ClauseAnswer:
    """What one clause says: its result, the reason in a sentence, and the clause's source."""

    clause: str
    standing: Standing
    result: Result
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict under one version of a rule, and what each of its clauses says."""

    rule_id: str
    version: int
    verdict: Verdict
    clauses: tuple[ClauseAnswer, ...]

    @property
    def against_practice(self) -> tuple[ClauseAnswer, ...]:
        """Clauses of practice that are not met: the law allows what a form may refuse."""
        return tuple(
            c
            for c in self.clauses
            if c.standing is Standing.PRACTICE and c.result is Result.NOT_MET
        )

    @property
    def missing(self) -> tuple[ClauseAnswer, ...]:
        """Clauses of law that nobody can answer yet."""
        return tuple(
            c for c in self.clauses if c.standing is Standing.LAW and c.result is Result.NOT_KNOWN
        )


def evaluate(rule: Rule, case: Case, on_date: date | None) -> Answer:
    """Answer for one version of a rule.

    `on_date` is the day of the release that is looked at, or of the fitting where the rule is not
    about a release; None where it is not fixed yet.
    """
    clauses = (Clause(IN_FORCE, _InForce(rule), rule.source), *rule.clauses)
    answers = tuple(_answer(clause, case, on_date) for clause in clauses)
    return Answer(rule.rule_id, rule.version, _verdict(answers), answers)


def decide(versions: Iterable[Rule], case: Case, on_date: date | None) -> Answer:
    """Answer under the version of one rule that is in force on `on_date`.

    `versions` are those of one rule, one at least. Where the date is not known any of them may come
    to apply, so that it is a no only where every version says no; else the newest that does not.
    Where none is in force, the newest says so.
    """
    newest_first = sorted(versions, key=lambda rule: rule.version, reverse=True)
    if not newest_first:
        raise ValueError("no version of the rule was given")
    apply = [r for r in newest_first if on_date is None or r.in_force(on_date)] or newest_first[:1]
    answers = [evaluate(rule, case, on_date) for rule in apply]
    return next((a for a in answers if a.verdict is not Verdict.NO), answers[0])


@dataclass(frozen=True, slots=True)
class _InForce:
    """The clause that every rule has: it is in force on the day."""

    rule: Rule

    def find(self, case: Case, on_date: date | None) -> Finding:
        del case
        if on_date is None:
            return Finding(Result.NOT_KNOWN, "The day of release or fitting is not known yet.")
        name, day = f"Version {self.rule.version} of this rule is", day_words(on_date)
        if self.rule.in_force(on_date):
            return Finding(Result.MET, f"{name} in force on {day}.")
        return Finding(Result.NOT_MET, f"{name} not in force on {day}.")


def _answer(clause: Clause, case: Case, on_date: date | None) -> ClauseAnswer:
    finding = clause.demand.find(case, on_date)
    return ClauseAnswer(clause.name, clause.standing, finding.result, finding.reason, clause.source)


def _verdict(answers: tuple[ClauseAnswer, ...]) -> Verdict:
    results = {a.result for a in answers if a.standing is Standing.LAW}
    if Result.NOT_MET in results:
        return Verdict.NO
    return Verdict.NOT_YET_KNOWN if Result.NOT_KNOWN in results else Verdict.YES
