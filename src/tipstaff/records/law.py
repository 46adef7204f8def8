"""The law as it is shipped, read from data: eligibility, searching, consent, intake, retention."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from tipstaff.domain.consent_texts import ConsentText
from tipstaff.domain.eligibility import Rule
from tipstaff.domain.forces import ForceFact
from tipstaff.domain.intake_words import IntakePolicy
from tipstaff.domain.retention import RetentionPolicy
from tipstaff.domain.searchable import SearchPolicy
from tipstaff.formats.consent_texts import parse_text
from tipstaff.formats.eligibility import parse_rules
from tipstaff.formats.forces import parse_forces
from tipstaff.formats.intake_policy import parse_intake_policy
from tipstaff.formats.retention import parse_retention
from tipstaff.formats.searchable import parse_policy

#: The policy by which this version of the program decides who may be searched.
POLICY: Final = "default-1"
#: The policy by which it decides what becomes of fixes that come late.
INTAKE_POLICY: Final = "default-1"
#: The policy by which this version of the program decides what is kept how long.
RETENTION: Final = "default-1"


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[Rule, ...]:
    """Every version of every eligibility rule, by id and version."""
    rules: list[Rule] = []
    for found in parse_rules(_sources("eligibility")):
        if not isinstance(found, Rule):
            raise ValueError(f"a shipped eligibility rule is broken: {found}")
        rules.append(found)
    return tuple(rules)


def versions_of(rule_id: str) -> tuple[Rule, ...]:
    """Every version of one eligibility rule, oldest first; none where there is no such rule."""
    return tuple(rule for rule in shipped_rules() if rule.rule_id == rule_id)


@lru_cache(maxsize=1)
def shipped_policy() -> SearchPolicy:
    """The policy named by `POLICY`."""
    policy = parse_policy(_sources("searchable")[f"{POLICY}.toml"])
    if not isinstance(policy, SearchPolicy):
        raise ValueError(f"the shipped policy {POLICY} is broken: {policy[0]}")
    return policy


@lru_cache(maxsize=1)
def shipped_consent_texts() -> tuple[ConsentText, ...]:
    """Every version of every text of consent, by its file's name."""
    texts: list[ConsentText] = []
    for name, source in sorted(_sources("consent").items()):
        text = parse_text(source)
        if not isinstance(text, ConsentText):
            raise ValueError(f"the shipped text {name} is broken: {text[0]}")
        texts.append(text)
    return tuple(texts)


@lru_cache(maxsize=1)
def shipped_intake_policy() -> IntakePolicy:
    """The policy named by `INTAKE_POLICY`."""
    policy = parse_intake_policy(_sources("intake")[f"{INTAKE_POLICY}.toml"])
    if not isinstance(policy, IntakePolicy):
        raise ValueError(f"the shipped policy {INTAKE_POLICY} is broken: {policy[0]}")
    return policy


@lru_cache(maxsize=1)
def retention_policy() -> RetentionPolicy:
    """The policy named by `RETENTION`."""
    policy = parse_retention(_sources("retention")[f"{RETENTION}.toml"])
    if not isinstance(policy, RetentionPolicy):
        raise ValueError(f"the shipped policy of retention is broken: {policy[0]}")
    return policy


@lru_cache(maxsize=1)
def shipped_forces() -> tuple[ForceFact, ...]:
    """The forces that every installation knows."""
    found: list[ForceFact] = []
    for source in _sources("forces").values():
        for force in parse_forces(source):
            if not isinstance(force, ForceFact):
                raise ValueError(f"a shipped file of forces is broken: {force}")
            found.append(force)
    return tuple(found)


def _sources(folder: str) -> dict[str, bytes]:
    """Files of rules by name."""
    place = files("tipstaff.formats").joinpath("law", folder)
    return {file.name: file.read_bytes() for file in place.iterdir() if file.name.endswith(".toml")}
