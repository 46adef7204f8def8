"""Suppliers: their keys, their devices, and what could not be read of their messages."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.domain.devices import DeviceState
from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.positions.inbox_again import UnreadWanted
from tipstaff.positions.inbox_reading import UnreadRow
from tipstaff.records.device_lists import DeviceLine
from tipstaff.services import device_view, supplier_keys, unread_again, unread_messages
from tipstaff.services.access import Who
from tipstaff.services.device_view import DevicesWanted
from tipstaff.services.supplier_keys import IssuedKey, WantedKey
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import A_PAGE, Cell, Filter, Line, Listing, Offer, Some, by_key
from tipstaff.web.paging import after_parts, whole
from tipstaff.web.state_words import said
from tipstaff.web.times import day_words, uk_time
from tipstaff.web.unread_words import feed_words, why

_LIFE_DAYS: Final = 365


def _keys(request: HttpRequest) -> list[Line]:
    found = supplier_keys.list_keys(**calling(request, "list_keys"))
    return [
        Line(
            (
                Cell(one.supplier, one.label),
                one.key_id,
                ", ".join(sorted(said(scope) for scope in one.scopes)),
                Cell(uk_time(one.issued_at), number=True),
                Cell(uk_time(one.expires_at), number=True),
                "Never" if one.last_used_on is None else day_words(one.last_used_on),
                Cell("Revoked", tag="grey") if one.revoked_at else Cell("In force"),
            ),
            ()
            if one.revoked_at
            else (
                Offer("rotate-key", "Change it", {"key_id": one.key_id}),
                Offer("revoke-key", "Revoke it", {"key_id": one.key_id}),
            ),
        )
        for one in found
    ]


def _devices(request: HttpRequest) -> Some:
    state = next((s for s in DeviceState if s.value == request.GET.get("state")), None)
    wanted = DevicesWanted(state=state, after=after_parts(request, str, UUID), limit=A_PAGE)
    found = device_view.list_devices(**calling(request, "list_devices"), wanted=wanted)
    return by_key(request, [_device(one) for one in found], found, attrgetter("device_id", "row"))


def _device(one: DeviceLine) -> Line:
    told = one.description
    return Line(
        (
            Cell(one.device_id, one.supplier),
            "" if told is None else told.model,
            "Not said" if told is None else said(told.kind),
            "Not said" if one.state is None else said(one.state),
        )
    )


def _unread(request: HttpRequest) -> Some:
    supplier, feed, reason = (request.GET.get(name, "") for name in ("supplier", "feed", "reason"))
    (after,) = after_parts(request, whole) or (0,)
    wanted = UnreadWanted(supplier, feed, reason, after=after)
    found = unread_messages.list_unread(
        **calling(request, "list_unread"), wanted=wanted, most=A_PAGE
    )
    lines = [_message(one) for one in found]
    return by_key(request, lines, found, lambda one: (one.number,))


def _message(one: UnreadRow) -> Line:
    return Line(
        (
            Cell(f"Message {one.number}", needs="show_unread",
                 href=reverse("quarantined", kwargs={"number": one.number})),
            Cell(one.supplier, feed_words(one.feed)),
            Cell(uk_time(datetime.fromtimestamp(one.received_us / 1e6, UTC)), number=True),
            Cell(why(one.reason), one.field),
            Cell(f"{len(one.raw):,}", number=True),
        ),
        (Offer("replay-unread", "Read it again", {"number": str(one.number)}),),
    )  # fmt: skip


LISTINGS: Final = (
    Listing("keys", "list_keys", "Suppliers’ keys",
            ("Supplier", "Key", "May", "Issued", "Ends", "Used last", "State"), _keys,
            "No supplier has a key.", "With a key a supplier’s own system sends in messages.",
            (Offer("issue-key", "Issue a key"),)),
    Listing("devices", "list_devices", "Devices", ("Device", "Model", "Kind", "State"), _devices,
            "There is no such device.", "",
            filters=(Filter("state", "State",
                            tuple((s.value, said(s)) for s in DeviceState), "Any"),)),
    Listing("unread", "list_unread", "Messages that could not be read, one by one",
            ("Message", "Supplier", "Came", "Why", "Bytes"), _unread,
            "Every message of this kind could be read.",
            "What each says is shown on its own page, which asks why you look: it may tell of a "
            "person."),
)  # fmt: skip


def _issue(who: Who, given: Given) -> Done:
    scopes = frozenset(s for s in KeyScope if s.value in given.several("scopes"))
    wanted = WantedKey(
        given.text("supplier"), given.text("label"), scopes, given.number("days") or _LIFE_DAYS
    )
    return _shown(supplier_keys.issue_key(**who, wanted=wanted))


def _rotate(who: Who, given: Given) -> Done:
    days = given.number("overlap_days") or 0
    done = supplier_keys.rotate_key(**who, key_id=given.text("key_id"), overlap_days=days)
    return _shown(done)


def _shown(done: object) -> Done:
    if isinstance(done, IssuedKey):
        return Done((), f"Give it to {done.key.supplier} by a way that others cannot read.",
                    done.presented)  # fmt: skip
    return Done((done,))  # type: ignore[arg-type]


def _revoke(who: Who, given: Given) -> Done:
    wrong = supplier_keys.revoke_key(**who, key_id=given.text("key_id"))
    return Done(() if wrong is None else (wrong,))


def _read_again(who: Who, given: Given) -> Done:
    # what is no number names none of them, and not all
    number = (given.number("number") or -1) if given.text("number") else 0
    wanted = UnreadWanted(given.text("supplier"), given.text("feed"), given.text("reason"), number)
    done = unread_again.replay_unread(**who, wanted=wanted)
    told = [f"{done.read} of {done.looked} could be read now."]
    told += [(one if count == 1 else several).format(count) for count, one, several in (
        (done.messages, "{} message in them is taken in within seconds, while the intake runs.",
         "{} messages in them are taken in within seconds, while the intake runs."),
        (done.dropped, "{} may not be kept by law, and was counted.",
         "{} may not be kept by law, and were counted."),
        (done.still, "{} cannot be read still.", "{} cannot be read still."),
        (done.waiting, "{} is of a device that nobody is known to have: record who, then again.",
         "{} are of devices that nobody is known to have: record who, then again."),
        (done.never, "{} cannot be read again here: its sender has to send it again.",
         "{} cannot be read again here: their sender has to send them again."),
    ) if count]  # fmt: skip
    return Done((), " ".join(told))


def _which(given: Given) -> tuple[tuple[str, str], ...]:
    """Which messages the link means."""
    if given.text("number"):
        return (("Which", f"Message {given.text('number')}"),)
    said = (
        ("Supplier", given.text("supplier")),
        ("Feed", feed_words(given.text("feed"))),
        ("Why they could not be read", why(given.text("reason")) if given.text("reason") else ""),
    )
    narrowed = tuple((name, words) for name, words in said if words)
    return narrowed or (("Which", "All that could not be read"),)


_KEY: Final = Field("key_id", kind=Kind.HIDDEN)
ACTS: Final = (
    Act("issue-key", "issue_key", "Issue a key to a supplier", "Issue it", _issue, "The key",
        "listing",
        (
            Field("supplier", "Supplier"),
            Field("label", "What the key is for"),
            Field("scopes", "What it may do", Kind.SEVERAL,
                  options=words_of(KeyScope)),
            Field("days", "For how many days", Kind.NUMBER, needed=False,
                  hint="A year if not said"),
        ), back_values=lambda _given: {"name": "keys"}),
    Act("rotate-key", "rotate_key", "Change a supplier’s key", "Make a new one", _rotate,
        "The new key", "listing",
        (_KEY, Field("overlap_days", "The old one is good for so many days more", Kind.NUMBER)),
        back_values=lambda _given: {"name": "keys"}),
    Act("revoke-key", "revoke_key", "Revoke a supplier’s key", "Revoke it", _revoke,
        "The key was revoked.", "listing", (_KEY,),
        "From now on nothing that is sent with it is taken in.", lambda _given: {"name": "keys"}),
    Act("replay-unread", "replay_unread", "Read messages again that could not be read",
        "Read again", _read_again, "They were read again.", "quarantine",
        tuple(Field(name, hint=hint, kind=Kind.HIDDEN, needed=False) for name, hint in (
            ("supplier", "Of this supplier alone"), ("feed", "Of this feed alone"),
            ("reason", "Of this reason alone"), ("number", "This one alone"))),
        "What can be read now is taken in as of when it came; it may bring alerts, late. "
        "The rest stays as it is.", told=_which),
)  # fmt: skip
