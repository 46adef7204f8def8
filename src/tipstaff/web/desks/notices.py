"""Notices: what was told to whom, what did not get through, and where everybody is told."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.domain.deliveries import AttemptCode, NoticeState
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.records.notice_lists import NoticeLine
from tipstaff.services import notices
from tipstaff.services.access import Who
from tipstaff.services.notices import Wanted
from tipstaff.web import words
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import Cell, Filter, Line, Listing, Offer, Some, cut
from tipstaff.web.state_words import said, said_of, step_words
from tipstaff.web.times import day_words, maybe, uk_time

_TAG: Final = {NoticeState.DEAD: "red", NoticeState.QUEUED: "yellow"}
#: The list has no pages: what is older is found by the alert that it is about.
_MOST: Final = 500


def _notices(request: HttpRequest) -> Some:
    dead = request.GET.get("dead") == "yes"
    found = notices.list_notices(**calling(request, "list_notices"), dead=dead, most=_MOST)
    return cut([_line(one) for one in found], _MOST)


def _line(one: NoticeLine) -> Line:
    proof = None if one.last is None else (one.last.reference or one.last.words)
    return Line(
        (
            _about(one),
            step_words(one.step),
            Cell(said(one.recipient), said(one.means)),
            words.SEVERITY[one.severity],
            Cell(uk_time(one.queued_at), number=True),
            Cell(said(one.state), tag=_TAG.get(one.state, "")),
            proof or said_of(AttemptCode, one.reason, ""),
        ),
        (Offer("retry-notice", "Send it again", {"notice": str(one.ref)}),)
        if one.state is NoticeState.DEAD
        else (),
    )


def _about(one: NoticeLine) -> Cell:
    if one.day is not None:
        files = f"Crime files of {day_words(one.day)}"
        return Cell(files, href=reverse("crimes"), needs="list_batches")
    if one.run is not None:
        answers = reverse("matched_run", kwargs={"run": one.run})
        return Cell("Answers of a match", href=answers, needs="read_run")
    if not one.wearer:
        return Cell("Somebody of limited access")
    where = reverse("alert", kwargs={"wearer": one.wearer, "number": one.alert})
    return Cell(f"{one.wearer}/{one.alert}", href=where, needs="show_alert")


def _contacts(request: HttpRequest) -> list[Line]:
    found = notices.list_notice_contacts(**calling(request, "list_notice_contacts"))
    return [
        Line(
            (
                said(one.contact.recipient),
                one.contact.force or "Every force",
                Cell(one.contact.address, said(one.contact.means)),
                Cell(uk_time(one.contact.starts_at), number=True),
                Cell(maybe(one.ended_at or one.contact.ends_at, "No end is set"), number=True),
            ),
            ()
            if one.ended_at
            else (
                Offer("try-contact", "Send a test", {"contact": str(one.ref)}),
                Offer("end-contact", "End it", {"contact": str(one.ref)}),
            ),
        )
        for one in found
    ]


LISTINGS: Final = (
    Listing("notices", "list_notices", "Notices",
            ("About", "Step", "To whom", "Severity", "Queued", "Where it stands", "Proof"),
            _notices, "There is no such notice.",
            "What was told to whom, and whether it got there.",
            filters=(Filter("dead", "Show", (("yes", "Those that did not get through"),), "All"),)),
    Listing("contacts", "list_notice_contacts", "Where people are told",
            ("Who", "For", "Where", "From", "To"), _contacts,
            "No contact is on record: notices come back dead.", "",
            (Offer("add-contact", "Add a contact"),)),
)  # fmt: skip


def _retry(who: Who, given: Given) -> Done:
    done = notices.retry_notice(**who, notice=given.key("notice"), reason=given.text("reason"))
    return Done(done.problems)


def _add(who: Who, given: Given) -> Done:
    recipient, means = given.the(Recipient, "recipient"), given.the(Means, "means")
    wanted = Wanted(
        recipient, means, given.text("address"), given.text("force") or None,
        given.moment("starts_at"), given.moment("ends_at"),
    )  # fmt: skip
    done = notices.add_notice_contact(**who, wanted=wanted, reason=given.text("reason"))
    return Done(done.problems)


def _try(who: Who, given: Given) -> Done:
    return Done(notices.try_notice_contact(**who, contact=given.key("contact")).problems)


def _end(who: Who, given: Given) -> Done:
    done = notices.end_notice_contact(
        **who, contact=given.key("contact"), reason=given.text("reason")
    )
    return Done(done.problems)


_CONTACT: Final = Field("contact", kind=Kind.HIDDEN)
ACTS: Final = (
    Act("retry-notice", "retry_notice", "Send a notice again", "Send it again", _retry,
        "The notice is queued again.", "listing",
        (Field("notice", kind=Kind.HIDDEN), Field("reason", "Why", Kind.WORDS)),
        back_values=lambda _given: {"name": "notices"}),
    Act("add-contact", "add_notice_contact", "Add a contact", "Add it", _add,
        "The contact was added. Send it a test.", "listing",
        (
            Field("recipient", "Who", Kind.CHOICE, options=words_of(Recipient)),
            Field("means", "How", Kind.CHOICE, options=words_of(Means)),
            Field("address", "Where", hint="An email address, a telephone number, an address"),
            Field("force", "For wearers of which force", needed=False, hint="None: of every force"),
            Field("starts_at", "From", Kind.MOMENT, needed=False),
            Field("ends_at", "To", Kind.MOMENT, needed=False),
            Field("reason", "Why", Kind.WORDS, needed=False),
        ), back_values=lambda _given: {"name": "contacts"}),
    Act("try-contact", "try_notice_contact", "Send a test to a contact", "Send a test", _try,
        "The test was sent.", "listing", (_CONTACT,),
        back_values=lambda _given: {"name": "contacts"}),
    Act("end-contact", "end_notice_contact", "End a contact", "End it", _end,
        "The contact was ended.", "listing", (_CONTACT, Field("reason", "Why", Kind.WORDS)),
        back_values=lambda _given: {"name": "contacts"}),
)  # fmt: skip
