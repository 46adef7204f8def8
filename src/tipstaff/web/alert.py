"""One alert: its evidence at each revision, what was done, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tipstaff.domain.alerts import OWN_OUTCOMES, SHARED_WITH, AlertCode, AlertOutcome, Reached
from tipstaff.domain.findings import WHY_WORDS, Level
from tipstaff.domain.problems import Problem
from tipstaff.domain.transitions import ALERT, Act
from tipstaff.monitoring.visits import END_WORDS
from tipstaff.services import alert_acts
from tipstaff.services.access import Who
from tipstaff.services.alert_acts import Acted, OnAlert
from tipstaff.services.alert_lists import AlertView, show_alert
from tipstaff.web import words
from tipstaff.web.alerts import precision_of
from tipstaff.web.callers import calling, may
from tipstaff.web.desks import ACTS
from tipstaff.web.help.texts import calls
from tipstaff.web.listings import Offer
from tipstaff.web.said import Tone, say
from tipstaff.web.times import uk_time

#: What each act is called in the table of use cases.
_USE_CASE: Final = {
    Act.ACKNOWLEDGE: "acknowledge_alert",
    Act.TAKE_IN_HAND: "take_alert",
    Act.NOTE: "note_alert",
    Act.SHARE: "share_alert",
    Act.CONTACT: "contact_wearer",
    Act.HAND_OVER: "hand_over_alert",
    Act.SEEN: "see_alert",
    Act.CLOSE: "close_alert",
}
_DONE: Final = {
    Act.ACKNOWLEDGE: "You acknowledged the alert.",
    Act.TAKE_IN_HAND: "The alert is in your hands.",
    Act.NOTE: "Your note was added.",
    Act.SHARE: "The alert was shared.",
    Act.CONTACT: "The attempt to reach the wearer was recorded.",
    Act.HAND_OVER: "The alert was handed over.",
    Act.SEEN: "It is on record that you looked at what changed.",
    Act.CLOSE: "The alert was closed.",
}

#: Fields beside which it can be said what is wrong with them.
_FIELDS: Final = frozenset({"words", "reached", "shared_with", "outcome", "to"})
_STALE: Final = (
    "Nothing was done: somebody acted, or the evidence moved, while you looked. This is how it "
    "stands now; what you wrote is still there."
)


@require_GET
def alert(request: HttpRequest, wearer: str, number: int) -> HttpResponse:
    """The page of one alert; 404 for one that is not to be seen."""
    return _page(request, _found(request, wearer, number))


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, wearer: str, number: int, what: str) -> HttpResponse:
    """Do one thing to an alert; where it cannot be done, say why, and keep what was written.

    The page of a refused form that is loaded anew is the alert's.
    """
    doing = next((one for one in _USE_CASE if one.value == what), None)
    if doing is None:
        raise Http404
    address = reverse("alert", kwargs={"wearer": wearer, "number": number})
    if request.method == "GET":
        return HttpResponseRedirect(address)
    on = OnAlert(wearer, number, request.POST.get("mark", ""))
    done = _DOES[doing](calling(request, _USE_CASE[doing]), on, request)
    if done.since is None and not done.problems:
        _tell(request, doing, done)
        return HttpResponseRedirect(address)
    refused = _Refused(doing.value, request.POST, done.since is not None, done.problems)
    return _page(request, _found(request, wearer, number), refused)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A form that was refused: which, what was written in it, and what is wrong.

    `stale`: somebody acted, or the evidence moved, while whoever wrote it looked.
    """

    what: str
    given: QueryDict
    stale: bool
    problems: tuple[Problem, ...]

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field; that of none of its fields stands under `alert`."""
        if self.stale:
            return {"alert": _STALE}
        said = {p.where: f"Nothing was done: {p.action}." for p in self.problems}
        return {name if name in _FIELDS else "alert": words for name, words in said.items()}


def _page(request: HttpRequest, found: AlertView, refused: _Refused | None = None) -> HttpResponse:
    shown: dict[str, Any] = {
        "view": found,
        "open_to": _open_to(request, found),
        "outcomes": [(o.value, words.OUTCOME[o]) for o in AlertOutcome if o not in OWN_OUTCOMES],
        "reached": [(one.value, words.REACHED[one]) for one in Reached],
        "shared_with": SHARED_WITH,
        "words": words,
        "whys": WHY_WORDS,
        "offers": _offers(request, found),
        "cautions": _cautions(request, found),
        "call": calls(found.alert.kind),
        "here": reverse("alert", kwargs={"wearer": found.wearer, "number": found.alert.number}),
        "ends": END_WORDS,
        "now": timezone.now(),
        "live": "alerts",
        "refused": refused,
        "problems": refused.wrong if refused else {},
    }
    status = HTTPStatus.OK
    if refused is not None:
        status = HTTPStatus.CONFLICT if refused.stale else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "alert.html.jinja", shown, status=status)


def _found(request: HttpRequest, wearer: str, number: int) -> AlertView:
    who = calling(request, "show_alert")
    found = show_alert(**who, wearer=wearer, number=number)
    if found is None:
        raise Http404
    return found


def _cautions(request: HttpRequest, view: AlertView) -> list[str]:
    """How far the evidence goes, for whoever is about to act on it."""
    said = []
    if view.alert.told.level is Level.SUSPECTED:
        said.append(
            "Suspected only: a single position, or the line between two, can do that. Ask; do not "
            "tell the wearer that they broke a condition."
        )
    share = precision_of(request).get(view.alert.kind.value)
    if share is not None and share.genuine is not None:
        percent = round(share.genuine.value * 100)
        said.append(
            f"Of {share.decided} of this kind decided in the last 30 days, {percent}% were genuine."
        )
    return said


def _offers(request: HttpRequest, view: AlertView) -> list[Offer]:
    """What may be asked of the device that the wearer wears."""
    values = {"wearer": view.wearer, "alert": str(view.alert.number)}
    found = [
        Offer("ask-position", "Ask the device where it is now", values),
        Offer("message-device", "Send a message to the device", values),
    ]
    for one in view.requests:
        asked = {**values, "request": str(one.ref)}
        words = f"Say what became of the request of {uk_time(one.at)}"
        found.append(Offer("request-step", words, asked))
    return [one for one in found if may(request, ACTS[one.act].use_case)]


def _open_to(request: HttpRequest, view: AlertView) -> set[str]:
    """What may be done to it now, by the one who looks."""
    now = {row.cause for row in ALERT.rows if row.state == view.alert.state}
    open_to = {act.value for act in _USE_CASE if act in now and may(request, _USE_CASE[act])}
    if view.alert.changed <= view.alert.seen:
        open_to.discard(Act.SEEN.value)
    return open_to


def _tell(request: HttpRequest, doing: Act, done: Acted) -> None:
    say(request, _DONE[doing])
    for one in done.unreached:
        say(request, f"Nobody is on record as {words.part(one)}, so no notice can go out. What "
            "you wrote is kept: tell them yourself.", Tone.PROBLEM)  # fmt: skip


def _written(request: HttpRequest) -> str:
    return request.POST.get("words", "").strip()


def _contacted(who: Who, on: OnAlert, request: HttpRequest) -> Acted:
    reached = next((one for one in Reached if one.value == request.POST.get("reached")), None)
    return alert_acts.contact_wearer(
        **who, on=on, reached=reached or Reached.NOT_POSSIBLE, words=_written(request)
    )


def _shared(who: Who, on: OnAlert, request: HttpRequest) -> Acted:
    named = request.POST.getlist("shared_with")
    whom = [one for one in SHARED_WITH if one.value in named]
    if not whom:
        return Acted(problems=(_NOBODY,))
    return alert_acts.share_alert(**who, on=on, shared_with=whom, words=_written(request))


def _closed(who: Who, on: OnAlert, request: HttpRequest) -> Acted:
    outcome = next((o for o in AlertOutcome if o.value == request.POST.get("outcome")), None)
    if outcome is None:
        return Acted(problems=(_NO_OUTCOME,))
    return alert_acts.close_alert(**who, on=on, outcome=outcome, words=_written(request))


_NO_OUTCOME: Final = Problem(AlertCode.NO_OUTCOME, "outcome", "say what it turned out to be")
_NOBODY: Final = Problem(AlertCode.NOBODY, "shared_with", "say with whom to share it")
_DOES: Final[dict[Act, Callable[[Who, OnAlert, HttpRequest], Acted]]] = {
    Act.ACKNOWLEDGE: lambda who, on, _: alert_acts.acknowledge_alert(**who, on=on),
    Act.TAKE_IN_HAND: lambda who, on, _: alert_acts.take_alert(**who, on=on),
    Act.NOTE: lambda who, on, asked: alert_acts.note_alert(**who, on=on, words=_written(asked)),
    Act.SHARE: _shared,
    Act.CONTACT: _contacted,
    Act.HAND_OVER: lambda who, on, asked: alert_acts.hand_over_alert(
        **who, on=on, to=asked.POST.get("to", "").strip(), words=_written(asked)
    ),
    Act.SEEN: lambda who, on, asked: alert_acts.see_alert(**who, on=on, words=_written(asked)),
    Act.CLOSE: _closed,
}
