"""Assessments of eligibility to and from JSON: the facts, and what the rule answered on them."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.assessments import Assessment
from tipstaff.domain.eligibility import Answer, ClauseAnswer, Standing, Verdict
from tipstaff.domain.eligibility_facts import Case, Fact, Sentence, SentenceKind
from tipstaff.domain.eligibility_findings import Result
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.terms import Term
from tipstaff.formats.json_codecs import DAY, INSTANT, Choice, Count, Flag, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.wearer_json import REFERENCE

_TERM: Final = Record(
    "term", Term, (Field("months", Count(most=1200), 0), Field("days", Count(most=37200), 0))
)
_SENTENCE: Final = Record(
    "sentence",
    Sentence,
    (
        Field("offence", Text(100), None),
        Field("kind", Choice(SentenceKind), None),
        Field("term", _TERM, None),
        Field("imposed_on", DAY, None),
    ),
)
#: `beside` left out: nobody has looked; an empty list: there are none.
FACTS: Final = Record(
    "eligibility_facts",
    Case,
    (
        Field("born_on", DAY, None),
        Field("basis", Choice(LegalBasis), None),
        Field("sentence", _SENTENCE, Sentence()),
        Field("beside", Listed(_SENTENCE, most=100), None),
        Field("licence_last_day", DAY, None),
        Field("area", Text(100), None),
        *(Field(fact.value, Flag(), None) for fact in Fact),
        Field("responsible_adult", Flag(), None),
        Field("best_interests_recorded", Flag(), None),
    ),
)
_CLAUSE: Final = Record(
    "clause_answer",
    ClauseAnswer,
    (
        Field("clause", Text(100)),
        Field("standing", Choice(Standing)),
        Field("result", Choice(Result)),
        Field("reason", Text(1000)),
        Field("source", Text(1000)),
    ),
)
ANSWER: Final = Record(
    "eligibility_answer",
    Answer,
    (
        Field("rule_id", Text(100)),
        Field("version", Count()),
        Field("verdict", Choice(Verdict)),
        Field("clauses", Listed(_CLAUSE, most=100)),
    ),
)

ASSESSMENT: Final = Record(
    "assessment",
    Assessment,
    (
        Field("reference", REFERENCE),
        Field("wearer", REFERENCE),
        Field("on_date", DAY, None),
        Field("assessed_at", INSTANT),
        Field("facts", FACTS),
        Field("answer", ANSWER),
    ),
)
