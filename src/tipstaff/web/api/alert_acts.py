"""What is done to alerts: each act with the mark of what was seen; shifts handed over and taken."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from tipstaff.domain.alerts import SHARED_WITH, AlertOutcome, Reached
from tipstaff.domain.protocols import Queue, Recipient
from tipstaff.domain.transitions import AlertState
from tipstaff.services import alert_acts, shift_handovers
from tipstaff.services.alert_acts import Acted, OnAlert
from tipstaff.web.api.alerts import ONE, PART, AlertInList
from tipstaff.web.api.asking import who
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.problems import ApiError, refused_by
from tipstaff.web.api.shapes import Asked, At, Line, Number, Reference, Told, Words
from tipstaff.web.desks import centre


class MarkTold(Told):
    """It was done; the alert's mark since."""

    mark: str


class SharedTold(MarkTold):
    """It was shared. `unreached`: those who have no contact; their notice comes back dead."""

    unreached: list[Recipient]


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


class Shared(Noted):
    """With whom: the case manager, the intelligence team; the shift lead, to escalate it."""

    shared_with: Annotated[list[Recipient], Field(min_length=1, max_length=len(SHARED_WITH))]


class Closed(Noted):
    """What it turned out to be, in a sentence; some outcomes are the program's own."""

    outcome: AlertOutcome


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


def _marked(done: Acted) -> dict[str, str]:
    if done.since is not None:
        detail = "Somebody acted, or the evidence moved, since that mark: look again, then decide."
        raise ApiError(HTTPStatus.CONFLICT, "CHANGED_SINCE", detail)
    if done.problems:
        raise refused_by(done.problems)
    return {"mark": done.mark}


@PART.acts(f"{ONE}/acknowledge", "acknowledge_alert", MarkTold)
def acknowledge(request: HttpRequest, wearer: Reference, number: Number, body: Marked) -> Any:
    """Say that you look at it."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.acknowledge_alert(**who(request), on=on))


@PART.acts(f"{ONE}/take-in-hand", "take_alert", MarkTold)
def take(request: HttpRequest, wearer: Reference, number: Number, body: Marked) -> Any:
    """Take it in hand."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.take_alert(**who(request), on=on))


@PART.acts(f"{ONE}/note", "note_alert", MarkTold)
def note(request: HttpRequest, wearer: Reference, number: Number, body: Noted) -> Any:
    """Add a note."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.note_alert(**who(request), on=on, words=body.words))


@PART.acts(f"{ONE}/contact", "contact_wearer", MarkTold)
def contact(request: HttpRequest, wearer: Reference, number: Number, body: Contacted) -> Any:
    """Record an attempt to reach the wearer."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(
        alert_acts.contact_wearer(**who(request), on=on, reached=body.reached, words=body.words)
    )


@PART.acts(f"{ONE}/hand-over", "hand_over_alert", MarkTold)
def hand_over(request: HttpRequest, wearer: Reference, number: Number, body: HandedOver) -> Any:
    """Put it into the hands of another account."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.hand_over_alert(**who(request), on=on, to=body.to, words=body.words))


@PART.acts(f"{ONE}/share", "share_alert", SharedTold)
def share(request: HttpRequest, wearer: Reference, number: Number, body: Shared) -> Any:
    """Share it, or escalate it: each is sent a notice, the words stay with the alert."""
    on = OnAlert(wearer, number, body.mark)
    done = alert_acts.share_alert(
        **who(request), on=on, shared_with=body.shared_with, words=body.words
    )
    return {**_marked(done), "unreached": list(done.unreached)}


@PART.acts(f"{ONE}/seen", "see_alert", MarkTold)
def seen(request: HttpRequest, wearer: Reference, number: Number, body: Seen) -> Any:
    """Say that you looked at evidence that changed."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(alert_acts.see_alert(**who(request), on=on, words=body.words))


@PART.acts(f"{ONE}/close", "close_alert", MarkTold)
def close(request: HttpRequest, wearer: Reference, number: Number, body: Closed) -> Any:
    """Close it with what it turned out to be."""
    on = OnAlert(wearer, number, body.mark)
    return _marked(
        alert_acts.close_alert(**who(request), on=on, outcome=body.outcome, words=body.words)
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


add_acts(PART, centre.ACTS)
