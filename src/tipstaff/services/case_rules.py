"""What records of one case demand of each other: an order of its consents, a visit of a release.

Each value is judged beside what is on record and what is told with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from tipstaff.domain.absences import Absence, check_absence
from tipstaff.domain.assessments import Assessment, assessment_problems, check_assessment
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.consent_checks import ConsentCode, check_consent
from tipstaff.domain.consent_rules import asked_at, consent_problems
from tipstaff.domain.consents import Consent
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.order_life import StatusStretch, life_problems, neighbours
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem
from tipstaff.domain.release_checks import check_release, check_visit
from tipstaff.domain.releases import Release, Visit
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearers import Wearer
from tipstaff.domain.withdrawals import before
from tipstaff.formats.case_forms import holds_from
from tipstaff.records import case_sets, law

#: The text of a consent that was given in words of somebody else's, kept elsewhere on paper.
ELSEWHERE: Final = "elsewhere"
_KINDS: Final = frozenset(
    {Kind.WEARER, Kind.ORDER, Kind.CONSENT, Kind.ASSESSMENT, Kind.RELEASE, Kind.ABSENCE}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What stands of one wearer: each kind by reference, and the orders' timelines."""

    wearer: Wearer | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    consents: Mapping[str, Consent] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    releases: Mapping[str, Release] = field(default_factory=dict)
    absences: Mapping[str, Absence] = field(default_factory=dict)
    timelines: Mapping[str, tuple[StatusStretch, ...]] = field(default_factory=dict)

    def with_told(self, values: Iterable[CaseValue]) -> Known:
        """What stands once these are recorded too; the timelines stay as they are."""
        told = _sorted(values)
        return replace(
            self,
            wearer=told.wearer or self.wearer,
            orders={**self.orders, **told.orders},
            consents={**self.consents, **told.consents},
            assessments={**self.assessments, **told.assessments},
            releases={**self.releases, **told.releases},
            absences={**self.absences, **told.absences},
        )


@dataclass(frozen=True, slots=True)
class When:
    """The period for which something is told, and the time of telling it."""

    now: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None


def known_of(wearers: Iterable[str], now: datetime) -> dict[str, Known]:
    """What stands of these wearers at `now`."""
    wanted = set(wearers)
    records = case_sets.standing(wanted, _KINDS, valid_at=now)
    timelines = case_sets.timelines(wanted)
    return {
        wearer: replace(_sorted(records.get(wearer, ())), timelines=timelines.get(wearer, {}))
        for wearer in wanted
    }


def timelines_alone(wearers: Iterable[str]) -> dict[str, Known]:
    """The timelines of these wearers' orders, and nothing else of them."""
    wanted = set(wearers)
    timelines = case_sets.timelines(wanted)
    return {wearer: Known(timelines=timelines.get(wearer, {})) for wearer in wanted}


def needs_more(value: CaseValue, wearer: Wearer) -> bool:
    """Whether judging it takes more of the case than the timelines of its orders."""
    if not isinstance(value, Order):
        return not isinstance(value, Wearer)
    lacks = any(True for _ in consent_problems(value, wearer, (), value.starts_at))
    return lacks or bool(value.restores) or any(True for _ in assessment_problems(value, ()))


def problems_of(value: CaseValue, known: Known, when: When) -> tuple[Problem, ...]:
    """Everything wrong with a value beside the rest of its case.

    What is wrong with an order by itself is for `check_order` to say.
    """
    if known.wearer is None:
        action = "record the wearer first: no record of that reference is there"
        return (Problem(OrderCode.WEARER_NOT_KNOWN, "wearer", action),)
    return tuple(_beside(value, known.wearer, known, when))


def lacking(order: Order, known: Known, at: datetime) -> Iterator[Problem]:
    """What an order lacks beside it at `at`: consents, and an assessment that says yes."""
    if known.wearer is not None:
        consents = known.consents.values()
        yield from consent_problems(order, known.wearer, consents, asked_at(order, at))
        if rule_known(order):
            yield from assessment_problems(order, known.assessments.values())


def rule_known(order: Order) -> bool:
    """Whether the version of the rule that the order names is one of those known here."""
    rule = order.rule
    return rule is not None and any(
        version.version == rule.version for version in law.versions_of(rule.rule_id)
    )


def _beside(value: CaseValue, wearer: Wearer, known: Known, when: When) -> Iterable[Problem]:
    if isinstance(value, Order):
        return _order(value, known, when)
    if isinstance(value, Consent):
        listed = check_consent(value, wearer, known.consents.values(), when.now)
        return (*listed, *_text(value))
    if isinstance(value, Assessment):
        versions = law.versions_of(value.answer.rule_id)
        return check_assessment(value, wearer.reference, versions)
    return _of_a_plan(value, wearer, known, when)


def _of_a_plan(value: CaseValue, wearer: Wearer, known: Known, when: When) -> Iterable[Problem]:
    if isinstance(value, Release):
        return check_release(value, wearer, known.orders.keys())
    if isinstance(value, Visit):
        return check_visit(value, wearer, known.releases.keys(), when.now)
    if isinstance(value, Absence):
        return check_absence(value, known.orders.get(value.order), known.absences.values())
    return ()


def _order(order: Order, known: Known, when: When) -> Iterator[Problem]:
    timeline = known.timelines.get(order.reference, ())
    since = when.valid_from or (when.now if timeline else holds_from(order, when.now))
    yield from lacking(order, known, since)
    yield from life_problems(order, neighbours(timeline, since, when.valid_to), when.now)
    if order.restores and not _was_there(order, known):
        action = (
            "name a licence order of this wearer's that is on record with its original conditions "
            "from before this order begins; tell their relaxation from this order's start on"
        )
        yield Problem(OrderCode.RESTORES_NOTHING, "restores", action)


def _was_there(order: Order, known: Known) -> bool:
    at = before(order)
    timeline = known.timelines.get(order.restores, ())
    on_record = any(s.start <= at and (s.end is None or at < s.end) for s in timeline)
    licence = known.orders.get(order.restores)
    told = licence is not None and licence.starts_at <= at and not timeline
    return order.restores != order.reference and (on_record or told)


def _text(consent: Consent) -> Iterator[Problem]:
    if consent.text == ELSEWHERE:
        return
    day = wall_time(consent.given_at).date()
    texts = law.shipped_consent_texts()
    if not any(t.name == consent.text and t.kind is consent.kind and t.used_on(day) for t in texts):
        names = ", ".join(t.name for t in texts if t.kind is consent.kind)
        action = f"name the text that was put to the person: {names}, or {ELSEWHERE}"
        yield Problem(ConsentCode.TEXT_NOT_KNOWN, "text", action)


def _sorted(values: Iterable[CaseValue]) -> Known:
    listed = tuple(values)
    return Known(
        wearer=next((v for v in listed if isinstance(v, Wearer)), None),
        orders={v.reference: v for v in listed if isinstance(v, Order)},
        consents={v.reference: v for v in listed if isinstance(v, Consent)},
        assessments={v.reference: v for v in listed if isinstance(v, Assessment)},
        releases={v.reference: v for v in listed if isinstance(v, Release)},
        absences={v.reference: v for v in listed if isinstance(v, Absence)},
    )
