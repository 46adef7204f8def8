"""Records of a case in a sentence each: the lines of a person's history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tipstaff.domain.absences import Absence
from tipstaff.domain.assessments import Assessment
from tipstaff.domain.case_kinds import CaseValue
from tipstaff.domain.consents import CONSENT_WORDS, Consent
from tipstaff.domain.fittings import Fitting
from tipstaff.domain.orders import Order
from tipstaff.domain.plan_work import Contact, Review, Task, TaskState
from tipstaff.domain.plans import Plan
from tipstaff.domain.releases import FittingAlarm, Release, Visit
from tipstaff.domain.wearers import Wearer
from tipstaff.web.state_words import spoken
from tipstaff.web.times import uk_time


def record_words(value: CaseValue) -> str:
    """What a version of a record says, as a person would tell it."""
    words: Callable[[Any], str] = _WORDS[type(value)]
    return words(value)


def _consent(value: Consent) -> str:
    over = "withdrawn" if value.withdrawn is not None else "given"
    return f"{_upper(CONSENT_WORDS[value.kind])}: {over}"


def _release(value: Release) -> str:
    told = f"cancelled, {value.cancelled}" if value.cancelled else uk_time(value.released_at)
    return f"Release from {value.place_name}: {told}"


def _visit(value: Visit) -> str:
    why = f", {value.reason}" if value.reason else ""
    return f"Visit to fit a device, {uk_time(value.at)}: {spoken(value.outcome)}{why}"


def _task(value: Task) -> str:
    done = "" if value.state is TaskState.OPEN else f". {value.result}"
    return f"Task, {value.what}: {spoken(value.state)}{done}"


def _contact(value: Contact) -> str:
    return f"Contact with {spoken(value.party)} ({spoken(value.channel)}): {value.note}"


def _fitting(value: Fitting) -> str:
    if value.annulled:
        return f"Fitting of device {value.device_id}: it never was, {value.annulled}"
    if value.removed is not None:
        why = spoken(value.removed.reason)
        return f"Device {value.device_id} came off, {uk_time(value.removed.at)}: {why}"
    if value.fitted is None:
        return f"Device {value.device_id} is worn; nobody recorded its fitting"
    return f"Device {value.device_id} was fitted, {uk_time(value.fitted.at)}, by {value.fitted.by}"


def _decided(value: Absence) -> str:
    if value.cancelled_at is not None:
        return "cancelled"
    if value.decision is None:
        return "waits for a decision"
    return "approved" if value.decision.approved else "refused"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


_WORDS: Final[dict[type, Callable[[Any], str]]] = {
    Wearer: lambda _: "The record of the person",
    Order: lambda one: f"Order {one.reference}: {spoken(one.status)}",
    Consent: _consent,
    Assessment: lambda one: f"Asked whether they may be tagged: {spoken(one.answer.verdict)}",
    Release: _release,
    Visit: _visit,
    FittingAlarm: lambda _: "Alarm: released and not fitted in time",
    Fitting: _fitting,
    Absence: lambda one: f"Absence from {one.condition}, {uk_time(one.starts_at)}: {_decided(one)}",
    Plan: lambda one: f"Joint plan {one.reference}, led by {one.lead.name}",
    Review: lambda one: f"Review of plan {one.plan}: {spoken(one.outcome)}. {one.reasons}",
    Task: _task,
    Contact: _contact,
}
