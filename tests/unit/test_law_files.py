"""Files of law say all that is wrong with them, and what to do; the shipped ones are good."""

from __future__ import annotations

from datetime import date

import pytest

from tipstaff.domain.crimes import CrimeType
from tipstaff.domain.eligibility import Rule, Standing
from tipstaff.domain.eligibility_clauses import Age, Area
from tipstaff.domain.eligibility_sentences import Offence, SentenceLength
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.retention import RetentionPolicy
from tipstaff.domain.searchable import SearchPolicy
from tipstaff.formats.eligibility import parse_rule, parse_rules
from tipstaff.formats.retention import parse_retention
from tipstaff.formats.searchable import parse_policy
from tipstaff.formats.toml_checks import TomlFault
from tipstaff.records.law import retention_policy, shipped_policy, shipped_rules, versions_of

RULE = """
id = "r"
version = 1
title = "t"
source = "s"
from = 2021-04-12
[[clause]]
name = "adult"
kind = "age"
at_least_years = 18
source = "s"
"""
POLICY = """
id = "p"
version = 1
title = "t"
source = "s"
[[rule]]
id = "a"
source = "s"
bases = "licence"
crime_types = ["RB"]
forces = "any"
from = 2021-04-12
"""


def faults(found: object) -> dict[str, str]:
    assert isinstance(found, tuple)
    assert all(isinstance(fault, TomlFault) and fault.what and fault.action for fault in found)
    return {fault.where: fault.action for fault in found}


def rule_of(text: str) -> Rule:
    rule = parse_rule(text.encode())
    assert isinstance(rule, Rule), rule
    return rule


def test_a_small_rule() -> None:
    rule = rule_of(RULE)
    assert (rule.start, rule.end, rule.monitored_months) == (date(2021, 4, 12), None, None)
    (clause,) = rule.clauses
    assert (clause.demand, clause.standing) == (Age(18), Standing.LAW)
    assert not rule.in_force(date(2021, 4, 11))
    assert rule.in_force(date(2021, 4, 12))


def test_a_rule_without_a_known_beginning_says_so() -> None:
    rule = rule_of(RULE.replace("2021-04-12", '"always"'))
    assert rule.start is None
    assert rule.in_force(date.min)


def test_a_measure_may_have_two_parts() -> None:
    text = RULE.replace(
        'kind = "age"\nat_least_years = 18', 'kind = "sentence_length"\nat_least_days = 9'
    )
    assert rule_of(text).clauses[0].demand == SentenceLength(0, 9)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('id = "r"\n', "", "id"),
        ('id = "r"', 'id = ""', "id"),
        ("version = 1", "version = 0", "version"),
        ("version = 1", "version = true", "version"),
        ('source = "s"\nfrom', 'source = "a\\nb"\nfrom', "source"),
        ("from = 2021-04-12\n", "", "from"),
        ("from = 2021-04-12", 'from = "2021-04-12"', "from"),
        ("from = 2021-04-12", "from = 2021-04-12T00:00:00", "from"),
        ("from = 2021-04-12", "from = 2021-04-12\nuntil = 2021-04-12", "until"),
        ("from = 2021-04-12", "from = 2021-04-12\nuntil = 7", "until"),
        ("from = 2021-04-12", "from = 2021-04-12\nmonitored_months = 1201", "monitored_months"),
        ("from = 2021-04-12", "from = 2021-04-12\nfrm = 1", "frm"),
        ("[[clause]]", "[clause]", "clause"),
        ('name = "adult"\n', "", "clause[1].name"),
        ('name = "adult"', 'name = "in_force"', "clause[1].name"),
        ('kind = "age"', 'kind = "wage"', "clause[1].kind"),
        ("at_least_years = 18\n", "", "clause[1].at_least_years"),
        ("at_least_years = 18", 'at_least_years = "18"', "clause[1].at_least_years"),
        ("at_least_years = 18", "at_least_years = 18\nties = true", "clause[1].ties"),
        ('18\nsource = "s"', "18", "clause[1].source"),
        ("at_least_years = 18", 'at_least_years = 18\nstanding = "habit"', "clause[1].standing"),
        ('kind = "age"\nat_least_years = 18', 'kind = "sentence_length"', "clause[1]"),
        ('kind = "age"\nat_least_years = 18', 'kind = "area"\nlisted = []', "clause[1].listed"),
        ('kind = "age"\nat_least_years = 18', 'kind = "basis"\nallowed = ["love"]',
         "clause[1].allowed"),
        ('kind = "age"\nat_least_years = 18', 'kind = "kind_of_sentence"\nallowed = [3]',
         "clause[1].allowed"),
        ('kind = "age"\nat_least_years = 18', 'kind = "fact"\nfact = "tall"\nwanted = true',
         "clause[1].fact"),
        ('kind = "age"\nat_least_years = 18', 'kind = "fact"\nfact = "referred"\nwanted = "yes"',
         "clause[1].wanted"),
        ('kind = "age"\nat_least_years = 18', 'kind = "longest_sentence"', "clause[1].ties"),
        ('id = "r"', "id = r", "file"),
    ],
)  # fmt: skip
def test_a_bad_rule(old: str, new: str, where: str) -> None:
    assert old in RULE
    assert where in faults(parse_rule(RULE.replace(old, new).encode()))


def test_every_fault_is_told_at_once() -> None:
    found = faults(parse_rule(b'id = 1\ncolour = "x"\n[[clause]]\nkind = "age"\n'))
    assert set(found) == {
        "id", "colour", "version", "title", "source", "from", "clause[1].name",
        "clause[1].at_least_years", "clause[1].source",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ['"wage"', "3", "[]", "true"])
def test_of_an_unknown_kind_only_the_kind_is_told(kind: str) -> None:
    text = RULE.replace('kind = "age"', f"kind = {kind}")
    assert set(faults(parse_rule(text.encode()))) == {"clause[1].kind"}


def test_two_clauses_of_one_name() -> None:
    clause = RULE[RULE.index("[[clause]]") :]
    assert set(faults(parse_rule((RULE + clause).encode()))) == {"clause[2].name"}


def test_versions_follow_each_other() -> None:
    first = RULE.replace("from = 2021-04-12", "from = 2021-04-12\nuntil = 2021-09-29")
    second = RULE.replace("version = 1", "version = 2").replace("2021-04-12", "2021-09-29")
    good = parse_rules({"b": second.encode(), "a": first.encode()})
    assert [rule.version for rule in good if isinstance(rule, Rule)] == [1, 2]


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ({}, {"version = 1": "version = 2", "2021-04-12": "2021-09-29"}, "b: from"),
        ({}, {"version = 1": "version = 2", "2021-04-12": '"always"'}, "a: from"),
        ({"2021-04-12": "2021-04-12\nuntil = 2021-09-29"}, {"2021-04-12": "2021-09-29"},
         "b: version"),
        ({"2021-04-12": "2021-04-12\nuntil = 2021-09-30"},
         {"version = 1": "version = 2", "2021-04-12": "2021-09-29"}, "b: from"),
        ({'id = "r"': "id = 1"}, {}, "a: id"),
    ],
)  # fmt: skip
def test_versions_that_clash(first: dict[str, str], second: dict[str, str], where: str) -> None:
    texts = {"a": RULE, "b": RULE}
    for name, changes in (("a", first), ("b", second)):
        for old, new in changes.items():
            texts[name] = texts[name].replace(old, new)
    assert where in faults(parse_rules({name: text.encode() for name, text in texts.items()}))


def test_a_small_policy() -> None:
    policy = parse_policy(POLICY.encode())
    assert isinstance(policy, SearchPolicy)
    (rule,) = policy.rules
    assert rule.bases == {LegalBasis.LICENCE}
    assert rule.crimes_from == rule.start == date(2021, 4, 12)
    assert rule.forces.everything
    assert rule.crime_types.names == {"RB"}
    assert rule.conditions == {ConditionKind.TRAIL}
    assert not rule.consent
    assert not rule.children


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('id = "p"', "", "id"),
        ("version = 1", 'version = "1"', "version"),
        ("version = 1", "version = 1\nrules = 2", "rules"),
        ("[[rule]]", "[rule]", "rule"),
        ('id = "a"', "", "rule[1].id"),
        ('bases = "licence"', "", "rule[1].bases"),
        ('bases = "licence"', "bases = []", "rule[1].bases"),
        ('bases = "licence"', 'bases = "any"', "rule[1].bases"),
        ('crime_types = ["RB"]', "", "rule[1].crime_types"),
        ('forces = "any"', "", "rule[1].forces"),
        ('forces = "any"', "forces = true", "rule[1].forces"),
        ("from = 2021-04-12", "", "rule[1].from"),
        ("from = 2021-04-12", "from = 2021-04-12\nuntil = 2021-04-12", "rule[1].until"),
        ("from = 2021-04-12", 'from = 2021-04-12\ncrimes_from = "2020"', "rule[1].crimes_from"),
        ("from = 2021-04-12", 'from = 2021-04-12\nconsent = "yes"', "rule[1].consent"),
        ("from = 2021-04-12", "from = 2021-04-12\nchildren = 1", "rule[1].children"),
        ("from = 2021-04-12", 'from = 2021-04-12\nconditions = "tag"', "rule[1].conditions"),
        ("from = 2021-04-12", "from = 2021-04-12\nscheme = 3", "rule[1].scheme"),
        ("from = 2021-04-12", 'from = 2021-04-12\nforce = "x"', "rule[1].force"),
    ],
)
def test_a_bad_policy(old: str, new: str, where: str) -> None:
    assert old in POLICY
    assert where in faults(parse_policy(POLICY.replace(old, new, 1).encode()))


def test_a_policy_that_is_no_toml_or_names_two_rules_alike() -> None:
    assert set(faults(parse_policy(b"\xff"))) == {"file"}
    twice = POLICY + POLICY[POLICY.index("[[rule]]") :]
    assert set(faults(parse_policy(twice.encode()))) == {"rule[2].id"}


def test_the_shipped_files_name_only_what_exists() -> None:
    types, forces = {t.value for t in CrimeType}, set(NATIONAL_FORCES)
    for rule in shipped_rules():
        for clause in rule.clauses:
            if isinstance(clause.demand, Offence):
                assert set(clause.demand.listed) == types
            if isinstance(clause.demand, Area):
                assert set(clause.demand.listed) <= forces
    schemes = {rule.rule_id for rule in shipped_rules()}
    for search in shipped_policy().rules:
        assert search.scheme is None or search.scheme in schemes
        assert search.crime_types.names <= types
        assert search.forces.names <= forces


def test_versions_of_a_rule_nobody_wrote() -> None:
    assert versions_of("none") == ()


RETENTION = """
id = "r"
version = 1
title = "t"
source = "s"
from = 2018-05-25
uncovered = "28 days"
unknown_device_hours = 72
locked = ["trail"]
open_to = ["audit"]
[[rule]]
id = "all"
bases = [{bases}]
source = "s"
choice = true
[rule.keep]
trail = "28 days"
device_events = "28 days"
answers = "1 month"
contact_log = "12 months"
case_record = "72 months"
consent_proof = "72 months"
""".format(bases=", ".join(f'"{basis}"' for basis in LegalBasis))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('trail = "28 days"', 'trail = "27 days"', "rule[1].keep.trail"),
        ('answers = "1 month"', 'answers = "a month"', "rule[1].keep.answers"),
        ('answers = "1 month"', "", "rule[1].keep.answers"),
        ('"court_bail", ', "", "rule"),
        ('open_to = ["audit"]', 'open_to = ["curiosity"]', "open_to"),
        ("choice = true", "", "rule[1].choice"),
        ("from = 2018-05-25", "", "from"),
        ("[rule.keep]", "[rule.kept]", "rule[1].kept"),
        ('contact_log = "12 months"', 'contact_log = "12 months"\nx = 1', "rule[1].keep.x"),
    ],
)  # fmt: skip
def test_retention_says_what_is_wrong(old: str, new: str, where: str) -> None:
    assert isinstance(parse_retention(RETENTION.encode()), RetentionPolicy)
    assert old in RETENTION
    assert where in faults(parse_retention(RETENTION.replace(old, new, 1).encode()))


def test_the_shipped_retention_marks_what_is_the_controllers_choice() -> None:
    policy = retention_policy()
    assert all(rule.choice and rule.source for rule in policy.rules)
    assert policy.name == "default-1"
    assert policy.unknown_device_h == 72
