"""What wearers read: every form has every text, with the same blanks, for every code there is."""

from __future__ import annotations

from string import Formatter

import pytest

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.findings import FindingKind, Outcome
from tipstaff.domain.looked_at import NOTICE, OPERATIONS, SHOWN
from tipstaff.domain.own_requests import About, AskCode
from tipstaff.domain.own_sights import BY, Sight, sights
from tipstaff.domain.roles import Role
from tipstaff.domain.timetables import Weekday
from tipstaff.formats.own_texts import FORMS, TABLES, own_texts

ENGLISH = own_texts("en")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", ["words", *TABLES])
def test_every_form_has_every_text_with_the_same_blanks(form: str, table: str) -> None:
    texts = own_texts(form)
    own = texts.words if table == "words" else texts.tables[table]
    english = ENGLISH.words if table == "words" else ENGLISH.tables[table]
    assert {name: blanks(text) for name, text in own.items()} == {
        name: blanks(text) for name, text in english.items()
    }
    assert all(text.strip() for text in own.values())


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("alerts", {one.value for one in FindingKind}),
        ("outcomes", {one.value for one in AlertOutcome}),
        ("periods", {one.value for one in Outcome}),
        ("roles", {one.value for one in Role}),
        ("operations", {one.value for one in OPERATIONS}),
        ("purposes", {"over"} | {one.value for one in SHOWN}),
        ("sights", {one.value for one in Sight}),
        ("days", {one.name.lower() for one in Weekday}),
        ("months", {str(number) for number in range(1, 13)}),
    ],
)
def test_every_code_has_a_text(table: str, codes: set[str]) -> None:
    assert set(ENGLISH.tables[table]) == codes


def test_what_can_be_asked_and_go_wrong_has_a_text() -> None:
    assert {f"about_{one.value}" for one in About} <= set(ENGLISH.words)
    assert {one.value for one in AskCode} <= set(ENGLISH.tables["problems"])


def test_the_sentence_about_what_is_left_out_is_the_one_of_every_report() -> None:
    assert ENGLISH.words["notice"] == NOTICE


@pytest.mark.parametrize("form", ["cy", "easy"])
def test_what_no_qualified_person_has_read_says_so(form: str) -> None:
    assert own_texts(form).review


def test_easy_read_has_short_sentences() -> None:
    long = {
        name: text
        for name, text in own_texts("easy").words.items()
        for sentence in text.replace("?", ".").split(". ")
        if len(sentence.split()) > 15
    }
    assert not long


def test_who_can_see_what_names_whoever_sees_places_and_not_the_wearer() -> None:
    told = dict(sights())
    assert Role.WEARER not in told
    assert Role.TAG_SUPPLIER not in told
    assert Sight.PLACES not in told[Role.PARTNER_AGENCY]
    assert Sight.PLACES in told[Role.CRIME_ANALYST]
    assert set(BY) == set(Sight)
