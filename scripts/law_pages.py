"""The page of docs/reference that shows the law as the program holds it: bases, rules, policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from inspect import getdoc
from typing import Any, Final

from tipstaff.domain.condition_rules import CONDITIONS, BasisConditions, LawRule, refusal
from tipstaff.domain.eligibility import Clause, Rule, Standing
from tipstaff.domain.eligibility_facts import FACT_WORDS, Fact, day_words
from tipstaff.domain.legal_bases import BASIS_WORDS, CONDITION_WORDS, ConditionKind, LegalBasis
from tipstaff.domain.retention import Category, RetentionPolicy
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.searchable import SearchPolicy, SearchRule
from tipstaff.records.law import retention_policy, shipped_policy, shipped_rules

_INTRO: Final = (
    "† marks what was taken from a secondary source, or is our own reading, and was not read in "
    "the law itself. Have a lawyer look before relying on it. What the answers mean: "
    "[eligibility](../eligibility.md), [who may be searched](../who-may-be-searched.md).\n"
)
_MONTHS: Final = (
    "Monitored for the rest of the licence, up to {} months from first release; "
    "time off licence is not counted.\n"
)


def law_reference() -> str:
    """The whole page, without the notice above it."""
    parts = ["# Law as data\n", _INTRO, "## Conditions by legal basis\n", *_conditions()]
    for rule in shipped_rules():
        parts += _rule(rule)
    return "\n".join([*parts, *_policy(shipped_policy()), *_retention(retention_policy())])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def _conditions() -> list[str]:
    kinds = [CONDITION_WORDS[kind].split(" (")[0] for kind in ConditionKind]
    rows = [
        [BASIS_WORDS[basis], *("yes" if not refusal(basis, kind) else "" for kind in ConditionKind)]
        for basis in LegalBasis
    ]
    notes = [f"- {BASIS_WORDS[basis]}: {_basis_note(CONDITIONS[basis])}" for basis in LegalBasis]
    return [*_table(["basis", *kinds], rows), *notes, ""]


def _basis_note(conditions: BasisConditions) -> str:
    rules = dict.fromkeys(
        (conditions.ground, *conditions.required.values(), *conditions.refused.values())
    )
    told = [_law(rule) for rule in rules]
    if conditions.least_curfew_h is not None:
        told.append(f"Curfew: at least {conditions.least_curfew_h} hours in any day.")
    if conditions.most_trail_months is not None:
        told.append(f"Trail: at most {conditions.most_trail_months} months.")
    return " ".join(told)


def _law(rule: LawRule) -> str:
    return f"{rule.words} ({rule.citation})"


def _rule(rule: Rule) -> list[str]:
    return [
        f"## {rule.title}\n",
        f"`{rule.rule_id}`, version {rule.version}; {_period(rule.start, rule.end)}. "
        f"{rule.source}.\n",
        *([_MONTHS.format(rule.monitored_months)] if rule.monitored_months else []),
        *([f"{rule.note}\n"] if rule.note else []),
        *_table(
            ["clause", "what it demands", "measure", "source"],
            (
                [
                    f"`{clause.name}`"
                    + (" (practice)" if clause.standing is Standing.PRACTICE else ""),
                    _demand(clause),
                    _measure(clause),
                    clause.source,
                ]
                for clause in rule.clauses
            ),
        ),
    ]


def _demand(clause: Clause) -> str:
    fact = getattr(clause.demand, "fact", None)
    if isinstance(fact, Fact):
        return FACT_WORDS[fact][0 if getattr(clause.demand, "wanted", True) else 1]
    return (getdoc(type(clause.demand)) or "").splitlines()[0]


def _measure(clause: Clause) -> str:
    told = []
    for field in fields(clause.demand):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(clause.demand, field.name)
        if field.name not in {"fact", "wanted"} and value != field.default:
            told.append(f"{field.name}: {_value(value)}")
    return "; ".join(told)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _period(start: date | None, end: date | None) -> str:
    begun = "no beginning known" if start is None else f"from {day_words(start)}"
    return begun if end is None else f"{begun}, no longer in force on {day_words(end)}"


def _policy(policy: SearchPolicy) -> list[str]:
    rows = [_search_rule(rule) for rule in policy.rules]
    heads = ["rule", "legal bases", "order", "crime types", "forces", "searched", "source"]
    return [
        f"## Who may be searched: {policy.title}\n",
        f"`{policy.policy_id}`, version {policy.version}. {policy.source}.\n",
        *_table(heads, rows),
    ]


def _search_rule(rule: SearchRule) -> list[str]:
    order = [" or ".join(sorted(CONDITION_WORDS[kind].split(" (")[0] for kind in rule.conditions))]
    order += [f"made under `{rule.scheme}`"] if rule.scheme else []
    order += ["written consent that covers it"] if rule.consent else []
    order += [] if rule.children else ["18 or over at the crime"]
    return [
        f"`{rule.rule_id}`",
        ", ".join(BASIS_WORDS[basis] for basis in LegalBasis if basis in rule.bases),
        "; ".join(order),
        _scope(rule.crime_types),
        _scope(rule.forces),
        f"{_period(rule.start, rule.end)}; crimes {_period(rule.crimes_from, None)}",
        rule.source,
    ]


def _scope(scope: Scope) -> str:
    return "any" if scope.everything else ", ".join(sorted(scope.names))


def _retention(policy: RetentionPolicy) -> list[str]:
    """How long what is kept, by basis."""
    rows = [
        [BASIS_WORDS[basis], *(str(rule.keep[category]) for category in Category)]
        for rule in policy.rules
        for basis in LegalBasis
        if basis in rule.bases
    ]
    locked = ", ".join(sorted(policy.locked))
    return [
        f"## Retention: {policy.title} ({policy.name})\n",
        f"Kept after the end of the order. Source: {policy.source}.\n",
        *_table(["basis", *(category.value for category in Category)], rows),
        *(f"- {rule.rule_id}: {rule.source}" for rule in policy.rules),
        "",
        f"No order covers it: {policy.uncovered} from its beginning. Messages of devices that "
        f"nobody is known to wear: {policy.unknown_device_h} hours. Once its order has ended, "
        f"{locked} are read for {', '.join(sorted(policy.open_to))} alone.\n",
    ]
