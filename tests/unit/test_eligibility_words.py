"""What a rule of eligibility demands, in words, and how two of its versions differ."""

from __future__ import annotations

from datetime import date

from tipstaff.domain.eligibility import Rule
from tipstaff.domain.eligibility_clauses import KINDS
from tipstaff.records.law import shipped_rules, versions_of
from tipstaff.web import eligibility_words
from tipstaff.web.eligibility_words import compare, demanded, in_force_words, stands

PROJECT = {rule.version: rule for rule in versions_of("acquisitive-crime")}


def words_of(rule: Rule) -> dict[str, str]:
    return {clause.name: demanded(clause.demand) for clause in rule.clauses}


def test_every_kind_of_clause_has_words_of_its_own() -> None:
    assert set(eligibility_words._WORDS) == set(KINDS.values())
    for rule in shipped_rules():
        for words in words_of(rule).values():
            assert words.endswith(".")
            assert "_" not in words


def test_it_says_what_the_data_say() -> None:
    words = words_of(PROJECT[3])
    assert words["adult"] == "Aged 18 or over on the day."
    assert words["released_on_licence"] == (
        "The legal basis is licence, home detention curfew or parole."
    )
    assert words["length_of_sentence"] == (
        "The sentence is at least 90 days long, from when it was imposed."
    )
    assert "burglary in a dwelling" in words["listed_offence"]
    assert "Avon and Somerset" in words["area_in_scope"]
    assert words["longest_sentence"] != words_of(PROJECT[1])["longest_sentence"]


def test_two_versions_side_by_side() -> None:
    found = {one.name: one.what for one in compare(PROJECT[1], PROJECT[3])}
    assert found["length_of_sentence"] == "Changed"
    assert found["area_in_scope"] == "Changed"
    assert found["fixed_address"] == "Changed"  # from law to practice
    assert found["not_unsuitable"] == "The same"
    voluntary = versions_of("voluntary-iom")[0]
    other = {one.name: one.what for one in compare(PROJECT[3], voluntary)}
    assert (other["voluntary"], other["adult"]) == ("Added", "Taken out")


def test_a_version_ends_before_the_first_day_of_the_next() -> None:
    first = PROJECT[1]
    assert in_force_words(first) == "From 12 April 2021, before 29 September 2021"
    assert stands(first, date(2021, 4, 11)) == "Not yet in force"
    assert stands(first, date(2021, 9, 28)) == "In force"
    assert stands(first, date(2021, 9, 29)) == "No longer"
    assert in_force_words(versions_of("voluntary-iom")[0]) == "Always"
