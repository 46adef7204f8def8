"""Texts of consent: the shipped are whole in both languages, a broken one says all its faults."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest
from made_cases import consent

from tipstaff.domain.consent_texts import SECTIONS, ConsentText, Language, copy_of
from tipstaff.domain.consents import ConsentKind, ConsentScope
from tipstaff.domain.crimes import CrimeType
from tipstaff.domain.search_facts import Scope
from tipstaff.formats.consent_copy import html_copy, plain_copy
from tipstaff.formats.consent_texts import parse_text
from tipstaff.formats.intake_policy import parse_intake_policy
from tipstaff.records.law import shipped_consent_texts

SHIPPED = shipped_consent_texts()


def source(name: str) -> str:
    return files("tipstaff.formats").joinpath("law", "consent", name).read_text(encoding="utf-8")


def test_there_is_one_for_each_kind() -> None:
    assert {text.kind for text in SHIPPED} == set(ConsentKind)
    assert len({text.name for text in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("text", SHIPPED, ids=lambda text: text.name)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("matching", [True, False])
def test_every_copy_answers_every_question(
    text: ConsentText, language: Language, matching: bool
) -> None:
    scope = ConsentScope(True, matching, Scope(everything=True), Scope(everything=True), ())
    found = copy_of(consent(kind=text.kind, scope=scope), text, language)
    assert len(found.sections) == len(SECTIONS)
    assert all(heading and paragraphs for heading, paragraphs in found.sections)
    assert bool(found.notice) is (language is Language.WELSH)
    assert ("qualified translator" in found.notice) is (language is Language.WELSH)
    assert "{" not in plain_copy(found)
    assert all(len(line) <= 78 for line in plain_copy(found).splitlines()[1:])


def test_the_wearers_copy_says_what_stopping_does_and_no_more() -> None:
    text = next(t for t in SHIPPED if t.kind is ConsentKind.VOLUNTARY)
    english = plain_copy(copy_of(consent(), text, Language.ENGLISH))
    assert "Your original licence comes back as it was." in english
    assert "stopping is not a breach" in english
    for language in Language:
        assert {str(kind) for kind in CrimeType} <= set(text.wordings[language].words)


def test_a_page_shows_what_was_entered_as_text() -> None:
    text = SHIPPED[0]
    scope = replace(consent().scope, agencies=("<script>alert(1)</script>",))
    page = html_copy(copy_of(consent(kind=text.kind, scope=scope), text, Language.WELSH))
    assert '<html lang="cy">' in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ('id = "voluntary"', "", "id"),
        ("version = 1", "version = 0", "version"),
        ('kind = "voluntary"', 'kind = "other"', "kind"),
        ("from = 2026-01-01", 'from = "now"', "from"),
        ('name = "gain"', 'name = "lose"', "en.section"),
        ("{agencies}", "{agency}", "en.section[2].always"),
        ("{agencies}", "{agencies", "en.section[2].always"),
        ('no_end = "No end was agreed."', "", "en.words.no_end"),
        ('title = "Wearing', 'titel = "Wearing', "en.titel"),
        ("[cy]", "[pl]", "pl"),
    ],
)
def test_a_broken_text_says_where(was: str, now: str, fault: str) -> None:
    broken = source("voluntary-1.toml")
    assert was in broken
    found = parse_text(broken.replace(was, now, 1).encode())
    assert isinstance(found, tuple)
    assert fault in [one.where for one in found]


def test_a_broken_intake_policy_says_where() -> None:
    found = parse_intake_policy(b'id = "x"\nversion = 1\nafter_withdrawal = "maybe"\nextra = 1\n')
    assert isinstance(found, tuple)
    places = [one.where for one in found]
    assert {"extra", "source", "after_withdrawal", "after_end"} == set(places)
