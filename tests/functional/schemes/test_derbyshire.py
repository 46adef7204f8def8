"""Derbyshire: the national acquisitive-crime pilot, from the prison's gate to recall.

A burglar comes out of prison, is found eligible by the rule in force, is fitted late, is managed
under one plan, is compared with crimes by trained staff, and is recalled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from made_accounts import hand, train
from made_cases import decision, order, release, visit, wearer
from made_plans import HOUSING, plan, review
from scheme_people import Person, ago, codes, crime_row, fits, joins, matches, sends, stays

from tipstaff.domain.conditions import Trail
from tipstaff.domain.eligibility import Verdict
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.eligibility_facts import Sentence, SentenceKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus, SchemeRule
from tipstaff.domain.plans import Agency, AgencyKind, Goal
from tipstaff.domain.releases import Outcome, Stage
from tipstaff.domain.roles import Relation, Role
from tipstaff.domain.terms import Term

BURGLED, ELSEWHERE = (52.9226, -1.4746), (52.9426, -1.4746)
RELEASED, DEADLINE, FITTED = ago(20, "10:00"), ago(20, "18:00"), ago(19, "11:00")
NIGHT = ago(3, "22:00")
PILOT = SchemeRule("acquisitive-crime", 3)
LICENCE = order(
    "L1", wearer="burglar", starts_at=RELEASED, ends_at=ago(-160), served_at=RELEASED, reviews=(),
    rule=PILOT, conditions=(Trail("whereabouts"),),
)  # fmt: skip
SENTENCE = Sentence("BIAD", SentenceKind.STANDARD_DETERMINATE, Term(12), ago(300).date())
FACTS = Facts(
    basis=LegalBasis.LICENCE, sentence=SENTENCE, beside=(), licence_last_day=ago(-160).date(),
    area="Derbyshire", fixed_address=True, monitored_in_full=False, unsuitable=False,
)  # fmt: skip
ASKED: dict[str, Any] = {
    "wearer": "burglar", "rule_id": "acquisitive-crime", "on_date": RELEASED.date(),
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who plays a part, each with an account of their role."""

    prison: Person
    probation: Person
    police: Person
    other_force: Person
    analyst: Person
    centre: Person
    feed: Person
    reviewer: Person
    untrained: Person


def joined() -> People:
    return People(
        joins("paula", Role.PRISON_OFFENDER_MANAGER),
        joins("priya", Role.PROBATION_PRACTITIONER),
        joins("ivan", Role.IOM_COORDINATOR, force="Derbyshire"),
        joins("derek", Role.IOM_COORDINATOR, force="Durham"),
        joins("anna", Role.CRIME_ANALYST, force="Derbyshire"),
        joins("mona", Role.MONITORING_OPERATOR),
        joins("feed", Role.TAG_SUPPLIER, organisation="tipstaff"),
        joins("tina", Role.HUB_CASEWORKER),
        joins("uri", Role.HUB_CASEWORKER),
    )


def test_the_acquisitive_crime_pilot(sqlite_instance: Any, tmp_path: Path) -> None:
    people = joined()
    train(people.reviewer.name)
    found_eligible_by_the_rule_of_the_day(people)
    released_and_not_fitted_by_the_deadline(people)
    fitted_a_day_late(people)
    managed_together_under_one_plan(people)
    positions_come_in(people, tmp_path)
    crimes_are_matched_by_trained_staff(people)
    recalled(people, tmp_path)


def found_eligible_by_the_rule_of_the_day(people: People) -> None:
    """Before release the prison records who comes out, and asks the rule of that day."""
    prison = people.prison
    prison.records("cases.record_wearer", wearer=wearer("burglar"))
    assert codes(prison.does("cases.record_order", order=LICENCE)) == ["NOT_ASSESSED"]
    short = replace(FACTS, sentence=replace(SENTENCE, term=Term(days=60)))
    no = prison.does("assessments.assess_eligibility", reference="E0", facts=short, **ASKED)
    assert no.assessment.answer.verdict is Verdict.NO, "90 days at least since October 2022"
    told = prison.does("assessments.assess_eligibility", reference="E1", facts=FACTS, **ASKED)
    answer = told.assessment.answer
    assert (answer.verdict, answer.version) == (Verdict.YES, 3)
    assert all(clause.reason and clause.source for clause in answer.clauses)
    prison.records("cases.record_order", order=LICENCE)


def released_and_not_fitted_by_the_deadline(people: People) -> None:
    """On the release list; nobody came by the deadline, and that is an alarm."""
    coming = release(
        wearer="burglar", order="L1", released_at=RELEASED, fit_by=DEADLINE, address="home"
    )
    people.prison.records("releases.record_release", release=coming)
    (line,) = people.police.does("releases.list_releases", since=ago(30))
    assert (line.line.wearer, line.state.stage) == ("burglar", Stage.OVERDUE)
    (alarm,) = people.centre.does("releases.list_alarms")
    assert alarm.state.alarm
    raised = people.centre.does("releases.raise_alarms")
    assert (raised.raised, raised.standing) == (0, 1), "raised once, with the record"


def fitted_a_day_late(people: People) -> None:
    """The list says late, and the alarm stands as what happened."""
    fits(people.centre, "burglar", "TAG-1", FITTED)
    late = visit(wearer="burglar", outcome=Outcome.FITTED, at=FITTED, device="TAG-1")
    people.centre.records("releases.record_fitting", visit=late)
    (line,) = people.police.does("releases.list_releases", since=ago(30))
    assert line.state.stage is Stage.FITTED_LATE
    assert people.centre.does("releases.list_alarms") == ()
    case = people.police.does("case_view.show_case", wearer="burglar")
    (stands,) = [record.shown.value for record in case.records if record.kind == "fitting_alarm"]
    assert (stands.due_at, stands.retracted_at) == (DEADLINE, None)


def managed_together_under_one_plan(people: People) -> None:
    """Police and probation lead one plan, with housing on it; another force sees nobody."""
    hand("burglar", Relation.PROBATION_PRACTITIONER, user=people.probation.name)
    both = (
        Agency("police", "Derbyshire Police", AgencyKind.POLICE),
        Agency("probation", "Probation", AgencyKind.PROBATION),
        HOUSING,
    )
    aim = Goal("g1", "a tenancy", "housing", "tenancy signed", ago(-60).date())
    joint = plan(
        wearer="burglar", starts_on=ago(19).date(), first_review=ago(5).date(), goals=(aim,),
        agencies=both,
    )  # fmt: skip
    people.probation.records("plans.record_plan", plan=joint)
    held = review(wearer="burglar", held_on=ago(6).date(), next_due=ago(-30).date())
    people.police.records("plans.record_review", review=held)
    (due,) = people.police.does("plan_lists.list_plan_reviews", until=ago(-60).date())
    assert due.due == ago(-30).date()
    assert people.other_force.does("case_view.show_case", wearer="burglar") is None


def positions_come_in(people: People, folder: Path) -> None:
    """One wearer is at a house for 25 minutes of the night; another stays two kilometres off."""
    people.prison.records("cases.record_wearer", wearer=wearer("other"))
    asked = ASKED | {"wearer": "other"}
    people.prison.does("assessments.assess_eligibility", reference="E1", facts=FACTS, **asked)
    people.prison.records("cases.record_order", order=replace(LICENCE, wearer="other"))
    fits(people.centre, "other", "TAG-2", ago(20, "12:00"))
    lines = stays("TAG-1", ELSEWHERE, NIGHT - timedelta(hours=2), 110)
    lines += stays("TAG-1", BURGLED, NIGHT, 25)
    lines += stays("TAG-1", ELSEWHERE, NIGHT + timedelta(minutes=35), 60)
    lines += stays("TAG-2", ELSEWHERE, NIGHT - timedelta(hours=2), 240)
    taken = sends(people.feed, folder, lines)
    assert (taken.new_rows, taken.not_collected, taken.quarantined) == (len(lines), {}, {})


def crimes_are_matched_by_trained_staff(people: People) -> None:
    """The force sends its crimes; it does not match them, nor does whoever is not trained."""
    batch = f"DBY{ago(2):%Y%m%d}"
    content = crime_row(batch, "BURGLARY/1", "BIAD", NIGHT, BURGLED).encode()
    received = people.analyst.does("crimes.import_crimes", content=content)
    assert received.file.status == "SUCCESSFUL"
    wanted: dict[str, Any] = {"batch": batch, "every": True, "error": None}
    assert people.analyst.refusal("matching.match_batch", **wanted) == "not_permitted"
    assert people.untrained.refusal("matching.match_batch", **wanted) == "untrained"
    outcomes, crimes = matches(people.reviewer, batch)
    assert outcomes == {
        ("BURGLARY/1", "burglar"): "candidate",
        ("BURGLARY/1", "other"): "excluded",
    }
    assert crimes["BURGLARY/1"]["searched_wearers"] == 2, "how many were searched is told"


def recalled(people: People, folder: Path) -> None:
    """It failed: revoked by a decision with its reasons, and collection stops by itself."""
    at = ago(1, "09:00")
    bare = replace(LICENCE, status=OrderStatus.REVOKED, ends_at=at)
    missing = people.probation.does("cases.record_order", order=bare, valid_from=at)
    assert codes(missing) == ["DECISION_MISSING"]
    why = decision(OrderStatus.REVOKED, f"{at:%Y-%m-%d %H:%M}", "charged with BURGLARY/1")
    revoked = replace(bare, decision=why)
    people.probation.records("cases.record_order", order=revoked, valid_from=at)
    after = sends(people.feed, folder, stays("TAG-1", ELSEWHERE, ago(1, "10:00"), 30))
    assert (after.new_rows, after.not_collected) == (0, {"order_over": 30})
