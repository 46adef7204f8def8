"""The acquisitive-crime rules as a table: facts in, the answer and the deciding clause out.

Each line of a table: a name, the day of release, the facts that differ from the eligible burglar of
`conftest`, the verdict, and the clauses of law that are not met (for a no) or not known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tipstaff.domain.crimes import CrimeType
from tipstaff.domain.eligibility import Answer, Clause, Standing, Verdict, decide
from tipstaff.domain.eligibility_clauses import KINDS, Area
from tipstaff.domain.eligibility_facts import Case, Sentence, SentenceKind
from tipstaff.domain.eligibility_findings import Result
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.terms import Term
from tipstaff.records.law import shipped_rules, versions_of

Line = tuple[str, date | None, dict[str, Any], Verdict, set[str]]
YES, NO, OPEN = Verdict.YES, Verdict.NO, Verdict.NOT_YET_KNOWN
RULES = versions_of("acquisitive-crime")

APR_21, SEP_21, OCT_22 = date(2021, 4, 12), date(2021, 9, 29), date(2022, 10, 26)
DAY = timedelta(days=1)
FIRST_SIX = ["AvonSomerset", "Cheshire", "Gloucestershire", "Gwent", "Humberside", "WestMidlands"]
#: Sentences of the burglary beside which others are served.
THREE_YEARS, IMPOSED = Term(months=36), date(2020, 3, 2)


def sentence(**facts: Any) -> dict[str, Any]:
    usual = Sentence("BIAD", SentenceKind.STANDARD_DETERMINATE, THREE_YEARS, IMPOSED)
    return {"sentence": replace(usual, **facts)}


def term(months: int = 0, days: int = 0, *, imposed_on: date | None = IMPOSED) -> dict[str, Any]:
    return sentence(term=Term(months, days), imposed_on=imposed_on)


def beside(*terms: Term | None) -> dict[str, Any]:
    return {"beside": tuple(Sentence("assault", term=each) for each in terms)}


def day(text: str) -> date:
    return date.fromisoformat(text)


IN_FORCE: list[Line] = [
    ("the day before the first rule", APR_21 - DAY, {}, NO, {"in_force"}),
    ("the first day of the first rule", APR_21, {}, YES, set()),
    ("the last day of the first rule", SEP_21 - DAY, {}, YES, set()),
    ("the first day of the second", SEP_21, {}, YES, set()),
    ("the first day of the third", OCT_22, {}, YES, set()),
    ("no day yet", None, {}, OPEN, {"in_force", "adult", "days_on_licence"}),
    ("no day yet, but a no on any", None, {"unsuitable": True}, NO, {"not_unsuitable"}),
    ("no day yet, a no in the first only", None, {"area": "Durham"}, OPEN,
     {"in_force", "adult", "days_on_licence"}),
]  # fmt: skip
AGE: list[Line] = [
    ("18 on the day", OCT_22, {"born_on": day("2004-10-26")}, YES, set()),
    ("18 the day after", OCT_22, {"born_on": day("2004-10-27")}, NO, {"adult"}),
    ("born 29 February, 19", day("2023-02-28"), {"born_on": day("2004-02-29")}, YES, set()),
    ("born 29 February, not yet 18", day("2022-02-28"), {"born_on": day("2004-02-29")}, NO,
     {"adult"}),
    ("born 29 February, 1 March", day("2022-03-01"), {"born_on": day("2004-02-29")}, YES, set()),
    ("age not known", OCT_22, {"born_on": None}, OPEN, {"adult"}),
]  # fmt: skip
BASIS: list[Line] = [
    (basis.value, OCT_22, {"basis": basis}, YES, set())
    for basis in (LegalBasis.LICENCE, LegalBasis.HOME_DETENTION_CURFEW, LegalBasis.PAROLE)
] + [
    (basis.value, OCT_22, {"basis": basis}, NO, {"released_on_licence"})
    for basis in LegalBasis
    if basis not in {LegalBasis.LICENCE, LegalBasis.HOME_DETENTION_CURFEW, LegalBasis.PAROLE}
]
BASIS += [("not known", OCT_22, {"basis": None}, OPEN, {"released_on_licence"})]
KIND: list[Line] = [
    (kind.value, OCT_22, sentence(kind=kind), NO, {"standard_determinate"})
    for kind in SentenceKind
    if kind is not SentenceKind.STANDARD_DETERMINATE
]
KIND += [("not known", OCT_22, sentence(kind=None), OPEN, {"standard_determinate"})]
OFFENCE: list[Line] = [(t.value, APR_21, sentence(offence=t.value), YES, set()) for t in CrimeType]
OFFENCE += [
    ("assault", APR_21, sentence(offence="assault"), NO, {"listed_offence"}),
    ("not known", APR_21, sentence(offence=None), OPEN, {"listed_offence"}),
]
LONGEST: list[Line] = [
    ("a shorter one beside it", APR_21, beside(Term(35, 27)), YES, set()),
    ("as long, in the first rule", APR_21, beside(THREE_YEARS), NO, {"longest_sentence"}),
    ("as long, last day of the first", SEP_21 - DAY, beside(THREE_YEARS), NO, {"longest_sentence"}),
    ("as long, first day of the second", SEP_21, beside(THREE_YEARS), YES, set()),
    ("as long, in the third", OCT_22, beside(THREE_YEARS), YES, set()),
    ("longer by a day", OCT_22, beside(Term(36, 1)), NO, {"longest_sentence"}),
    ("as long in days", OCT_22, beside(Term(days=1095)), YES, set()),
    ("as long in days, first rule", APR_21, beside(Term(days=1095)), NO, {"longest_sentence"}),
    ("two beside it, one longer", OCT_22, beside(Term(1), Term(37)), NO, {"longest_sentence"}),
    ("one longer, one not known", OCT_22, beside(None, Term(37)), NO, {"longest_sentence"}),
    ("one shorter, one not known", OCT_22, beside(Term(1), None), OPEN, {"longest_sentence"}),
    ("others not looked at", OCT_22, {"beside": None}, OPEN, {"longest_sentence"}),
]
LENGTH: list[Line] = [
    ("12 months", APR_21, term(12), YES, set()),
    ("11 months and 30 days from 2 March", APR_21, term(11, 30), YES, set()),
    ("11 months and 26 days", APR_21, term(11, 26), NO, {"length_of_sentence"}),
    ("365 days, no leap day among them", APR_21, term(days=365), YES, set()),
    ("364 days", APR_21, term(days=364), NO, {"length_of_sentence"}),
    ("365 days over a leap day", APR_21, term(days=365, imposed_on=day("2020-01-10")), NO,
     {"length_of_sentence"}),
    ("366 days over a leap day", APR_21, term(days=366, imposed_on=day("2020-01-10")), YES, set()),
    ("364 days, start not known", APR_21, term(days=364, imposed_on=None), NO,
     {"length_of_sentence"}),
    ("365 days, start not known", APR_21, term(days=365, imposed_on=None), OPEN,
     {"length_of_sentence"}),
    ("366 days, start not known", APR_21, term(days=366, imposed_on=None), YES, set()),
    ("12 months, second rule", SEP_21, term(12), YES, set()),
    ("90 days, last day of the second rule", OCT_22 - DAY, term(days=90), NO,
     {"length_of_sentence"}),
    ("90 days, first day of the third", OCT_22, term(days=90), YES, set()),
    ("89 days", OCT_22, term(days=89), NO, {"length_of_sentence"}),
    ("3 months from 2 March: 92 days", OCT_22, term(3), YES, set()),
    ("3 months from 1 February: 89 days", OCT_22, term(3, imposed_on=day("2022-02-01")), NO,
     {"length_of_sentence"}),
    ("3 months, start not known", OCT_22, term(3, imposed_on=None), OPEN, {"length_of_sentence"}),
    ("2 months, start not known", OCT_22, term(2, imposed_on=None), NO, {"length_of_sentence"}),
    ("13 weeks, start not known", OCT_22, term(days=91, imposed_on=None), YES, set()),
    ("length not known", OCT_22, sentence(term=None), OPEN, {"length_of_sentence"}),
]  # fmt: skip
LICENCE: list[Line] = [
    ("30 days, both ends counted", OCT_22, {"licence_last_day": OCT_22 + 29 * DAY}, YES, set()),
    ("29 days", OCT_22, {"licence_last_day": OCT_22 + 28 * DAY}, NO, {"days_on_licence"}),
    ("31 days", APR_21, {"licence_last_day": APR_21 + 30 * DAY}, YES, set()),
    ("29 days, first rule", APR_21, {"licence_last_day": APR_21 + 28 * DAY}, NO,
     {"days_on_licence"}),
    ("over before release", OCT_22, {"licence_last_day": OCT_22 - DAY}, NO, {"days_on_licence"}),
    ("end not known", OCT_22, {"licence_last_day": None}, OPEN, {"days_on_licence"}),
]  # fmt: skip
AREA: list[Line] = [
    *((f"{area}, first rule", APR_21, {"area": area}, YES if area in FIRST_SIX else NO,
       set() if area in FIRST_SIX else {"area_in_scope"}) for area in NATIONAL_FORCES),
    *((f"{area}, last day of the first", SEP_21 - DAY, {"area": area}, NO, {"area_in_scope"})
      for area in ("Derbyshire", "Durham", "Hertfordshire", "Nottinghamshire")),
    *((f"{area}, second rule", SEP_21, {"area": area}, YES, set()) for area in NATIONAL_FORCES),
    *((f"{area}, third rule", OCT_22, {"area": area}, YES, set()) for area in NATIONAL_FORCES),
    *((area, OCT_22, {"area": area}, NO, {"area_in_scope"})
      for area in ("Dorset", "Northamptonshire", "Cambridgeshire")),
    ("not known", OCT_22, {"area": None}, OPEN, {"area_in_scope"}),
]  # fmt: skip
ADDRESS: list[Line] = [
    ("none, first rule", SEP_21 - DAY, {"fixed_address": False}, NO, {"fixed_address"}),
    ("not known, first rule", APR_21, {"fixed_address": None}, OPEN, {"fixed_address"}),
    ("none, second rule", SEP_21, {"fixed_address": False}, YES, set()),
    ("none, third rule", OCT_22, {"fixed_address": False}, YES, set()),
    ("not known, third rule", OCT_22, {"fixed_address": None}, YES, set()),
]
FACTS: list[Line] = [
    ("monitored in full", OCT_22, {"monitored_in_full": True}, NO, {"not_monitored_before"}),
    ("not known whether in full", OCT_22, {"monitored_in_full": None}, OPEN,
     {"not_monitored_before"}),
    ("health is against it", APR_21, {"unsuitable": True}, NO, {"not_unsuitable"}),
    ("health not looked at", APR_21, {"unsuitable": None}, OPEN, {"not_unsuitable"}),
    ("two clauses not met", APR_21, {"unsuitable": True, "area": "Dorset"}, NO,
     {"not_unsuitable", "area_in_scope"}),
    ("one not met, one not known", APR_21, {"unsuitable": None, "area": "Dorset"}, NO,
     {"area_in_scope"}),
]  # fmt: skip
EVERY: list[Line] = [
    (f"{title}: {line[0]}", *line[1:])
    for title, table in (
        ("in force", IN_FORCE), ("age", AGE), ("basis", BASIS), ("kind", KIND),
        ("offence", OFFENCE), ("longest", LONGEST), ("length", LENGTH), ("licence", LICENCE),
        ("area", AREA), ("address", ADDRESS), ("facts", FACTS),
    )
    for line in table
]  # fmt: skip


def deciding(answer: Answer) -> set[str]:
    if answer.verdict is Verdict.YES:
        return set()
    wanted = Result.NOT_MET if answer.verdict is Verdict.NO else Result.NOT_KNOWN
    return {c.clause for c in answer.clauses if c.standing is Standing.LAW and c.result is wanted}


@pytest.mark.parametrize(
    ("on_date", "facts", "verdict", "clauses"), [c[1:] for c in EVERY], ids=[c[0] for c in EVERY]
)
def test_a_line(
    burglar: Case, on_date: date | None, facts: dict[str, Any], verdict: Verdict, clauses: set[str]
) -> None:
    answer = decide(RULES, replace(burglar, **facts), on_date)
    assert (answer.verdict, deciding(answer)) == (verdict, clauses)


@pytest.mark.parametrize(
    ("on_date", "version"),
    [
        (APR_21, 1),
        (SEP_21 - DAY, 1),
        (SEP_21, 2),
        (OCT_22 - DAY, 2),
        (OCT_22, 3),
        (APR_21 - DAY, 3),
    ],
)
def test_the_day_of_release_says_which_version(burglar: Case, on_date: date, version: int) -> None:
    assert decide(RULES, burglar, on_date).version == version


@pytest.mark.parametrize("on_date", [SEP_21, OCT_22])
def test_what_the_form_refuses_is_told_beside_what_the_law_says(
    burglar: Case, on_date: date
) -> None:
    answer = decide(RULES, replace(burglar, fixed_address=False), on_date)
    assert answer.verdict is Verdict.YES
    (refused,) = answer.against_practice
    assert (refused.clause, refused.standing) == ("fixed_address", Standing.PRACTICE)
    assert "form" in refused.source
    assert not decide(RULES, burglar, on_date).against_practice


def test_what_is_missing_can_be_asked_for(burglar: Case) -> None:
    answer = decide(RULES, replace(burglar, born_on=None, fixed_address=None), OCT_22)
    assert [c.reason for c in answer.missing] == ["Not known yet: the age on the day."]


def test_every_clause_answers_with_a_reason_and_a_source(burglar: Case) -> None:
    for rule in shipped_rules():
        for case in (burglar, Case(), replace(burglar, unsuitable=True, **beside(Term(48)))):
            for clause in decide([rule], case, OCT_22).clauses:
                assert clause.reason.endswith(".")
                assert clause.source


def test_every_clause_of_the_rules_decides_a_line_of_these_tables() -> None:
    told = {clause for line in EVERY for clause in line[4]}
    assert told == {"in_force", *(clause.name for rule in RULES for clause in rule.clauses)}


def test_without_a_day_any_version_may_come_to_apply(burglar: Case) -> None:
    narrower = replace(RULES[2], clauses=(Clause("area", Area(("Durham",)), "made up"),))
    assert decide([RULES[0], narrower], burglar, None).verdict is Verdict.NOT_YET_KNOWN
    assert decide([narrower], burglar, None).verdict is Verdict.NO


def test_nobody_is_decided_by_no_rule(burglar: Case) -> None:
    with pytest.raises(ValueError, match="no version"):
        decide([], burglar, OCT_22)


def test_every_kind_is_used_by_a_shipped_rule() -> None:
    used = {type(clause.demand) for rule in shipped_rules() for clause in rule.clauses}
    assert used == set(KINDS.values())
