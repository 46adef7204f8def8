"""Approvals: what waits for a decision, what was taken in an emergency, who may see the limited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.access_facts import Area
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import PURPOSE_HELP, Purpose
from tipstaff.records.permits import PermitAsked, PermitLine
from tipstaff.services import grants, permits
from tipstaff.services.access import Who
from tipstaff.services.permits import Wanted
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling, may
from tipstaff.web.listings import Cell, Line, Listing, Offer, to_person
from tipstaff.web.times import maybe, uk_time

_DAYS: Final = 7


def _waiting(request: HttpRequest) -> list[Line]:
    return waiting_lines(permits.list_permits(**calling(request, "list_permits")))


def waiting_lines(found: Iterable[PermitLine]) -> list[Line]:
    """Approvals asked for, as rows of a list."""
    return [_line(one, "decide-permit", "Approve or refuse") for one in found]


def _emergencies(request: HttpRequest) -> list[Line]:
    found = permits.list_permits(**calling(request, "list_permits"), emergencies=True)
    return [_line(one, "review-emergency", "Say whether it was justified") for one in found]


def _line(one: PermitLine, act: str, words: str) -> Line:
    asked = one.asked
    return Line(
        (
            one.user,
            Cell(_what(asked), PURPOSE_HELP[asked.purpose]),
            _whom(asked),
            Cell(uk_time(asked.period.start), f"to {uk_time(asked.period.end)}", number=True),
            asked.reason,
            Cell(uk_time(one.asked_at), number=True),
        ),
        (Offer(act, words, {"permit": str(one.ref)}),),
    )


def _what(asked: PermitAsked) -> str:
    row = ROWS.get(asked.use_case)
    words = asked.use_case if row is None else row.words
    return words[:1].upper() + words[1:]


def _whom(asked: PermitAsked) -> Cell:
    if asked.name:
        return to_person(asked.name)
    if asked.area is None:
        return Cell("Everybody")
    area = asked.area
    return Cell(f"Within {area.radius_m:.0f} m", f"{area.latitude:.4f}, {area.longitude:.4f}")


def _grants(request: HttpRequest) -> list[Line]:
    found = grants.list_grants(**calling(request, "list_grants"))
    return [
        Line(
            (
                one.user,
                "Every record of limited access" if one.every else to_person(one.wearer),
                one.reason,
                Cell(uk_time(one.starts_at), number=True),
                Cell(maybe(one.ended_at or one.ends_at, "No end is set"), number=True),
            ),
            () if one.ended_at else (Offer("revoke-grant", "Revoke", {"grant": str(one.ref)}),),
        )
        for one in found
    ]


LISTINGS: Final = (
    Listing("approvals", "list_permits", "Approvals waiting for you",
            ("Who asks", "For what", "About whom", "Of which time", "Why", "Asked"), _waiting,
            "No approval waits for you.", "Nobody decides on what they asked for themselves.",
            (Offer("ask-approval", "Ask for an approval yourself"),)),
    Listing("emergencies", "list_permits", "Taken in an emergency, to be reviewed",
            ("Who", "For what", "About whom", "Of which time", "Why", "Taken"), _emergencies,
            "Nothing was taken in an emergency that waits for a review."),
    Listing("grants", "list_grants", "Grants for limited access",
            ("Account", "For", "Why", "From", "To"), _grants, "There is no grant.",
            "Who may see records of limited access, and by whose reason.",
            (Offer("grant", "Grant access"),)),
)  # fmt: skip


def _decide(who: Who, given: Given) -> Done:
    done = permits.decide_permit(
        **who, permit=given.key("permit"), approve=given.text("approve") == "yes",
        reason=given.text("reason"),
    )  # fmt: skip
    return Done(done.problems)


def _review(who: Who, given: Given) -> Done:
    done = permits.review_break_glass(
        **who, permit=given.key("permit"), justified=given.text("approve") == "yes",
        reason=given.text("reason"),
    )  # fmt: skip
    return Done(done.problems)


def _ask(who: Who, given: Given) -> Done:
    wanted = _wanted(given)
    asked = Who(
        actor=who["actor"],
        purpose=given.the(Purpose, "purpose"),
        authority=given.text("authority"),
    )
    if given.text("emergency") == "yes":
        return Done(
            permits.break_glass(**asked, wanted=wanted, reason=given.text("reason")).problems
        )
    lasts = timedelta(days=given.number("days") or _DAYS)
    done = permits.ask_permit(**asked, wanted=wanted, reason=given.text("reason"), lasts=lasts)
    return Done(done.problems)


def _wanted(given: Given) -> Wanted:
    now = timezone.now()
    start, end = given.moment("from") or now, given.moment("to") or now
    area = None
    if given.text("radius"):
        try:
            area = Area(*(float(given.text(n)) for n in ("latitude", "longitude", "radius")))
        except ValueError:
            area = None
    period = Period(start, end) if start < end else Period(now - timedelta(days=1), now)
    return Wanted(given.text("use_case"), period, given.text("wearer") or None, area)


def _grant(who: Who, given: Given) -> Done:
    under = Who(actor=who["actor"], purpose=who["purpose"], authority=given.text("authority"))
    done = grants.grant_access(
        **under, username=given.text("username"), wearer=given.text("wearer") or None,
        reason=given.text("reason"), ends_at=given.moment("ends_at"),
    )  # fmt: skip
    return Done(done.problems)


def _revoke(who: Who, given: Given) -> Done:
    done = grants.revoke_access(**who, grant=given.key("grant"), reason=given.text("reason"))
    return Done(done.problems)


def _decisions(_request: HttpRequest) -> Sequence[tuple[str, str]]:
    return (("yes", "Yes"), ("no", "No"))


def _needing(request: HttpRequest) -> Sequence[tuple[str, str]]:
    """Use cases that may need an approval, of those that the role has."""
    return [
        (name, row.words[:1].upper() + row.words[1:])
        for name, row in sorted(ROWS.items())
        if row.approval is not None and may(request, name)
    ]


_purposes: Final = words_of(Purpose)
ACTS: Final = (
    Act("decide-permit", "decide_permit", "Approve or refuse", "Record the decision", _decide,
        "The decision was recorded.", "listing",
        (
            Field("permit", kind=Kind.HIDDEN),
            Field("approve", "Do you approve it?", Kind.CHOICE, options=_decisions),
            Field("reason", "Why", Kind.WORDS, needed=False, hint="A refusal has to say why"),
        ), back_values=lambda _given: {"name": "approvals"}),
    Act("review-emergency", "review_break_glass", "Review what was taken in an emergency",
        "Record the review", _review, "The review was recorded.", "listing",
        (
            Field("permit", kind=Kind.HIDDEN),
            Field("approve", "Was it justified?", Kind.CHOICE, options=_decisions),
            Field("reason", "Why", Kind.WORDS),
        ), back_values=lambda _given: {"name": "emergencies"}),
    Act("ask-approval", "ask_permit", "Ask for an approval", "Ask", _ask,
        "It was asked for. Somebody else decides it.", "home",
        (
            Field("use_case", "What for", Kind.CHOICE, options=_needing),
            Field("purpose", "Why you need it", Kind.CHOICE, options=_purposes),
            Field("authority", "Authority", needed=False, hint="A warrant, request or case number"),
            Field("wearer", "About which person", needed=False, hint="Their reference"),
            Field("latitude", "Or about a place: latitude", needed=False),
            Field("longitude", "Longitude", needed=False),
            Field("radius", "Within how many metres", Kind.NUMBER, needed=False),
            Field("from", "Of the time from", Kind.MOMENT),
            Field("to", "To", Kind.MOMENT),
            Field("days", "For how many days it is to hold", Kind.NUMBER, needed=False),
            Field("emergency", "Is it an emergency?", Kind.CHOICE, needed=False,
                  options=_decisions, hint="Then you have it at once for an hour, and a supervisor "
                  "reviews afterwards whether it was justified"),
            Field("reason", "Reason", Kind.WORDS),
        )),
    Act("grant", "grant_access", "Grant access to records of limited access", "Grant it", _grant,
        "The grant was recorded.", "listing",
        (
            Field("username", "Account"),
            Field("wearer", "For which person", needed=False,
                  hint="Their reference; none: for every record of limited access"),
            Field("ends_at", "Until", Kind.MOMENT, needed=False),
            Field("authority", "Authority", hint="The decision under which they are cleared"),
            Field("reason", "Why", Kind.WORDS),
        ), back_values=lambda _given: {"name": "grants"}),
    Act("revoke-grant", "revoke_access", "Revoke a grant", "Revoke it", _revoke,
        "The grant was revoked.", "listing",
        (Field("grant", kind=Kind.HIDDEN), Field("reason", "Why", Kind.WORDS)),
        back_values=lambda _given: {"name": "grants"}),
)  # fmt: skip
