"""An eligibility rule: one TOML file a version. No code.

Keys at the top:

- `id` and `version`: the rule's name, and a whole number from 1. Every version has its own file.
- `title`, `source`; `note` may be left out.
- `from`: the first day in force, or `"always"` where no beginning is known; `until`: the first day
  no longer in force, left out while it is.
- `monitored_months`: for how long after first release, where the rule says so.

Then one `[[clause]]` or more, each with a `name` of its own, a `kind` (see
`domain.eligibility_clauses.KINDS`), a `source`, and the fields of its kind. `standing = "practice"`
marks what is done without being law: it is shown and decides nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from tipstaff.domain.eligibility import IN_FORCE, Clause, Rule, Standing
from tipstaff.domain.eligibility_clauses import KINDS, ChildSafeguards
from tipstaff.domain.eligibility_facts import Fact, SentenceKind
from tipstaff.domain.eligibility_findings import Demand
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

ALWAYS: Final = "always"
_KEYS: Final = (
    "id", "version", "title", "source", "note", "from", "until", "monitored_months", "clause",
)  # fmt: skip
_CLAUSE_KEYS: Final = ("name", "kind", "source", "standing")


def parse_rule(source: bytes) -> Rule | tuple[TomlFault, ...]:
    """Read one version of a rule; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    rule = _read(reader)
    return tuple(reader.faults) or rule


def parse_rules(sources: Mapping[str, bytes]) -> tuple[Rule, ...] | tuple[TomlFault, ...]:
    """Read files of rules by their names; a fault's place begins with its file's name.

    Two versions of one rule are never in force on the same day.
    """
    parsed = {name: parse_rule(text) for name, text in sorted(sources.items())}
    rules = {name: rule for name, rule in parsed.items() if isinstance(rule, Rule)}
    faults = [
        dataclasses.replace(fault, where=f"{name}: {fault.where}")
        for name, found in parsed.items()
        if not isinstance(found, Rule)
        for fault in found
    ]
    faults += _clashes(rules)
    return tuple(faults) or tuple(sorted(rules.values(), key=lambda r: (r.rule_id, r.version)))


def in_force_from(reader: Checker, where: str, value: Any) -> date | None:
    """The day of a key `from`: a date, or None for "always"."""
    return None if value == ALWAYS else reader.day(where, value)


def _read(reader: Checker) -> Rule:
    values = reader.values
    reader.known_fields("", values, _KEYS)
    start = in_force_from(reader, "from", values.get("from"))
    end = reader.day("until", values["until"]) if "until" in values else None
    if start is not None and end is not None and end <= start:
        reader.fault("until", "is not after from", "give the first day no longer in force")
    months = values.get("monitored_months")
    return Rule(
        rule_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        title=reader.text("title", values.get("title")),
        start=start,
        end=end,
        source=reader.text("source", values.get("source")),
        clauses=_clauses(reader),
        monitored_months=None if months is None else reader.count("monitored_months", months),
        note=reader.text("note", values["note"]) if "note" in values else "",
    )


def _clauses(reader: Checker) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    for number, values in enumerate(reader.tables("clause"), start=1):
        where = f"clause[{number}]"
        name = reader.text(f"{where}.name", values.get("name"))
        if name in {IN_FORCE, *(clause.name for clause in clauses)}:
            reader.fault(f"{where}.name", f"{name!r} is taken", "give each clause its own name")
        clauses.append(
            Clause(
                name=name,
                demand=_demand(reader, where, values),
                source=reader.text(f"{where}.source", values.get("source")),
                standing=Standing(
                    reader.choice(
                        f"{where}.standing",
                        values.get("standing", Standing.LAW.value),
                        [s.value for s in Standing],
                    )
                ),
            )
        )
    return tuple(clauses)


def _demand(reader: Checker, where: str, values: dict[str, Any]) -> Demand:
    """What a clause demands: its kind, with the fields that the kind's class declares."""
    name = values.get("kind", "")
    if reader.choice(f"{where}.kind", name, KINDS) != name:
        return ChildSafeguards()  # a stand-in: the fields of an unknown kind cannot be judged
    kind = KINDS[name]
    declared = dataclasses.fields(kind)  # type: ignore[arg-type]  # every kind is a dataclass
    reader.known_fields(where, values, (*_CLAUSE_KEYS, *(field.name for field in declared)))
    given = {
        field.name: _field(reader, f"{where}.{field.name}", str(field.type), values.get(field.name))
        for field in declared
        if field.name in values or field.default is dataclasses.MISSING
    }
    if declared and not given:
        names = ", ".join(field.name for field in declared)
        reader.fault(where, "has no measure", f"give one of {names}")
    return kind(**given)


def _field(reader: Checker, where: str, kind: str, value: Any) -> Any:
    """One field of a clause, read as the type that its class declares."""
    readers: dict[str, Callable[[], Any]] = {
        "int": lambda: reader.count(where, value),
        "bool": lambda: reader.flag(where, value),
        "tuple[str, ...]": lambda: reader.texts(where, value),
        "tuple[LegalBasis, ...]": lambda: reader.words(where, value, LegalBasis),
        "tuple[SentenceKind, ...]": lambda: reader.words(where, value, SentenceKind),
        "Fact": lambda: Fact(reader.choice(where, value, [fact.value for fact in Fact])),
    }
    return readers[kind]()


def _clashes(rules: Mapping[str, Rule]) -> list[TomlFault]:
    """Faults of versions of one rule that stand in each other's way."""
    faults = []
    order = sorted(rules, key=lambda n: (rules[n].rule_id, rules[n].start or date.min, n))
    for one, other in pairwise(order):
        before, after = rules[one], rules[other]
        if before.rule_id != after.rule_id:
            continue
        if before.end is None or after.start is None or before.end > after.start:
            action = f"end {one} with until, on the day from which {other} is in force"
            faults.append(TomlFault(f"{other}: from", f"overlaps {one}", action))
        if before.version >= after.version:
            action = "number the versions in the order in which they come into force"
            faults.append(TomlFault(f"{other}: version", f"is not after that of {one}", action))
    return faults
