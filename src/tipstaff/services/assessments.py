"""Ask an eligibility rule about a case, and keep the answer with the facts it was asked on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from tipstaff.domain.assessments import Assessment
from tipstaff.domain.consents import ConsentKind, in_force
from tipstaff.domain.eligibility import decide
from tipstaff.domain.eligibility_facts import Case
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.wearers import Wearer
from tipstaff.records import law, wearers
from tipstaff.services.access import admit
from tipstaff.services.case_reach import known_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.case_rules import Known, When, problems_of
from tipstaff.services.recording import changing


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was recorded, and the assessment; None where it was refused."""

    done: RecordedCase
    assessment: Assessment | None = None


def assess_eligibility(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    reference: str,
    rule_id: str,
    on_date: date | None,
    facts: Case,
) -> Assessed:
    """Ask the version of a rule that is in force on the day of release or fitting, and keep it.

    What `facts` leaves open is taken from the case where it is on record there: the date of birth,
    written consent that is in force, and a child's safeguards.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="assess_eligibility",
    )
    versions = law.versions_of(rule_id)
    with changing(access, extent={"of": "assessment", "rule": rule_id}) as looked:
        wearers.lock(wearer)
        now = clock()
        known = known_to(access, wearer, now)
        found = () if versions else (_no_rule(),)
        if known.wearer is None or found:
            looked.extent["problems"] = 1
            looked.subjects = wearers.subject_refs([wearer])
            return Assessed(RecordedCase(None, new=False, problems=found or (_no_wearer(),)))
        filled = _filled(facts, known.wearer, known, now)
        answer = decide(versions, filled, on_date)
        made = Assessment(reference, wearer, on_date, now, filled, answer)
        problems = problems_of(made, known, When(now))
        return Assessed(record_told(access, told(made), problems, looked, now), made)


def _filled(facts: Case, wearer: Wearer, known: Known, now: datetime) -> Case:
    given = in_force(known.consents.values(), ConsentKind.VOLUNTARY, now)
    written = any(consent.written for consent in given) if known.consents else None
    child = wearer.child
    adult = None if child is None else child.responsible_adult is not None
    weighed = None if child is None else bool(child.best_interests.strip())
    return replace(
        facts,
        born_on=facts.born_on or wearer.born_on,
        written_consent=_first(facts.written_consent, written),
        responsible_adult=_first(facts.responsible_adult, adult),
        best_interests_recorded=_first(facts.best_interests_recorded, weighed),
    )


def _first(told: bool | None, on_record: bool | None) -> bool | None:  # noqa: FBT001
    return on_record if told is None else told


def _no_rule() -> Problem:
    action = "name a rule that docs/reference/law.md lists"
    return Problem(OrderCode.RULE_NOT_KNOWN, "rule_id", action)


def _no_wearer() -> Problem:
    action = "record the wearer first: no record of that reference is there"
    return Problem(OrderCode.WEARER_NOT_KNOWN, "wearer", action)
