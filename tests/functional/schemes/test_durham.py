"""Durham: compulsory tags beside voluntary ones under IOM and Checkpoint, in one force.

Only those eligible under the scheme are searched, and why the others are not is told. Partners hear
how each released wearer is doing, and nothing of where they were. An urgent crime is answered at
once, and again when late fixes have come in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from made_accounts import hand, train
from made_cases import consent, curfew, decision, order, voluntary, wearer
from made_plans import HOUSING, plan, task
from scheme_people import Person, ago, codes, crime_row, fits, joins, matches, sends, stays

from tipstaff.domain.conditions import Trail
from tipstaff.domain.consents import ConsentScope
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.eligibility_facts import Sentence, SentenceKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus, SchemeRule
from tipstaff.domain.plans import Goal
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation, Role
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.terms import Term

SCENE, AWAY = (54.7761, -1.5733), (54.7961, -1.5733)
NIGHT = ago(2, "21:00")
TRAIL = (Trail("whereabouts"),)
WHOLE = {"starts_at": ago(40), "ends_at": ago(-60), "served_at": ago(40), "reviews": ()}
WHOLE |= {"force": "Durham", "conditions": TRAIL}
LICENCE = order("L1", wearer="compelled", rule=SchemeRule("acquisitive-crime", 3), **WHOLE)
FACTS = Facts(
    basis=LegalBasis.LICENCE,
    sentence=Sentence("RB", SentenceKind.STANDARD_DETERMINATE, Term(24), ago(400).date()),
    beside=(), licence_last_day=ago(-60).date(), area="Durham", fixed_address=True,
    monitored_in_full=False, unsuitable=False,
)  # fmt: skip
MATCHING = ConsentScope(
    collection=True, crime_matching=True, crime_types=Scope(everything=True),
    forces=Scope(frozenset({"Durham"})), agencies=("housing",),
)  # fmt: skip
CASELOAD = ("compelled", "by-choice", "robberies-only", "contract", "on-bail")


@dataclass(frozen=True)
class People:
    """Who plays a part, each with an account of their role."""

    iom: Person
    probation: Person
    officer: Person
    housing: Person
    centre: Person
    feed: Person
    reviewer: Person


def joined() -> People:
    return People(
        joins("ivan", Role.IOM_COORDINATOR, force="Durham"),
        joins("priya", Role.PROBATION_PRACTITIONER),
        joins("owen", Role.INVESTIGATING_OFFICER, force="Durham"),
        joins("harriet", Role.PARTNER_AGENCY, organisation="housing"),
        joins("mona", Role.MONITORING_OPERATOR),
        joins("feed", Role.TAG_SUPPLIER, organisation="tipstaff"),
        joins("tina", Role.HUB_MANAGER),
    )


def test_integrated_offender_management_and_checkpoint(
    sqlite_instance: Any, tmp_path: Path
) -> None:
    people = joined()
    train(people.reviewer.name)
    a_compulsory_tag(people)
    voluntary_tags(people)
    a_checkpoint_contract(people)
    bail_beside_them(people)
    partners_hear_how_it_goes(people)
    an_urgent_crime_is_matched_at_once(people, tmp_path)
    and_again_after_late_fixes(people, tmp_path)


def a_compulsory_tag(people: People) -> None:
    """A robber on licence, tagged under the project by law."""
    people.probation.records("cases.record_wearer", wearer=wearer("compelled"))
    told = people.probation.does(
        "assessments.assess_eligibility", wearer="compelled", reference="E1", facts=FACTS,
        rule_id="acquisitive-crime", on_date=ago(40).date(),
    )  # fmt: skip
    assert told.assessment.answer.verdict == "yes"
    people.probation.records("cases.record_order", order=LICENCE)


def voluntary_tags(people: People) -> None:
    """Two under IOM by their written consent; one of them let be matched for robberies alone."""
    only = replace(MATCHING, crime_types=Scope(frozenset({"RB"})))
    for name, scope in (("by-choice", MATCHING), ("robberies-only", only)):
        people.iom.records("cases.record_wearer", wearer=wearer(name))
        tag = voluntary(wearer=name, **WHOLE)
        assert codes(people.iom.does("cases.record_order", order=tag)) == ["NO_VOLUNTARY_CONSENT"]
        agreed = consent(wearer=name, given_at=ago(41), scope=scope)
        people.iom.records("consents.record_consent", consent=agreed)
        people.iom.records("cases.record_order", order=tag)


def a_checkpoint_contract(people: People) -> None:
    """Four months instead of prosecution: found suitable, then made. No word of matching crimes."""
    people.iom.records("cases.record_wearer", wearer=wearer("contract"))
    asked = order(
        "CP1", wearer="contract", basis=LegalBasis.CHECKPOINT, issued_by="Checkpoint",
        **{**WHOLE, "status": OrderStatus.REFERRED},
    )  # fmt: skip
    people.iom.records("cases.record_order", order=asked, valid_from=ago(45))
    for status, at in ((OrderStatus.SUITABLE, ago(43)), (OrderStatus.ACTIVE, ago(40))):
        bare = replace(asked, status=status)
        done = people.iom.does("cases.record_order", order=bare, valid_from=at)
        assert codes(done) == ["DECISION_MISSING"], "a person decides, and says why"
        decided = decision(status, f"{at:%Y-%m-%d}", "first offence, wants help")
        people.iom.records(
            "cases.record_order", order=replace(bare, decision=decided), valid_from=at
        )


def bail_beside_them(people: People) -> None:
    """Somebody on bail of a court, with a curfew."""
    people.iom.records("cases.record_wearer", wearer=wearer("on-bail"))
    bail = order("B1", wearer="on-bail", basis=LegalBasis.COURT_BAIL, issued_by="Made Court",
                 **{**WHOLE, "conditions": (curfew(dates=f"{ago(40):%Y-%m-%d}"),)})  # fmt: skip
    people.iom.records("cases.record_order", order=bail)
    for name in CASELOAD:
        fits(people.centre, name, f"TAG-{name}", ago(39))


def partners_hear_how_it_goes(people: People) -> None:
    """Of every released wearer the partners get counts and days; no field can hold a place."""
    for name in CASELOAD:
        aim = Goal("g1", "a tenancy", "housing", "tenancy signed", ago(-30).date())
        joint = plan(
            wearer=name, starts_on=ago(39).date(), first_review=ago(-5).date(), goals=(aim,),
            agencies=(HOUSING,),
        )  # fmt: skip
        people.iom.records("plans.record_plan", plan=joint)
        set_on, due = ago(30).date(), ago(10).date()
        todo = task(wearer=name, set_on=set_on, due=due)
        people.iom.records("plans.record_task", task=todo)
        hand(name, Relation.PARTNER, user=people.housing.name)
        summary = people.housing.does("partner_summary.partner_summary", wearer=name,
                                      agency="housing")  # fmt: skip
        assert (summary.goals.open, summary.tasks.overdue, summary.orders_in_force) == (1, 1, 1)
        assert set(values_of(summary)) == {name, "housing"}, "no other text, no coordinate"
    day = {"name": "compelled", "period": None}
    assert people.housing.refusal("trails.trail", **day) == "not_permitted"
    assert people.housing.refusal("case_view.show_case", wearer="compelled") == "not_permitted"


def values_of(value: Any) -> list[Any]:
    """Every value in a summary that is neither a count nor a time nor a word of a closed list."""
    if is_dataclass(value):
        return [v for f in fields(value) for v in values_of(getattr(value, f.name))]
    if isinstance(value, tuple):
        return [v for each in value for v in values_of(each)]
    plain = value is None or isinstance(value, int | date | datetime | Enum)
    return [] if plain else [value]


def an_urgent_crime_is_matched_at_once(people: People, folder: Path) -> None:
    """One burglary, sent by the officer who has it: the tags' last hour has not come in yet."""
    for name in CASELOAD:
        before = stays(f"TAG-{name}", AWAY, NIGHT - timedelta(hours=3), 120)
        sends(people.feed, folder, before)
    content = crime_row(urgent(), "URGENT/1", "BIAD", NIGHT, SCENE).encode()
    purpose = Purpose.CRIME_MATCHING
    sent = people.officer.does("crimes.import_crimes", purpose=purpose, content=content)
    assert sent.file.status == "SUCCESSFUL"
    outcomes, crimes = matches(people.reviewer, urgent())
    assert outcomes == {
        ("URGENT/1", "compelled"): "not_monitorable",
        ("URGENT/1", "by-choice"): "not_monitorable",
    }
    told = crimes["URGENT/1"]
    assert (told["searched_wearers"], told["monitored_wearers"]) == (2, 5)
    # Fewer than five of a reason are told together: a count of one would point at somebody.
    assert told["not_searched"] == "other_reasons: 3"


def and_again_after_late_fixes(people: People, folder: Path) -> None:
    """The late fixes put one at the scene and clear the other; the first answer is kept too."""
    (first,) = people.reviewer.does("runs.list_runs")
    places = dict.fromkeys(CASELOAD, AWAY) | {"compelled": SCENE}
    for name, place in places.items():
        tag = f"TAG-{name}"
        late = stays(tag, AWAY, NIGHT - timedelta(hours=1), 55)
        late += stays(tag, place, NIGHT, 25)
        late += stays(tag, AWAY, NIGHT + timedelta(minutes=30), 60)
        assert sends(people.feed, folder, late).new_rows == len(late)
    outcomes, crimes = matches(people.reviewer, urgent())
    assert outcomes == {
        ("URGENT/1", "compelled"): "candidate",
        ("URGENT/1", "by-choice"): "excluded",
    }
    assert crimes["URGENT/1"]["searched_wearers"] == 2
    lines = people.reviewer.does("runs.list_runs")
    assert len(lines) == 2
    before = people.reviewer.does("runs.read_run", run_id=first.run_id)
    assert {row["outcome"] for row in before.exclusions} == {"not_monitorable"}


def urgent() -> str:
    return f"DUR{ago(1):%Y%m%d}"
