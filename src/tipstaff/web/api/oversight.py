"""Oversight: the audit, the monthly sample, the search for misuse, what is kept and was erased."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.retention import Category
from tipstaff.domain.retention_schedule import State
from tipstaff.records.chain import Entry
from tipstaff.services import audit, dip_samples, holds, misuse, retention, retention_list
from tipstaff.services.dip_samples import QueuedLook
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import ApiError, Fault, refused_by
from tipstaff.web.api.shapes import Asked, At, Cursor, Instant, Page, Told, page_of
from tipstaff.web.desks import oversight
from tipstaff.web.desks import retention as retention_desk

PART: Final = Part(Group.OVERSIGHT)


class EntryTold(Told):
    """An entry of the audit; people stand for random references."""

    entry_id: UUID
    at: At
    request_ref: UUID
    actor_ref: UUID | None
    role: str
    operation: str
    phase: str
    use_case: str
    purpose: str
    authority: str
    subject_refs: list[str]
    extent: dict[str, Any]
    rows: int | None
    sequence: int | None
    hash: str | None


class LookInSample(Told):
    """What was looked at: by whom, in which role, why."""

    at: At
    actor_ref: UUID | None
    role: str
    operation: str
    use_case: str
    purpose: str
    rows: int


class QueuedTold(Told):
    """A drawn look that is to be examined, or was. `look` null: nothing is kept of it."""

    item: UUID
    unit: str
    place: int
    look: LookInSample | None
    outcome: str | None
    note: str
    due: At
    overdue: bool
    own: bool


class QuestionTold(Told):
    """Looks that a supervisor should ask about, in a sentence."""

    rule: str
    actor: UUID
    sentence: str
    entries: list[UUID]


class MisuseTold(Told):
    """What was searched: how many looks, the questions, and what could not be asked."""

    looks: int
    questions: list[QuestionTold]
    not_asked: list[str]


class KeptTold(Told):
    """Something that is kept of somebody, and until when; `category` null: the person."""

    wearer: str
    category: Category | None
    state: State
    due_at: At | None
    why: str


class HoldTold(Told):
    """A legal hold on all that is kept of a wearer; released once somebody lifted it."""

    hold_id: UUID
    reference: str
    start: At
    end: At | None
    authority: str
    reason: str
    placed_by: UUID
    placed_at: At
    released_at: At | None
    released_by: UUID | None
    release_reason: str


class ProofTold(Told):
    """That an erasure was done, without saying of whom."""

    erasure_id: UUID
    decided_at: At
    finished_at: At
    policy: str
    whole: int
    parts: int
    hash: str | None


class AuditAsked(Asked):
    """How many of the latest, or after the last of the page before."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: Cursor = ""


class MonthAsked(Asked):
    """A month that is over, as 2026-10."""

    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class MisuseAsked(Asked):
    """A time, from and up to, not including."""

    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")


class RetentionAsked(Asked):
    """`due`: what is due to be erased alone. `skip`: so many of the soonest are left out."""

    due: bool = False
    skip: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 500


@PART.reads("/audit", "list_audit", Page[EntryTold])
def entries(request: HttpRequest, asked: Annotated[AuditAsked, Query()]) -> Any:
    """The latest entries, the newest first."""
    after = cursors.read(asked.after, cursors.at_and_ref)
    lines = audit.list_audit(**who(request), limit=asked.limit, after=after)
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _entry_cursor))


@PART.reads("/sample", "sample_month", Page[QueuedTold])
def sample(request: HttpRequest, asked: Annotated[MonthAsked, Query()]) -> Any:
    """A month's random sample of looks; drawing it is on record."""
    found = dip_samples.sample_month(**who(request), month=asked.month)
    if isinstance(found, Problem):
        raise refused_by((found,), within="query")
    return page_of(_queued(one) for one in found.queue)


@PART.reads("/misuse", "search_misuse", MisuseTold)
def search(request: HttpRequest, asked: Annotated[MisuseAsked, Query()]) -> Any:
    """Looks that a supervisor should ask about, of a period."""
    if asked.end <= asked.start:
        detail = "'to' must be later than 'from'."
        fault = Fault(pointer="/query/to", code="PERIOD", detail=detail)
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "PERIOD", detail, [fault])
    return misuse.search_misuse(**who(request), period=Period(asked.start, asked.end))


@PART.reads("/retention", "list_retention", Page[KeptTold])
def kept(request: HttpRequest, asked: Annotated[RetentionAsked, Query()]) -> Any:
    """What is kept of whom, and until when, the soonest first."""
    found = retention_list.list_retention(
        **who(request), due_only=asked.due, most=asked.limit, skip=asked.skip
    )
    return page_of(
        {
            "wearer": one.wearer, "category": one.due.category, "state": one.due.state,
            "due_at": one.due.due_at, "why": one.due.why,
        }
        for one in found.lines
    )  # fmt: skip


@PART.reads("/holds", "list_holds", Page[HoldTold])
def list_holds(request: HttpRequest) -> Any:
    """Legal holds, those that were not lifted first."""
    return page_of(holds.list_holds(**who(request)))


@PART.reads("/erasures", "list_proofs", Page[ProofTold])
def proofs(request: HttpRequest) -> Any:
    """Proofs of erasure."""
    return page_of(retention.list_proofs(**who(request)))


def _entry_cursor(entry: Entry) -> str:
    return cursors.written(entry.at, entry.entry_id)


def _queued(one: QueuedLook) -> dict[str, Any]:
    done = one.examination
    return {
        "item": one.item, "unit": one.unit, "place": one.place, "look": one.look,
        "outcome": None if done is None else done.outcome, "note": one.note, "due": one.due,
        "overdue": one.overdue, "own": one.own,
    }  # fmt: skip


add_acts(PART, oversight.ACTS)
add_acts(PART, retention_desk.ACTS)
