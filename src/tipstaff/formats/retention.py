"""A policy of retention: one TOML file a version. No code.

Keys at the top: `id`, `version`, `title`, `source`; `from`, the first day in force; `uncovered`, a
term; `unknown_device_hours`; `locked`, categories that nobody reads once their order has ended but
for the purposes `open_to` (the data lock). Then `[[rule]]` tables: `id`, `bases`, `source`,
`choice` (true where the figures are the controller's to set), and `[rule.keep]`, a term for every
category. A term is `"28 days"` or `"6 months"`.

Every legal basis has one rule. No term is shorter than `uncovered`: else what a later extension of
an order covers could have been due before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention import Category, RetentionPolicy, RetentionRule
from tipstaff.domain.terms import Term
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

_KEYS: Final = (
    "id", "version", "title", "source", "from", "uncovered", "unknown_device_hours", "locked",
    "open_to", "rule",
)  # fmt: skip
_RULE_KEYS: Final = ("id", "bases", "source", "choice", "keep")
_TERM: Final = re.compile(r"([1-9][0-9]{0,3}) (day|month)s?")
_SOME_DAY: Final = date(2025, 1, 31)


def parse_retention(source: bytes) -> RetentionPolicy | tuple[TomlFault, ...]:
    """Read one version of a policy; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    policy = RetentionPolicy(
        policy_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        title=reader.text("title", values.get("title")),
        source=reader.text("source", values.get("source")),
        start=reader.day("from", values.get("from")),
        locked=frozenset(reader.words("locked", values.get("locked"), Category)),
        open_to=frozenset(reader.words("open_to", values.get("open_to"), Purpose)),
        uncovered=_term(reader, "uncovered", values.get("uncovered")),
        unknown_device_h=reader.count("unknown_device_hours", values.get("unknown_device_hours")),
        rules=tuple(
            _rule(reader, f"rule[{number}]", rule)
            for number, rule in enumerate(reader.tables("rule"), start=1)
        ),
    )
    _check(reader, policy)
    return tuple(reader.faults) or policy


def _rule(reader: Checker, where: str, values: Mapping[str, Any]) -> RetentionRule:
    reader.known_fields(where, values, _RULE_KEYS)
    keep = values.get("keep")
    if not isinstance(keep, dict):
        reader.fault(
            f"{where}.keep", "is missing", "write [rule.keep] and a term for each category"
        )
        keep = dict.fromkeys(Category, "1 day")
    reader.known_fields(f"{where}.keep", keep, [category.value for category in Category])
    return RetentionRule(
        rule_id=reader.text(f"{where}.id", values.get("id")),
        bases=frozenset(reader.words(f"{where}.bases", values.get("bases"), LegalBasis)),
        keep={c: _term(reader, f"{where}.keep.{c}", keep.get(c.value)) for c in Category},
        source=reader.text(f"{where}.source", values.get("source")),
        choice=reader.flag(f"{where}.choice", values.get("choice")),
    )


def _term(reader: Checker, where: str, value: Any) -> Term:
    found = _TERM.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > 1200:
        reader.fault(where, "is not a term", 'write for instance "28 days" or "6 months"')
        return Term(days=1)
    count = int(found[1])
    return Term(days=count) if found[2] == "day" else Term(months=count)


def _check(reader: Checker, policy: RetentionPolicy) -> None:
    for basis in LegalBasis:
        times = sum(basis in rule.bases for rule in policy.rules)
        if times != 1:
            action = "name each legal basis in the bases of one rule"
            reader.fault("rule", f"{times} rules are for {basis}", action)
    for number, rule in enumerate(policy.rules, start=1):
        for category, term in rule.keep.items():
            if (
                _least_days(term)
                < policy.uncovered.after(_SOME_DAY).toordinal() - _SOME_DAY.toordinal()
            ):
                action = "keep it at least as long as uncovered, or make uncovered shorter"
                reader.fault(f"rule[{number}].keep.{category}", "is shorter than uncovered", action)


def _least_days(term: Term) -> int:
    """The fewest days that a term can have."""
    starts = (date(2025, 1, 1) + timedelta(days=n) for n in range(365))
    return min((term.after(start) - start).days for start in starts)
