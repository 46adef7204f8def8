"""Alerts: the queue, one alert with its evidence, what is done to it, pauses and handovers."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
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
from tipstaff.domain.protocols import Means, Queue, Recipient
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.records.alert_pages import AlertLine
from tipstaff.records.pauses import PauseLine
from tipstaff.services import alert_acts, alert_pauses, shift_handovers
from tipstaff.services.alert_acts import Acted, OnAlert
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
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import ApiError, not_found, refused_by
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
    Words,
    page_of,
    severity_of,
)
from tipstaff.web.desks import centre

PART: Final = Part(Group.ALERTS)
_ONE: Final = "/alerts/{wearer}/{number}"


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
    outcome: AlertOutcome | None
    follows: int
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
    """One alert: how its evidence went, what was done, who was told. `names`: of accounts."""

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


class MarkTold(Told):
    """It was done; the alert's mark since."""

    mark: str


class Marked(Asked):
    """The mark of the alert as it was seen: where somebody acted since, nothing is done (409)."""

    mark: Line


class Noted(Marked):
    """With words."""

    words: Words


class Seen(Marked):
    """With words or without."""

    words: Words = ""


class Contacted(Noted):
    """An attempt to reach the wearer, and what came of it."""

    reached: Reached


class HandedOver(Noted):
    """To which account, and why."""

    to: Reference


class Closed(Noted):
    """What it turned out to be, in a sentence; some outcomes are the program's own."""

    outcome: AlertOutcome


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


class ShiftGiven(Asked):
    """What to hand over."""

    queue: Queue = Queue.LIVE
    words: Words = ""


class ShiftTaken(Asked):
    """Which handover to take over; without `handover` the last that nobody took."""

    handover: UUID | None = None
    words: Words = ""


class GivenTold(Told):
    """What was handed over, as it stood; `digest` is of all its lines."""

    ref: UUID
    digest: str
    lines: list[AlertInList]


class TakenLine(Told):
    """An alert that was handed over, and how it stands now."""

    wearer: str
    number: int
    state: AlertState
    revision: int
    needs_a_person: bool


class TakenTold(Told):
    """What was taken over, and what came since."""

    ref: UUID | None
    given_at: At | None
    words: str
    lines: list[TakenLine]
    opened_since: list[AlertInList]


class AlertsAsked(Asked):
    """Which alerts to list. `holder`: an account's name, or `me`; `closed`: those too."""

    queue: Queue | None = None
    kind: list[FindingKind] = Field(default_factory=list)
    state: AlertState | None = None
    at_least: SeverityName | None = None
    holder: Line | None = None
    wearer: Reference | None = None
    closed: bool = False
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


@PART.reads(_ONE, "show_alert", AlertTold)
def alert(request: HttpRequest, wearer: Reference, number: Number) -> Any:
    """One alert; 404 for one that you may not see."""
    found = show_alert(**who(request), wearer=wearer, number=number)
    if found is None:
        raise not_found()
    return _told(found)


def _marked(done: Acted) -> dict[str, str]:
    if done.since is not None:
        detail = "Somebody acted, or the evidence moved, since that mark: look again, then decide."
        raise ApiError(HTTPStatus.CONFLICT, "CHANGED_SINCE", detail)
    if done.problems:
        raise refused_by(done.problems)
    return {"mark": done.mark}


@PART.acts(f"{_ONE}/acknowledge", "acknowledge_alert", MarkTold)
def acknowledge(request: HttpRequest, wearer: Reference, number: Number, body: Marked) -> Any:
    """Say that you look at it."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.acknowledge_alert(**who(request), on=on))


@PART.acts(f"{_ONE}/take-in-hand", "take_alert", MarkTold)
def take(request: HttpRequest, wearer: Reference, number: Number, body: Marked) -> Any:
    """Take it in hand."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.take_alert(**who(request), on=on))


@PART.acts(f"{_ONE}/note", "note_alert", MarkTold)
def note(request: HttpRequest, wearer: Reference, number: Number, body: Noted) -> Any:
    """Add a note."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.note_alert(**who(request), on=on, words=body.words))


@PART.acts(f"{_ONE}/contact", "contact_wearer", MarkTold)
def contact(request: HttpRequest, wearer: Reference, number: Number, body: Contacted) -> Any:
    """Record an attempt to reach the wearer."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(
        alert_acts.contact_wearer(**who(request), on=on, reached=body.reached, words=body.words)
    )


@PART.acts(f"{_ONE}/hand-over", "hand_over_alert", MarkTold)
def hand_over(request: HttpRequest, wearer: Reference, number: Number, body: HandedOver) -> Any:
    """Put it into the hands of another account."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.hand_over_alert(**who(request), on=on, to=body.to, words=body.words))


@PART.acts(f"{_ONE}/seen", "see_alert", MarkTold)
def seen(request: HttpRequest, wearer: Reference, number: Number, body: Seen) -> Any:
    """Say that you looked at evidence that changed."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.see_alert(**who(request), on=on, words=body.words))


@PART.acts(f"{_ONE}/close", "close_alert", MarkTold)
def close(request: HttpRequest, wearer: Reference, number: Number, body: Closed) -> Any:
    """Close it with what it turned out to be."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(
        alert_acts.close_alert(**who(request), on=on, outcome=body.outcome, words=body.words)
    )


@PART.reads("/pauses", "list_pauses", Page[PauseTold])
def pauses(request: HttpRequest, asked: Annotated[PausesAsked, Query()]) -> Any:
    """What is paused now."""
    return page_of(
        _pause(one) for one in alert_pauses.list_pauses(**who(request), limit=asked.limit)
    )


@PART.acts("/handovers", "hand_over_shift", GivenTold)
def give_shift(request: HttpRequest, body: ShiftGiven) -> Any:
    """Hand over what is open in a queue, as it stands."""
    return shift_handovers.hand_over_shift(**who(request), queue=body.queue, words=body.words)


@PART.acts("/handovers/take", "take_over_shift", TakenTold)
def take_shift(request: HttpRequest, body: ShiftTaken) -> Any:
    """Take a shift over."""
    done = shift_handovers.take_over_shift(**who(request), handover=body.handover, words=body.words)
    if done.problems:
        raise refused_by(done.problems)
    fact = done.handover
    return {
        "ref": None if fact is None else fact.ref,
        "given_at": None if fact is None else fact.given_at,
        "words": "" if fact is None else fact.words,
        "lines": list(done.lines),
        "opened_since": list(done.opened_since),
    }


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
        "names": found.names,
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


add_acts(PART, centre.ACTS)
