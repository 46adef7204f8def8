"""Legal holds, placed and lifted, and erasing what is due before the worker does so by night."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.problems import Problem
from tipstaff.domain.retention_codes import ACTIONS, RetentionCode
from tipstaff.records.alert_pages import names_of
from tipstaff.records.holds import HoldFact
from tipstaff.services import holds, retention
from tipstaff.services.access import Who
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.callers import calling
from tipstaff.web.listings import Cell, Line, Listing, Offer
from tipstaff.web.times import maybe, uk_time


def _holds(request: HttpRequest) -> list[Line]:
    found = holds.list_holds(**calling(request, "list_holds"))
    by = {one.placed_by for one in found} | {one.released_by for one in found if one.released_by}
    names = names_of(str(ref) for ref in by)
    return [_line(one, names) for one in found]


def _line(one: HoldFact, names: dict[str, str]) -> Line:
    lifted = ""
    if one.released_at is not None:
        who = names.get(str(one.released_by), "Somebody")
        lifted = f"{who}, {uk_time(one.released_at)}: {one.release_reason}"
    who_looked = reverse("person_looked", kwargs={"wearer": one.reference})
    offer = Offer("release-hold", "Lift it", {"hold": str(one.hold_id)})
    return Line(
        (
            Cell(one.reference, href=who_looked, needs="looked_at"),
            _stands(one),
            Cell(uk_time(one.start), number=True),
            Cell(maybe(one.end, "Until it is lifted"), number=True),
            Cell(one.reason, one.authority),
            Cell(names.get(str(one.placed_by), "Somebody"), uk_time(one.placed_at)),
            lifted,
        ),
        () if one.released_at else (offer,),
    )


def _stands(one: HoldFact) -> Cell:
    now = timezone.now()
    if one.released_at is not None:
        return Cell("Lifted")
    if one.end is not None and one.end <= now:
        return Cell("Over")
    return Cell("In force", tag="yellow") if one.start <= now else Cell("To come")


LISTINGS: Final = (
    Listing("holds", "list_holds", "Legal holds",
            ("Person", "Where it stands", "From", "To", "Why", "Placed by", "Lifted by"), _holds,
            "No legal hold is on record of anybody whom you may see.",
            "While one is in force nothing of its person is erased.",
            (Offer("hold", "Place a hold"),)),
)  # fmt: skip


def _under(who: Who, given: Given) -> Who:
    return Who(actor=who["actor"], purpose=who["purpose"], authority=given.text("authority"))


def _hold(who: Who, given: Given) -> Done:
    done = holds.hold(
        **_under(who, given), wearer=given.text("wearer"), reason=given.text("reason"),
        start=given.moment("start"), end=given.moment("end"),
    )  # fmt: skip
    return Done(done.problems)


def _release(who: Who, given: Given) -> Done:
    done = holds.release_hold(
        **_under(who, given), hold_id=given.key("hold"), reason=given.text("reason")
    )
    return Done(done.problems)


def _run(who: Who, _given: Given) -> Done:
    try:
        done = retention.run_retention(**who)
    except retention.BUSY:
        return Done((Problem(RetentionCode.BUSY, "", ACTIONS[RetentionCode.BUSY]),))
    swept = sum(done.swept.values())
    return Done(
        words=f"Erased: {done.whole} people whole, {done.parts} in part; {swept} rows of "
        f"quarantine; {done.disclosures} disclosures whose time ended."
    )


_AUTHORITY: Final = Field("authority", "Authority", hint="The reference of who ordered it")
ACTS: Final = (
    Act("hold", "hold", "Place a legal hold", "Place the hold", _hold,
        "The hold was placed: nothing of this person is erased while it is in force.", "listing",
        (
            Field("wearer", "Whose data", hint="Their reference, as W000001"),
            Field("start", "From", Kind.MOMENT, needed=False, hint="Nothing: from now"),
            Field("end", "To", Kind.MOMENT, needed=False, hint="Nothing: until it is lifted"),
            _AUTHORITY,
            Field("reason", "Why", hint="On one line; it is recorded"),
        ), back_values=lambda _given: {"name": "holds"}),
    Act("release-hold", "release_hold", "Lift a legal hold", "Lift the hold", _release,
        "The hold was lifted: what it held goes by its own day again.", "listing",
        (
            Field("hold", kind=Kind.HIDDEN),
            _AUTHORITY,
            Field("reason", "Why", hint="On one line; it is recorded"),
        ), "What is past its day goes with the next run, and cannot be had back.",
        back_values=lambda _given: {"name": "holds"}),
    Act("run-retention", "run_retention", "Erase what is due", "Erase what is due now", _run,
        "", "listing",
        warning="What is due is erased everywhere and cannot be had back. The worker does this "
        "each night. Look at the list of what is due first; it may take minutes.",
        back_values=lambda _given: {"name": "retention"}),
)  # fmt: skip
