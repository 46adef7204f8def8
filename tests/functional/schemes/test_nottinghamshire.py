"""Nottinghamshire: consent, and who it is for.

Referral, a decision whether a tag suits, a voluntary tag; a child caught up in county lines;
consent withdrawn on the third day; a tag worn for three days of temporary release, and what is left
of it years later. What is not there yet: breaches shared with the intelligence team as they happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from made_accounts import account, hand
from made_cases import consent, curfew, decision, order, voluntary, wearer
from made_plans import HOUSING, plan, review
from scheme_people import Person, ago, codes, fits, joins, owner, sends, stays

from tipstaff.domain.conditions import Trail
from tipstaff.domain.consents import ConsentScope, WithdrawnBy
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.plan_work import Benefit, ReviewOutcome
from tipstaff.domain.plans import Goal
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation, Role
from tipstaff.domain.wearers import ChildSafeguards, ResponsibleAdult

HOME, TOWN = (52.9548, -1.1581), (52.9648, -1.1381)
FITTED, WITHDRAWN = ago(5, "12:00"), ago(2, "15:30")
#: Six years and more ago: beyond every period of the policy.
LONG_AGO = datetime(2019, 3, 1, 9, tzinfo=ago(0).tzinfo)
PLAIN = ConsentScope(collection=True)
LICENCE = order(
    "L1", wearer="ned", starts_at=ago(60), ends_at=ago(-60), served_at=ago(60), reviews=(),
    force="Nottinghamshire", conditions=(curfew("nights", dates=f"{ago(60):%Y-%m-%d}"),),
)  # fmt: skip
REFERRED = voluntary(
    "V1", wearer="ned", starts_at=ago(6), ends_at=ago(-90), force="Nottinghamshire",
    status=OrderStatus.REFERRED, conditions=(Trail("whereabouts"),), restores="L1",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who plays a part, each with an account of their role."""

    iom: Person
    manager: Person
    prison: Person
    intelligence: Person
    centre: Person
    feed: Person
    governor: Person
    administrator: Person


def joined() -> People:
    ours = {"force": "Nottinghamshire"}
    return People(
        joins("ivan", Role.IOM_COORDINATOR, **ours),
        joins("olive", Role.OFFENDER_MANAGER, **ours),
        joins("paula", Role.PRISON_OFFENDER_MANAGER),
        joins("inez", Role.INTELLIGENCE_OFFICER, **ours),
        joins("mona", Role.MONITORING_OPERATOR),
        joins("feed", Role.TAG_SUPPLIER, organisation="tipstaff"),
        joins("dora", Role.DATA_PROTECTION_OFFICER),
        joins("adam", Role.ADMINISTRATOR),
    )


def test_consent_and_who_it_is_for(sqlite_instance: Any, tmp_path: Path) -> None:
    people = joined()
    referred_found_suitable_and_tagged(people)
    a_child_with_safeguards(people)
    reviewed_with_the_wearers_own_view(people)
    positions_of_two_days(people, tmp_path)
    withdrawn_on_the_third_day(people)
    nothing_is_collected_from_that_instant(people, tmp_path)
    the_original_licence_is_untouched(people)
    who_looked_at_me(people)
    three_days_of_temporary_release(people, tmp_path)
    erased_years_later_with_proof(people, sqlite_instance.data, tmp_path)


def referred_found_suitable_and_tagged(people: People) -> None:
    """Each step by a person with reasons; no tag before consent."""
    people.iom.records("cases.record_wearer", wearer=wearer("ned"))
    people.iom.records("cases.record_order", order=LICENCE)
    people.iom.records("cases.record_order", order=REFERRED, valid_from=ago(10))
    hand("ned", Relation.OFFENDER_MANAGER, user=people.manager.name)
    suitable = replace(REFERRED, status=OrderStatus.SUITABLE)
    at = {"valid_from": ago(8)}
    unsaid = people.manager.does("cases.record_order", order=suitable, **at)
    assert codes(unsaid) == ["DECISION_MISSING"]
    told = decision(OrderStatus.SUITABLE, f"{ago(8):%Y-%m-%d}", "has a home, wants the help")
    people.manager.records("cases.record_order", order=replace(suitable, decision=told), **at)
    made = decision(OrderStatus.ACTIVE, f"{ago(6):%Y-%m-%d}", "signed today")
    active = replace(REFERRED, status=OrderStatus.ACTIVE, decision=made)
    early = people.manager.does("cases.record_order", order=active, valid_from=ago(6))
    assert codes(early) == ["NO_VOLUNTARY_CONSENT"]
    agreed = consent(wearer="ned", given_at=ago(7), scope=PLAIN, taken_by="O Live")
    people.manager.records("consents.record_consent", consent=agreed)
    people.manager.records("cases.record_order", order=active, valid_from=ago(6))
    fits(people.centre, "ned", "TAG-N", FITTED, order="V1")


def a_child_with_safeguards(people: People) -> None:
    """Sixteen and carrying drugs for others: no tag before somebody answers for the child."""
    born = date(ago(0).year - 16, 1, 1)
    people.iom.records("cases.record_wearer", wearer=wearer("kit", born_on=born))
    asked = replace(REFERRED, wearer="kit", restores="")
    refused = people.iom.does("cases.record_order", order=asked)
    assert codes(refused) == [
        "CHILD_WITHOUT_ADULT",
        "BEST_INTERESTS_NOT_RECORDED",
        "EXPLOITATION_NOT_CONSIDERED",
    ]
    safe = ChildSafeguards(
        ResponsibleAdult("An Aunt", "aunt", "0115 000000"),
        "safer with an aunt who can ring for help", True,
    )  # fmt: skip
    people.iom.records("cases.record_wearer", wearer=wearer("kit", born_on=born, child=safe))
    people.iom.records("cases.record_order", order=asked)
    case = people.iom.does("case_view.show_case", wearer="kit")
    assert case.wearer.value.child.exploitation is True


def reviewed_with_the_wearers_own_view(people: People) -> None:
    """Nobody is reviewed over their head, and whether they benefit is asked."""
    aim = Goal("g1", "a tenancy", "housing", "tenancy signed", ago(-30).date())
    joint = plan(
        wearer="ned", starts_on=ago(6).date(), first_review=ago(3).date(), goals=(aim,),
        agencies=(HOUSING,),
    )  # fmt: skip
    people.manager.records("plans.record_plan", plan=joint)
    (due,) = people.manager.does("plan_lists.list_plan_reviews", until=ago(0).date())
    assert (due.wearer, due.due) == ("ned", ago(3).date())
    held = review(
        wearer="ned", held_on=ago(3).date(), benefit=Benefit.NOT_YET_CLEAR,
        outcome=ReviewOutcome.CONTINUE, took_part=review().took_part[:1], next_due=ago(-7).date(),
    )  # fmt: skip
    silent = people.manager.does("plans.record_review", review=replace(held, wearer_view=""))
    assert codes(silent) == ["WEARERS_VIEW_MISSING"]
    people.manager.records("plans.record_review", review=held)
    assert people.manager.does("plan_lists.list_plan_reviews", until=ago(0).date()) == ()


def positions_of_two_days(people: People, folder: Path) -> None:
    """Where they are may be seen at any time, by their manager and the intelligence team."""
    lines = stays("TAG-N", HOME, ago(4, "10:00"), 60)
    assert sends(people.feed, folder, lines).new_rows == 60
    seen = {"name": "ned", "period": Period(ago(5), ago(0))}
    for who in (people.manager, people.intelligence):
        assert who.does("trails.trail", **seen).table.num_rows == 60
    assert people.centre.refusal("trails.trail", **seen) == "needs_approval"


def withdrawn_on_the_third_day(people: People) -> None:
    """By telephone, at half past three; it is recorded when the officer hears of it."""
    done = people.manager.does(
        "consents.withdraw_consent", wearer="ned", reference="C1", at=WITHDRAWN,
        how=WithdrawnBy.BY_TELEPHONE, told_to="O Live",
    )  # fmt: skip
    assert (done.problems, done.orders_ended) == ((), ("V1",))
    assert (done.activations_ended, done.licences_restored) == (1, ())


def nothing_is_collected_from_that_instant(people: People, folder: Path) -> None:
    """Later fixes are refused; earlier ones that come late are dropped too; both are counted."""
    lines = stays("TAG-N", TOWN, ago(3, "10:00"), 30)
    lines += stays("TAG-N", TOWN, WITHDRAWN - timedelta(minutes=5), 15)
    taken = sends(people.feed, folder, lines)
    assert (taken.new_rows, taken.quarantined) == (0, {})
    assert taken.not_collected == {"activation_ended": 10, "late_after_withdrawal": 35}
    seen = {"name": "ned", "period": Period(ago(5), ago(0))}
    found = people.manager.does("trails.trail", **seen)
    assert found.locked, "what was lawfully collected is locked now"
    assert found.table.num_rows == 0


def the_original_licence_is_untouched(people: People) -> None:
    """Taking part was a choice: taking it back leaves the licence as it was, in every version."""
    case = people.manager.does("case_view.show_case", wearer="ned")
    (licence,) = [view for view in case.orders if view.reference == "L1"]
    assert licence.shown is not None
    assert (licence.shown.value, len(licence.changes)) == (LICENCE, 1)


def who_looked_at_me(people: People) -> None:
    """The wearer is told of looks to supervise them, by role; of no investigation."""
    hunt = Purpose.BREACH_INVESTIGATION
    people.manager.does("case_view.show_case", wearer="ned", purpose=hunt)
    account("ned-himself", Role.WEARER, wearer="ned")
    himself = Person("ned-himself", Purpose.SUBJECT_ACCESS)
    assert himself.does("looked_at.looked_at", wearer="kit", authority="own request") is None
    lines = himself.does("looked_at.looked_at", wearer="ned", authority="own request")
    assert {line.purpose for line in lines} == {"to supervise you", "to run the system"}
    assert "intelligence" in " ".join({line.role for line in lines})


def three_days_of_temporary_release(people: People, folder: Path) -> None:
    """Seven years ago: a prisoner's three days out, by decision of the governor."""
    people.prison.records("cases.record_wearer", wearer=wearer("Erasmus-Unique"))
    facts = Facts(
        basis=LegalBasis.TEMPORARY_LICENCE, temporary_release_granted=True,
        monitoring_in_licence=True, unsuitable=False,
    )  # fmt: skip
    told = people.prison.does(
        "assessments.assess_eligibility", wearer="Erasmus-Unique", reference="E1", facts=facts,
        rule_id="temporary-release", on_date=LONG_AGO.date(),
    )  # fmt: skip
    assert told.assessment.answer.verdict == "yes"
    out = order(
        "T1", wearer="Erasmus-Unique", basis=LegalBasis.TEMPORARY_LICENCE, reviews=(),
        starts_at=LONG_AGO, ends_at=LONG_AGO + timedelta(days=3), served_at=LONG_AGO,
        force="Nottinghamshire", conditions=(Trail("whereabouts"),),
    )  # fmt: skip
    people.prison.records("cases.record_order", order=out)
    fits(people.centre, "Erasmus-Unique", "TAG-E", LONG_AGO, order="T1")
    taken = sends(people.feed, folder, stays("TAG-E", TOWN, LONG_AGO + timedelta(days=1), 60))
    assert taken.new_rows == 60
    after = sends(people.feed, folder, stays("TAG-E", TOWN, LONG_AGO + timedelta(days=3), 5))
    assert (after.new_rows, after.not_collected) == (0, {"order_over": 5})


def erased_years_later_with_proof(people: People, data: Path, folder: Path) -> None:
    """Nothing of them is left in any file, others are, and the proof names nobody."""
    name = "Erasmus-Unique"
    for sent in folder.glob("fixes-*.csv"):
        sent.unlink()
    assert traces(data, name), "or the search below finds nothing because it cannot"
    listed = people.governor.does(
        "retention_list.list_retention", purpose=Purpose.AUDIT, due_only=True
    )
    assert {line.wearer for line in listed.lines} == {name}
    assert people.governor.refusal("retention.run_retention") == "not_permitted"
    done = people.administrator.does("retention.run_retention")
    assert (done.erasures, done.whole) == (1, 1)
    assert traces(data, name) == []
    assert people.prison.does("case_view.show_case", wearer=name) is None
    assert people.manager.does("case_view.show_case", wearer="ned") is not None
    (proof,) = people.governor.does("retention.list_proofs", purpose=Purpose.AUDIT)
    assert name not in repr(proof)
    assert people.administrator.does("retention.run_retention").erasures == 0
    from tipstaff.services.audit import verify_audit

    assert verify_audit().faults == ()
    assert owner().does("audit.list_audit", limit=1)


def traces(data: Path, word: str) -> list[Path]:
    """Files of the data folder that hold the word."""
    files = (path for path in data.rglob("*") if path.is_file())
    return [path for path in files if word.encode() in path.read_bytes()]
