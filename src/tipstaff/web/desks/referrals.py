"""Referrals: people for whom a tag is asked for, and who are suitable for one or not."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.domain.consent_texts import Language
from tipstaff.domain.legal_bases import BASIS_WORDS
from tipstaff.domain.orders import NOT_YET_MADE, OrderStatus
from tipstaff.domain.problems import Problem
from tipstaff.domain.wearers import Address, Name, Wearer
from tipstaff.formats.wearer_json import WEARER
from tipstaff.records.case_lists import OrderLine
from tipstaff.services.access import Who
from tipstaff.services.case_view import list_orders, show_case
from tipstaff.services.cases import record_wearer
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import (
    A_PAGE,
    Cell,
    Filter,
    Line,
    Listing,
    Offer,
    Some,
    by_key,
    to_person,
)  # fmt: skip
from tipstaff.web.paging import after_parts
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.state_words import said
from tipstaff.web.times import uk_time
from tipstaff.web.written import WrittenCode, unkept

_NAME: Final = "referrals"
_STATES: Final = tuple(one for one in OrderStatus if one in NOT_YET_MADE)


def _referrals(request: HttpRequest) -> Some:
    wanted = request.GET.get("state", "")
    status = next((one for one in _STATES if one.value == wanted), OrderStatus.REFERRED)
    after: Any = after_parts(request, str, UUID)
    who = calling(request, "list_orders")
    found = list_orders(**who, status=status, after=after, limit=A_PAGE)
    key = attrgetter("reference", "subject")
    return by_key(request, [_line(one) for one in found], found, key)


def _line(one: OrderLine) -> Line:
    basis = BASIS_WORDS[one.basis]
    return Line(
        (
            to_person(one.wearer),
            Cell(f"{basis[:1].upper()}{basis[1:]}", one.reference),
            Cell(one.officer.name, one.officer.organisation),
            one.force,
            Cell(uk_time(one.starts_at), number=True),
            Cell(said(one.status), tag="yellow" if one.status in _WAITS else "grey"),
            Cell("Decide", href=_decide(one), needs="record_order", names=one.wearer),
        )
    )


#: What waits for somebody to decide.
_WAITS: Final = frozenset({OrderStatus.REFERRED, OrderStatus.SUITABLE})


def _decide(one: OrderLine) -> str:
    offer = PersonOffer("decide-order", "Decide", one.wearer, one.reference)
    return offer.address(reverse("listing", kwargs={"name": _NAME}))


LISTINGS: Final = (
    Listing(
        _NAME, "list_orders", "Referrals",
        ("Person", "For", "Referred by", "Force", "From when", "Where it stands", "Decision"),
        _referrals, "There is no such referral.",
        "People for whom a tag is asked for. Nothing is collected of them until the order is made. "
        "Somebody on record is referred on their own page.",
        acts=(Offer("new-person", "Record a new person"),),
        filters=(
            Filter("state", "Where it stands",
                   tuple((s.value, said(s)) for s in _STATES[1:]), "Referred"),
        ),
    ),
)  # fmt: skip


def _new_person(who: Who, given: Given) -> Done:
    reference = given.text("wearer")
    known = show_case(**who, wearer=reference)
    if known is not None and known.wearer is not None:
        action = "take another reference: this one stands for somebody on record"
        return Done((Problem(WrittenCode.NOT_AS_WRITTEN, "reference", action),))
    lines = tuple(one.strip() for one in given.text("address").splitlines() if one.strip())
    home = (Address("home", lines, given.text("postcode")),) if lines else ()
    person = Wearer(
        reference, (Name(given.text("given"), given.text("family")),), given.day("born_on"),
        addresses=home, language=given.text("language"),
    )  # fmt: skip
    return Done(unkept(WEARER, person) or record_wearer(**who, wearer=person).problems)


def _to_them(given: Given) -> dict[str, str]:
    return {"wearer": given.text("wearer")}


ACTS: Final = (
    Act("new-person", "record_wearer", "Record a new person", "Record them", _new_person,
        "The person is on record. Refer them on this page.", "person",
        (
            Field("wearer", "Reference", hint="By which devices and orders name them",
                  where="reference"),
            Field("given", "Given name", where="names[0].given"),
            Field("family", "Family name", where="names[0].family"),
            Field("born_on", "Born", Kind.DAY, needed=False,
                  hint="Until it is known they may be a child, and are treated as one"),
            Field("language", "Language", Kind.ONE, options=words_of(Language)),
            Field("address", "Home address", Kind.WORDS, needed=False, where="addresses"),
            Field("postcode", "Postcode", needed=False),
        ), back_values=_to_them),
)  # fmt: skip
