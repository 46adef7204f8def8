"""Alerts: the queue, one alert, its evidence, what is paused. What is done: `alert_acts`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from tipstaff.domain.alerts import AlertOutcome, Evidence, Reached
from tipstaff.domain.api_tokens import Group
from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.device_requests import RequestKind, RequestStep
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.periods import from_micros
from tipstaff.domain.protocols import Means, ProtocolStep, Queue, Recipient
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.monitoring.events import EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.records.alert_pages import AlertLine
from tipstaff.records.pauses import PauseLine
from tipstaff.services import alert_pauses
from tipstaff.services.alert_evidence import AlertEvidence, show_evidence
from tipstaff.services.alert_lists import (
    AlertView,
    QueueWanted,
    list_alerts,
    list_outages,
    show_alert,
)
from tipstaff.services.alert_precision import alert_precision
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found
from tipstaff.web.api.shapes import (
    USUAL,
    Asked,
    At,
    Cursor,
    Limit,
    Line,
    Number,
    Page,
    Reference,
    SeverityName,
    SeverityTold,
    Told,
    page_of,
    severity_of,
)

PART: Final = Part(Group.ALERTS)
ONE: Final = "/alerts/{ref:wearer}/{number}"


class AlertInList(Told):
    """An alert in a list. Send `mark` with whatever you do to it: it says what you had seen."""

    wearer: str
    number: int
    kind: FindingKind
    condition: str
    severity: SeverityTold
    level: Level
    evidence: Evidence
    goes_on: bool
    state: AlertState
    queue: Queue
    late: bool
    changed: bool
    opened_at: At
    holder: UUID | None
    holder_name: str
    outcome: AlertOutcome | None
    follows: int
    next_step_at: At | None
    mark: str


class DecisionTold(Told):
    """Something that somebody did to an alert; `by` and `to` are accounts."""

    at: At
    by: str
    act: Act
    revision: int
    level: Level
    words: str
    outcome: AlertOutcome | None
    to: str
    reached: Reached | None
    shared_with: list[Recipient]


class RevisionTold(Told):
    """What was known of the episode from `known_at` on."""

    revision: int
    known_at: At
    began: At
    ended: At | None
    level: Level


class NoticeTold(Told):
    """A notice about the alert: to whom, by what, where its sending stands."""

    step: str
    recipient: Recipient
    means: Means
    state: NoticeState
    queued_at: At
    settled_at: At | None


class CalledForTold(Told):
    """A step of the protocol: whom it tells, by what, and what they are asked to do."""

    recipient: Recipient
    means: Means
    words: str


class ToComeTold(CalledForTold):
    """A step that is reached at that instant if nobody has got so far by then."""

    at: At
    unless: AlertState | None


class StepTold(Told):
    """What became of a request to a device."""

    at: At
    step: RequestStep
    words: str


class RequestTold(Told):
    """What was asked of the wearer's device."""

    ref: UUID
    kind: RequestKind
    at: At
    steps: list[StepTold]


class AlertTold(Told):
    """One alert: how its evidence went, what was done, who was told. `names`: of accounts.

    `unreached`: those with whom it may be shared and who have no contact.
    """

    wearer: str
    number: int
    kind: FindingKind
    condition: str
    severity: SeverityTold
    level: Level
    evidence: Evidence
    goes_on: bool
    state: AlertState
    opened_at: At
    follows: int
    followed_by: int
    mark: str
    decisions: list[DecisionTold]
    revisions: list[RevisionTold]
    notices: list[NoticeTold]
    requests: list[RequestTold]
    names: dict[str, str]
    called_for: list[CalledForTold]
    to_come: list[ToComeTold]
    unreached: list[Recipient]


class PositionTold(Told):
    """A position of the evidence; `radius_m`: null where nobody said how exactly."""

    at: At
    latitude: float
    longitude: float
    radius_m: float | None


class EventTold(Told):
    """What the device reported."""

    at: At
    kind: EventKind


class CourseTold(Told):
    """How probable it was then that they were in the zone."""

    at: At
    probability: float


class EvidenceTold(Told):
    """The evidence from an hour before the episode. `levels`: from which probability it is
    suspected, probable, confirmed; null where it is no matter of a zone.
    """

    start: At
    end: At
    began: At
    ended: At | None
    positions: list[PositionTold]
    events: list[EventTold]
    keep_in: bool
    course: list[CourseTold]
    levels: list[float] | None


class OutageTold(Told):
    """A feed that is out."""

    feed: str
    since: At
    cleared_at: At | None


class PrecisionTold(Told):
    """Of a kind of alert: how many of those decided were genuine. Null where too few to say."""

    kind: FindingKind
    decided: int | None
    outcomes: dict[AlertOutcome, int]


class PauseTold(Told):
    """Kinds of alert that nobody is told of for a while; of one wearer, or of everybody."""

    ref: UUID
    wearer: str
    kinds: list[FindingKind]
    reason: str
    start: At
    end: At
    ended_at: At | None


class PausesAsked(Asked):
    """How many at most."""

    limit: Limit = 100


class AlertsAsked(Asked):
    """Which alerts to list. `holder`: an account's name, or `me`; `closed`: those too.

    `one_each`: of each person the most severe alone, of those the oldest.
    """

    queue: Queue | None = None
    kind: list[FindingKind] = Field(default_factory=list)
    state: AlertState | None = None
    at_least: SeverityName | None = None
    holder: Line | None = None
    wearer: Reference | None = None
    closed: bool = False
    opened_after: At | None = None
    one_each: bool = False
    mine: bool = False
    after: Cursor = ""
    limit: Limit = USUAL


@PART.reads("/alerts", "list_alerts", Page[AlertInList])
def alerts(request: HttpRequest, asked: Annotated[AlertsAsked, Query()]) -> Any:
    """A page of alerts about whom you reach: the most severe first, then the oldest."""
    me = who(request)
    wanted = QueueWanted(
        queue=asked.queue,
        kinds=frozenset(asked.kind),
        state=asked.state,
        at_least=severity_of(asked.at_least),
        holder=me["actor"] if asked.holder == "me" else asked.holder,
        wearer=asked.wearer,
        closed=asked.closed,
        opened_after=asked.opened_after,
        one_each=asked.one_each,
        mine=asked.mine,
        after=cursors.read(asked.after, _after),
        limit=asked.limit,
    )
    lines = list_alerts(**me, wanted=wanted)
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _cursor))


@PART.reads("/outages", "list_outages", Page[OutageTold])
def outages(request: HttpRequest) -> Any:
    """The feeds that are out now: where nothing comes in, nothing is known."""
    return page_of(list_outages(**who(request)))


@PART.reads("/alerts/precision", "alert_precision", Page[PrecisionTold])
def precision(request: HttpRequest, days: Annotated[int, Query(ge=1, le=366)] = 30) -> Any:
    """How many alerts of each kind were genuine, of those decided in the last days."""
    return page_of(alert_precision(**who(request), days=days))


@PART.reads(ONE, "show_alert", AlertTold)
def alert(request: HttpRequest, wearer: Reference, number: Number) -> Any:
    """One alert; 404 for one that you may not see."""
    found = show_alert(**who(request), wearer=wearer, number=number)
    if found is None:
        raise not_found()
    return _told(found)


@PART.reads(f"{ONE}/evidence", "show_evidence", EvidenceTold)
def evidence(request: HttpRequest, wearer: Reference, number: Number) -> Any:
    """Positions and reports round an alert's episode, and how the evidence went."""
    found = show_evidence(**who(request), wearer=wearer, number=number)
    if found is None:
        raise not_found()
    return _evidence(found)


@PART.reads("/pauses", "list_pauses", Page[PauseTold])
def pauses(request: HttpRequest, asked: Annotated[PausesAsked, Query()]) -> Any:
    """What is paused now."""
    return page_of(
        _pause(one) for one in alert_pauses.list_pauses(**who(request), limit=asked.limit)
    )


def _told(found: AlertView) -> dict[str, Any]:
    alert, about = found.alert, found.about
    told = alert.told
    return {
        "wearer": found.wearer, "number": alert.number, "kind": alert.kind,
        "condition": found.condition, "severity": found.severity, "level": told.level,
        "evidence": told.evidence, "goes_on": told.goes_on, "state": alert.state,
        "opened_at": alert.opened_at, "follows": alert.follows, "followed_by": alert.followed_by,
        "mark": alert.mark, "decisions": list(alert.decisions), "revisions": list(about.revisions),
        "notices": [
            {
                "step": one.key.step, "recipient": one.key.recipient, "means": one.means,
                "state": one.state, "queued_at": one.queued_at, "settled_at": one.settled_at,
            }
            for one in about.notices
        ],
        "requests": [
            {"ref": one.ref, "kind": one.request.kind, "at": one.at, "steps": list(one.steps)}
            for one in found.requests
        ],
        "names": found.names, "unreached": list(found.unreached),
        "called_for": [_step(one) for one in found.called_for],
        "to_come": [
            _step(one.step) | {"at": one.at, "unless": one.step.unless} for one in found.to_come
        ],
    }  # fmt: skip


def _step(step: ProtocolStep) -> dict[str, Any]:
    return {"recipient": step.to, "means": step.means, "words": step.words}


def _evidence(found: AlertEvidence) -> dict[str, Any]:
    return {
        "start": found.period.start, "end": found.period.end,
        "began": found.began, "ended": found.ended,
        "positions": [_position(one) for one in found.fixes],
        "events": [{"at": from_micros(one.at_us), "kind": one.kind} for one in found.events],
        "keep_in": found.keep_in,
        "course": [
            {"at": from_micros(one.at_us), "probability": one.probability} for one in found.course
        ],
        "levels": None if found.levels is None else list(found.levels),
    }  # fmt: skip


def _position(fix: Fix) -> dict[str, Any]:
    return {
        "at": from_micros(fix.at_us), "latitude": fix.lat_e7 / 1e7, "longitude": fix.lon_e7 / 1e7,
        "radius_m": fix.radius_cm / 100 if fix.radius_cm >= 0 else None,
    }  # fmt: skip


def _pause(one: PauseLine) -> dict[str, Any]:
    return {
        "ref": one.ref, "wearer": one.wearer, "kinds": sorted(one.pause.kinds),
        "reason": one.pause.reason, "start": one.pause.start, "end": one.pause.end,
        "ended_at": one.ended_at,
    }  # fmt: skip


def _cursor(line: AlertLine) -> str:
    return cursors.written(int(line.severity), line.opened_at, line.ref)


def _after(severity: str, opened: str, ref: str) -> tuple[int, datetime, UUID]:
    return (int(severity) % 100, *cursors.at_and_ref(opened, ref))
