"""Oversight: the audit, each month's sample of looks, what is kept until when, what was erased."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.dip_sample import Outcome
from tipstaff.domain.looks import Look
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Phase, Purpose
from tipstaff.records.alert_pages import names_of
from tipstaff.records.chain import Entry
from tipstaff.services import audit, dip_samples, retention, retention_list
from tipstaff.services.access import Who
from tipstaff.services.dip_samples import QueuedLook
from tipstaff.services.retention_list import DueLine
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
    by_number,
)  # fmt: skip
from tipstaff.web.paging import after_parts, aware, numbered, page_asked
from tipstaff.web.state_words import role_words, said, said_of
from tipstaff.web.times import maybe, uk_time

#: A sample of so many months ago can be chosen.
_MONTHS: Final = 13


def _entries(request: HttpRequest) -> Some:
    after: Any = after_parts(request, aware, UUID)
    found = audit.list_audit(**calling(request, "list_audit"), limit=A_PAGE, after=after)
    names = names_of(str(one.actor_ref) for one in found if one.actor_ref)
    lines = [_entry(one, names) for one in found]
    return by_key(request, lines, found, attrgetter("at", "entry_id"))


def _entry(one: Entry, names: dict[str, str]) -> Line:
    who = names.get(str(one.actor_ref), "Somebody") if one.actor_ref else "The program"
    concerned = len(one.subject_refs)
    return Line(
        (
            Cell(uk_time(one.at), number=True),
            Cell(who, role_words(one.role)),
            Cell(_did(one.use_case), said_of(Phase, one.phase, one.phase)),
            Cell(said_of(Purpose, one.purpose, one.purpose), one.authority),
            Cell(f"{concerned} {'person' if concerned == 1 else 'people'}", number=True),
            Cell("" if one.rows is None else str(one.rows), number=True),
        )
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _did(use_case: str) -> str:
    row = ROWS.get(use_case)
    return "What the program no longer does" if row is None else _upper(row.words)


def last_month() -> str:
    """The month before this one, as its sample is named."""
    first = timezone.now().replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def _months() -> tuple[tuple[str, str], ...]:
    """Months that are over, the last first, as far back as a year before the last."""
    found, first = [], timezone.now().replace(day=1)
    for _month in range(_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append((f"{first:%Y-%m}", f"{first:%B %Y}"))
    return tuple(found[1:])


def _sample(request: HttpRequest) -> list[Line]:
    month = request.GET.get("month") or last_month()
    found = dip_samples.sample_month(**calling(request, "sample_month"), month=month)
    if isinstance(found, Problem):
        return []
    refs = (one.look.actor_ref for one in found.queue if one.look is not None)
    names = names_of(str(ref) for ref in refs if ref)
    return [_queued(one, names) for one in found.queue]


def _queued(one: QueuedLook, names: dict[str, str]) -> Line:
    done = one.examination
    stands = "Overdue" if one.overdue else "To be examined"
    open_to_all = done is None and not one.own
    return Line(
        (
            Cell(str(one.place), one.unit, number=True),
            _what(one.look, names),
            Cell(uk_time(one.due), number=True),
            Cell(
                stands if done is None else said_of(Outcome, done.outcome, done.outcome),
                tag="" if done else "yellow",
            ),
            one.note,
        ),
        (Offer("examine", "Say what it was", {"item": str(one.item)}),) if open_to_all else (),
    )


def _what(look: Look | None, names: dict[str, str]) -> Cell:
    if look is None:
        return Cell("Nothing is kept of it")
    who = names.get(str(look.actor_ref), "Somebody")
    why = said_of(Purpose, look.purpose, look.purpose)
    return Cell(f"{who}: {_did(look.use_case)}", f"{uk_time(look.at)}, {why}")


def _to_looks(wearer: str) -> Cell:
    """A wearer's reference, which leads to who has looked: those who oversee see no record."""
    where = reverse("person_looked", kwargs={"wearer": wearer})
    return Cell(wearer, href=where, needs="looked_at")


def _kept(request: HttpRequest) -> Some:
    due, skip = request.GET.get("due") == "yes", (page_asked(request) - 1) * A_PAGE
    found = retention_list.list_retention(
        **calling(request, "list_retention"), due_only=due, most=A_PAGE, skip=skip
    )
    page = numbered(request, skip + len(found.lines) + found.rest, A_PAGE)
    return by_number([_kept_line(one) for one in found.lines], page)


def _kept_line(one: DueLine) -> Line:
    return Line(
        (
            _to_looks(one.wearer),
            "The person" if one.due.category is None else said(one.due.category),
            said(one.due.state),
            Cell(maybe(one.due.due_at, "No day is set"), number=True),
            _upper(one.due.why),
        )
    )


def _proofs(request: HttpRequest) -> list[Line]:
    found = retention.list_proofs(**calling(request, "list_proofs"))
    return [
        Line(
            (
                Cell(uk_time(one.finished_at), number=True),
                one.policy,
                Cell(str(one.whole), number=True),
                Cell(str(one.parts), number=True),
                Cell((one.hash or "Not chained yet")[:16], number=True),
            )
        )
        for one in found
    ]


LISTINGS: Final = (
    Listing("audit", "list_audit", "Audit",
            ("When", "Who", "Did what", "Why", "Concerned", "Rows"), _entries,
            "Nothing is in the audit but this look.",
            "The latest entries, the newest first; people stand for random references.",
            ),
    Listing("sample", "sample_month", "Sample of looks",
            ("Look", "What was done", "Examine by", "Where it stands", "Note"), _sample,
            "No look of that month is to be examined: it may not be over, or not be chained yet.",
            "Each month’s random sample of looks at people, to be examined by somebody else.",
            filters=(Filter("month", "Month", _months, "The month before this one"),)),
    Listing("retention", "list_retention", "What is kept, and until when",
            ("Person", "What", "Where it stands", "Goes", "Why"), _kept,
            "Nothing is kept of anybody whom you may see.", "The soonest first.",
            (Offer("run-retention", "Erase what is due"),),
            filters=(Filter("due", "Show", (("yes", "What is due to be erased"),), "Everything"),)),
    Listing("proofs", "list_proofs", "Proofs of erasure",
            ("Finished", "Policy", "People erased whole", "In part", "In the audit’s chain"),
            _proofs, "Nobody was erased yet.", "That it was done, without saying of whom."),
)  # fmt: skip


def _examine(who: Who, given: Given) -> Done:
    outcome = given.the(Outcome, "outcome")
    done = dip_samples.examine_look(
        **who, item=given.key("item"), outcome=outcome, note=given.text("note")
    )
    return Done((done,) if isinstance(done, Problem) else ())


ACTS: Final = (
    Act("examine", "examine_look", "Say what a look turned out to be", "Record it", _examine,
        "The examination was recorded.", "listing",
        (
            Field("item", kind=Kind.HIDDEN),
            Field("outcome", "What it was", Kind.CHOICE, options=words_of(Outcome)),
            Field("note", "Note", Kind.WORDS, needed=False, hint="Needed where it has to be asked"),
        ), back_values=lambda _given: {"name": "sample"}),
)  # fmt: skip
