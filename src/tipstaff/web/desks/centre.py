"""The monitoring centre: what is paused, what was asked of a device, and asking it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from tipstaff.domain.device_requests import RequestStep
from tipstaff.domain.findings import FindingKind
from tipstaff.services import alert_pauses, device_requests
from tipstaff.services.access import Who
from tipstaff.services.device_requests import Asked
from tipstaff.web import words
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import Cell, Line, Listing, Offer, to_person
from tipstaff.web.times import uk_time


def _pauses(request: HttpRequest) -> list[Line]:
    found = alert_pauses.list_pauses(**calling(request, "list_pauses"))
    return [
        Line(
            (
                to_person(one.wearer) if one.wearer else Cell("Everybody"),
                ", ".join(sorted(words.KIND[kind] for kind in one.pause.kinds)),
                one.pause.reason,
                Cell(uk_time(one.pause.start), number=True),
                Cell(uk_time(one.pause.end), number=True),
            ),
            (Offer("end-pause", "End it now", {"pause": str(one.ref)}),),
        )
        for one in found
    ]


LISTINGS: Final = (
    Listing("pauses", "list_pauses", "Pauses",
            ("About whom", "Kinds of alert", "Why", "From", "To"), _pauses,
            "Nothing is paused: everything is told.",
            "Nobody is told of these kinds of alert for a while. Zones of high harm, straps and "
            "cases are told all the same.", (Offer("pause", "Pause a kind of alert"),)),
)  # fmt: skip


def _pause(who: Who, given: Given) -> Done:
    end = given.the_moment("end")
    kinds = frozenset(one for one in FindingKind if one.value in given.several("kinds"))
    done = alert_pauses.pause_alerts(
        **who, kinds=kinds, end=end, reason=given.text("reason"),
        wearer=given.text("wearer") or None,
    )  # fmt: skip
    return Done(done.problems)


def _end_pause(who: Who, given: Given) -> Done:
    done = alert_pauses.end_pause(**who, pause=given.key("pause"), reason=given.text("reason"))
    return Done(done.problems)


def _position(who: Who, given: Given) -> Done:
    done = device_requests.ask_position(
        **who, wearer=given.text("wearer"), alert=given.number("alert")
    )
    return _asked(done, "where it is now")


def _message(who: Who, given: Given) -> Done:
    done = device_requests.message_device(
        **who, wearer=given.text("wearer"), words=given.text("words"), alert=given.number("alert")
    )
    return _asked(done, "to tell the wearer that")


def _asked(done: Asked, what: str) -> Done:
    ring = done.contact or "the number that you have of them"
    said = (
        f"It is on record. Ring {done.supplier} ({ring}) and ask device {done.device_id} {what}; "
        "then record what became of it."
    )
    return Done(done.problems, "" if done.problems else said)


def _step(who: Who, given: Given) -> Done:
    step = given.the(RequestStep, "step")
    return Done(
        device_requests.record_request_step(
            **who, request=given.key("request"), step=step, words=given.text("words")
        )
    )


def _to_alert(given: Given) -> dict[str, str]:
    return {"wearer": given.text("wearer"), "number": given.text("alert") or "1"}


_WEARER: Final = Field("wearer", kind=Kind.HIDDEN)
_ALERT: Final = Field("alert", kind=Kind.HIDDEN, needed=False)
ACTS: Final = (
    Act("pause", "pause_alerts", "Pause a kind of alert", "Pause it", _pause,
        "It is paused.", "listing",
        (
            Field("kinds", "Kinds of alert", Kind.SEVERAL,
                  options=words_of(FindingKind, words.KIND)),
            Field("wearer", "About one person alone", needed=False, hint="Their reference"),
            Field("end", "Until", Kind.MOMENT),
            Field("reason", "Why", Kind.WORDS),
        ), "Nobody will be told of these. What happens meanwhile is on record.",
        lambda _given: {"name": "pauses"}),
    Act("end-pause", "end_pause", "End a pause now", "End it", _end_pause,
        "The pause was ended: what goes on is told from now on.", "listing",
        (Field("pause", kind=Kind.HIDDEN), Field("reason", "Why", Kind.WORDS)),
        back_values=lambda _given: {"name": "pauses"}),
    Act("ask-position", "ask_position", "Ask the device where it is now", "Ask", _position,
        "It is on record.", "alert", (_WEARER, _ALERT), back_values=_to_alert),
    Act("message-device", "message_device", "Send a message to the device", "Ask for it", _message,
        "It is on record.", "alert",
        (_WEARER, _ALERT, Field("words", "What it is to say", Kind.WORDS)),
        back_values=_to_alert),
    Act("request-step", "record_request_step", "What became of the request", "Record it", _step,
        "It was recorded.", "alert",
        (
            _WEARER, _ALERT, Field("request", kind=Kind.HIDDEN),
            Field("step", "What became of it", Kind.CHOICE,
                  options=words_of(RequestStep)),
            Field("words", "In words", Kind.WORDS, needed=False),
        ), back_values=_to_alert),
)  # fmt: skip
