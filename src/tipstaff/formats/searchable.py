"""A policy of who may be searched: one TOML file a version. No code.

Keys at the top: `id`, `version`, `title`, `source`. Then one `[[rule]]` or more, each of which
permits something; what none permits is refused:

- `id`, `source`;
- `bases`: legal bases; `scheme`: only orders made under that eligibility rule;
- `conditions`: kinds of condition of which the order must have one (default: a trail);
- `crime_types`, `forces`: lists, or `"any"`;
- `consent` = true: the wearer's written consent must cover it too (default false);
- `children` = true: people under 18 at the crime are in (default false: out);
- `from`: the first day of searching, or `"always"`; `until`: the first day of no more searching;
- `crimes_from`: the first day of crimes; left out, as `from`.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.searchable import SearchPolicy, SearchRule
from tipstaff.formats.eligibility import in_force_from
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

ANY: Final = "any"
_KEYS: Final = ("id", "version", "title", "source", "rule")
_RULE_KEYS: Final = (
    "id", "source", "bases", "scheme", "conditions", "crime_types", "forces", "consent",
    "children", "from", "until", "crimes_from",
)  # fmt: skip


def parse_policy(source: bytes) -> SearchPolicy | tuple[TomlFault, ...]:
    """Read one version of a policy; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    policy = SearchPolicy(
        policy_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        title=reader.text("title", values.get("title")),
        source=reader.text("source", values.get("source")),
        rules=_rules(reader),
    )
    return tuple(reader.faults) or policy


def _rules(reader: Checker) -> tuple[SearchRule, ...]:
    rules: list[SearchRule] = []
    for number, values in enumerate(reader.tables("rule"), start=1):
        where = f"rule[{number}]"
        reader.known_fields(where, values, _RULE_KEYS)
        rule = _rule(reader, where, values)
        if rule.rule_id in {other.rule_id for other in rules}:
            reader.fault(f"{where}.id", "is taken", "give each rule its own id")
        rules.append(rule)
    return tuple(rules)


def _rule(reader: Checker, where: str, values: dict[str, Any]) -> SearchRule:
    start = in_force_from(reader, f"{where}.from", values.get("from"))
    end = reader.day(f"{where}.until", values["until"]) if "until" in values else None
    if start is not None and end is not None and end <= start:
        action = "give the first day of no more searching"
        reader.fault(f"{where}.until", "is not after from", action)
    crimes = f"{where}.crimes_from"
    crimes_from = in_force_from(reader, crimes, values.get("crimes_from", values.get("from")))
    scheme = values.get("scheme")
    kinds = values.get("conditions", [ConditionKind.TRAIL.value])
    return SearchRule(
        rule_id=reader.text(f"{where}.id", values.get("id")),
        bases=frozenset(reader.words(f"{where}.bases", values.get("bases"), LegalBasis)),
        crime_types=_scope(reader, f"{where}.crime_types", values.get("crime_types")),
        forces=_scope(reader, f"{where}.forces", values.get("forces")),
        source=reader.text(f"{where}.source", values.get("source")),
        start=start,
        end=end,
        crimes_from=crimes_from,
        scheme=None if scheme is None else reader.text(f"{where}.scheme", scheme),
        conditions=frozenset(reader.words(f"{where}.conditions", kinds, ConditionKind)),
        consent=reader.flag(f"{where}.consent", values.get("consent", False)),
        children=reader.flag(f"{where}.children", values.get("children", False)),
    )


def _scope(reader: Checker, where: str, value: Any) -> Scope:
    if value == ANY:
        return Scope(everything=True)
    return Scope(frozenset(reader.texts(where, value)))
