"""States, kinds and steps have words: every member of every enumeration that a page shows."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tipstaff.domain.compliance import DayMark
from tipstaff.domain.identifiers import IdentifierKind
from tipstaff.web import crimes, find_person, live_map, matches, person, words
from tipstaff.web.state_words import STEPS, WORDS, role_words, said, said_of, spoken

WEB = Path(words.__file__).parent
#: Words that stand with the page that alone shows them, by enumeration.
BESIDE: dict[type[StrEnum], Any] = {
    DayMark: person.MARK_WORDS,
    IdentifierKind: find_person.KIND_WORDS,
    live_map.Known: live_map.WORDS,
    matches.Change: matches.CHANGE_WORDS,
} | {
    type(next(iter(table))): table
    for table in (
        words.KIND, words.SEVERITY, words.LEVEL, words.STATE, words.QUEUE, words.OUTCOME,
        words.EVIDENCE, words.REACHED, words.ACT, crimes.CHANGE_WORDS,
    )
}  # fmt: skip
EVERY = WORDS | BESIDE
#: Letters that are read one by one, which nobody has to know.
KNOWN_ABBREVIATIONS = {"GPS", "UK", "PNC", "CRO", "NOMIS", "CRN"}


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_member_has_words_that_are_no_code(kind: type[StrEnum]) -> None:
    table = EVERY[kind]
    assert set(table) == set(kind), "words for each, and for no other"
    told = [text.lower() for text in table.values()]
    assert len(set(told)) == len(told), "two of them cannot be told apart"
    for one, text in table.items():
        assert text == text.strip()
        assert len(text) > 1, one
        assert "_" not in text, text
        assert not re.search(r"[a-z][A-Z]", text), text
        letters = set(re.findall(r"\b[A-Z]{2,}\b", text))
        assert letters <= KNOWN_ABBREVIATIONS, text
        for word in text.lower().split():
            assert word not in {"sms", "otp", "pnc", "id", "ref", "cfg", "n/a", "null"} or (
                kind is IdentifierKind
            ), text


def test_words_stand_within_a_sentence_and_alone() -> None:
    from tipstaff.domain.orders import OrderStatus
    from tipstaff.domain.plan_work import TaskState
    from tipstaff.domain.plans import GoalState

    assert spoken(OrderStatus.NOT_SUITABLE) == "found not suitable"
    assert said(OrderStatus.NOT_SUITABLE) == "Found not suitable"
    assert said(TaskState.NOT_DONE) == "Not done"
    assert said(GoalState.OPEN) == said(TaskState.OPEN), "alike as codes, each with its own words"
    assert said_of(OrderStatus, "unheard of", "Something else") == "Something else"
    assert role_words("hub_manager") == "Hub manager"


def test_steps_of_the_protocols_that_are_shipped_have_words() -> None:
    shipped = files("tipstaff.formats") / "protocols"
    names = {
        step["name"]
        for one in shipped.iterdir()
        if one.name.endswith(".toml")
        for protocol in tomllib.loads(one.read_text(encoding="utf-8"))["protocol"]
        for step in protocol["step"]
    }
    assert len(names) > 5
    assert names <= set(STEPS)
    assert not any("_" in text for text in STEPS.values())


def test_no_page_makes_words_of_a_code_by_itself() -> None:
    """Clauses of a rule and paths into an order are names of their own, not members of any."""
    made = re.compile(r"""\.replace\("_",|\|replace\("_",|\.value\.(?:capitalize|title)\(""")
    own = {"rules_scheme.html.jinja", "person_orders.html.jinja", "problems.py"}
    found = {
        path.name
        for path in (*WEB.rglob("*.py"), *WEB.rglob("*.jinja"))
        if made.search(path.read_text(encoding="utf-8"))
    }
    assert found == own
