"""Properties of eligibility: what is not known decides nothing, and days are counted exactly."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.crimes import CrimeType
from tipstaff.domain.eligibility import Answer, Verdict, decide
from tipstaff.domain.eligibility_facts import Case, Sentence, SentenceKind
from tipstaff.domain.eligibility_findings import Result
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.monitored_period import OffLicence, monitored_until
from tipstaff.domain.terms import Term, add_months, orderings
from tipstaff.records.law import shipped_rules, versions_of

RULE_IDS = sorted({rule.rule_id for rule in shipped_rules()})
ACQUISITIVE = versions_of("acquisitive-crime")
EDGES = sorted(d for rule in ACQUISITIVE for d in (rule.start, rule.end) if d is not None)
ONE_DAY = timedelta(days=1)

days = st.dates(date(2021, 1, 1), date(2024, 1, 1)) | st.builds(
    lambda edge, by: edge + by * ONE_DAY, st.sampled_from(EDGES), st.integers(-1, 1)
)
#: Many terms near the thresholds.
terms = st.builds(Term, st.sampled_from([0, 1, 2, 3, 11, 12, 36]), st.integers(0, 95)) | st.builds(
    Term, days=st.integers(85, 370)
)
flags = st.booleans()
mostly = st.sampled_from([True, True, True, True, False])


def sentences() -> st.SearchStrategy[Sentence]:
    standard = SentenceKind.STANDARD_DETERMINATE
    kinds = st.sampled_from([standard, standard, standard, SentenceKind.OTHER])
    offences = st.sampled_from([*CrimeType, "assault"])
    return st.builds(Sentence, offences, kinds, terms, st.dates(date(2015, 1, 1), date(2023, 1, 1)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case in which every fact is known, likelier than not a good one."""
    bases = [LegalBasis.LICENCE, LegalBasis.LICENCE, LegalBasis.PAROLE, LegalBasis.VOLUNTARY]
    against = {"monitored_in_full", "unsuitable"}
    plain = {
        f.name: draw(mostly) != (f.name in against) for f in fields(Case) if f.type == "bool | None"
    }
    return Case(
        born_on=draw(st.dates(date(1960, 1, 1), date(2008, 1, 1))),
        basis=draw(st.sampled_from([*bases, LegalBasis.TEMPORARY_LICENCE])),
        sentence=draw(sentences()),
        beside=tuple(draw(st.lists(sentences(), max_size=1))),
        licence_last_day=draw(st.dates(date(2021, 6, 1), date(2027, 1, 1))),
        area=draw(st.sampled_from(["Cheshire", "Durham", "Dorset"])),
        **plain,
    )


@st.composite
def hidden(draw: st.DrawFn, case: Case) -> Case:
    """The same case with some facts not known."""
    part = replace(case.sentence, **_blanked(draw, case.sentence))
    beside = tuple(replace(each, **_blanked(draw, each)) for each in case.beside or ())
    return replace(replace(case, sentence=part, beside=beside), **_blanked(draw, case, "sentence"))


def _blanked(draw: st.DrawFn, of: Any, but: str = "") -> dict[str, None]:
    names = [f.name for f in fields(of) if f.name != but]
    return dict.fromkeys(draw(st.sets(st.sampled_from(names))))


@given(st.data(), cases(), days, flags, st.sampled_from(RULE_IDS))
def test_what_is_answered_stays_when_more_becomes_known(
    data: st.DataObject, case: Case, day: date, day_known: bool, rule_id: str
) -> None:
    """Not known never becomes a no by itself, and a new fact never takes an answer back."""
    less = data.draw(hidden(case))
    versions = versions_of(rule_id)
    before = decide(versions, less, day if day_known else None)
    after = decide(versions, case, day)
    if before.verdict is not Verdict.NOT_YET_KNOWN:
        assert after.verdict is before.verdict
    assert after.verdict is not Verdict.NOT_YET_KNOWN or rule_id == "acquisitive-crime"
    if before.version == after.version:
        for one, other in zip(before.clauses, after.clauses, strict=True):
            assert one.result in {Result.NOT_KNOWN, other.result}


@given(st.data(), days, st.sampled_from(RULE_IDS))
def test_nothing_known_is_nothing_decided_within_the_rules_time(
    data: st.DataObject, day: date, rule_id: str
) -> None:
    answer = decide(versions_of(rule_id), Case(), day)
    started = rule_id != "acquisitive-crime" or day >= EDGES[0]
    assert answer.verdict is (Verdict.NOT_YET_KNOWN if started else Verdict.NO)


def ranks(answer: Answer) -> list[int]:
    order = [Result.NOT_MET, Result.NOT_KNOWN, Result.MET]
    return [order.index(clause.result) for clause in answer.clauses]


@given(cases(), days, st.integers(0, 60), st.integers(0, 400), flags)
def test_a_longer_sentence_never_counts_against_anybody(
    case: Case, day: date, months: int, more_days: int, start_known: bool
) -> None:
    term = case.sentence.term
    assert term is not None
    imposed_on = case.sentence.imposed_on if start_known else None
    shorter = replace(case.sentence, imposed_on=imposed_on)
    longer = replace(shorter, term=Term(term.months + months, term.days + more_days))
    less, more = (
        ranks(decide(ACQUISITIVE, replace(case, sentence=each), day)) for each in (shorter, longer)
    )
    assert all(before <= after for before, after in zip(less, more, strict=True))


@given(cases(), days, st.integers(0, 400))
def test_a_longer_licence_never_counts_against_anybody(case: Case, day: date, more: int) -> None:
    assert case.licence_last_day is not None
    longer = replace(case, licence_last_day=case.licence_last_day + more * ONE_DAY)
    less, greater = (ranks(decide(ACQUISITIVE, each, day)) for each in (case, longer))
    assert all(before <= after for before, after in zip(less, greater, strict=True))


@given(days)
def test_on_every_day_from_the_first_one_version_is_in_force(day: date) -> None:
    in_force = [rule.version for rule in ACQUISITIVE if rule.in_force(day)]
    assert in_force == (
        [] if day < EDGES[0] else [1 + sum(day >= e for e in sorted(set(EDGES))[1:])]
    )


@given(terms, terms, st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_terms_compared_without_a_start_allow_for_every_start(
    one: Term, other: Term, start: date
) -> None:
    (known,) = orderings(one, other, start)
    assert known in orderings(one, other, None)
    assert orderings(other, one, start) == {-known}


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_months_end_on_the_same_day_of_the_month_or_its_last(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


def counted(first: date, last: date, off: list[OffLicence]) -> date:
    """The obvious way: day by day, until as many days on licence as in the first twelve months."""
    day, left = first, (add_months(first, 12) - first).days
    while left and day <= last:
        left -= not any(o.start <= day and (o.end is None or day < o.end) for o in off)
        day += ONE_DAY
    return day


@st.composite
def times_off(draw: st.DrawFn) -> OffLicence:
    start = draw(st.dates(date(2021, 3, 1), date(2023, 1, 1)))
    return OffLicence(start, start + draw(st.integers(0, 120)) * ONE_DAY)


@given(
    st.dates(date(2021, 4, 12), date(2021, 12, 31)),
    st.dates(date(2022, 1, 1), date(2024, 1, 1)),
    st.lists(times_off(), max_size=4),
)
def test_the_monitored_period_is_counted_day_by_day(
    first: date, last: date, off: list[OffLicence]
) -> None:
    assert monitored_until(first, last, off, 12) == counted(first, last, off)
