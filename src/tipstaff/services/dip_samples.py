"""Each month's random sample of looks at persons: drawn, queued for a supervisor, examined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.dip_sample import (
    NOTE_LENGTH,
    RULE,
    TIME_TO_EXAMINE,
    Outcome,
    SampleCode,
    drawn,
    month_of,
)
from tipstaff.domain.looks import Look
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import audit, dip_samples, looks
from tipstaff.records.dip_samples import Examination, ItemFact, SampleFact, Seed
from tipstaff.services.access import Access, admit_to
from tipstaff.services.private_words import told
from tipstaff.services.recording import Looked, changing, request, write
from tipstaff.services.sealing import seal


@dataclass(frozen=True, slots=True)
class QueuedLook:
    """A drawn look and where its examination stands. `note` is empty where nobody can read it.

    `own`: the look is the actor's, so that another has to examine it.
    """

    item: UUID
    unit: str
    place: int
    look: Look | None
    examination: Examination | None
    note: str
    due: datetime
    overdue: bool
    own: bool


@dataclass(frozen=True, slots=True)
class MonthSample:
    """A month's samples and their queue. `same`: drawn anew, the very same looks come out."""

    month: str
    samples: tuple[SampleFact, ...]
    queue: tuple[QueuedLook, ...]
    same: bool


def sample_month(
    *, actor: str, purpose: Purpose, authority: str, month: str
) -> MonthSample | Problem:
    """The month's queue; the sample is drawn by the first who asks after the month's end.

    Whoever asks changes nothing about what is drawn: see `domain.dip_sample`. It is drawn again at
    every look at the queue, and compared.
    """
    access = admit_to(actor, purpose, authority, "sample_month")
    period, now = month_of(month), datetime.now(UTC)
    if period is None:
        return _problem(SampleCode.MONTH_NOT_KNOWN)
    if period.end > now:
        return _problem(SampleCode.MONTH_NOT_OVER)
    request(access, extent={"month": month})
    seed = dip_samples.seed_after(period.end)
    if seed is None:
        return _problem(SampleCode.NOT_CHAINED_YET)
    by_unit = _by_unit(period, seed)
    with transaction.atomic(durable=True):
        kept = {fact.unit for fact in dip_samples.of_month(month)}
        for unit in sorted(set(by_unit) - kept):
            fact = SampleFact(uuid4(), month, unit, len(by_unit[unit]), RULE, seed, now)
            dip_samples.keep(fact, access.actor_ref, _drawn(by_unit, month, unit, seed))
        found = _sampled(access, month, by_unit, now)
        extent = {"month": month, "units": len(found.samples), "same": found.same}
        write(access, Looked(extent=extent, rows=len(found.queue)))
    seal()
    return found


def examine_look(
    *, actor: str, purpose: Purpose, authority: str, item: UUID, outcome: Outcome, note: str
) -> QueuedLook | Problem:
    """Record what an examiner found of a drawn look; nobody examines a look of their own.

    The note stands in the entry alone, enciphered for the subjects of the look.
    """
    access = admit_to(actor, purpose, authority, "examine_look")
    now = datetime.now(UTC)
    with changing(access, extent={"item": str(item), "outcome": outcome.value}) as looked:
        fact = dip_samples.item(item)
        look = None if fact is None else _look(fact)
        code = _examination_code(access, fact, look, outcome, note)
        if code is not None or fact is None:
            looked.extent["problem"] = (code or SampleCode.ITEM_NOT_KNOWN).value
            return _problem(code or SampleCode.ITEM_NOT_KNOWN)
        said = Examination(outcome.value, access.actor_ref, now, access.request_ref)
        dip_samples.examine(item, said)
        looked.subjects = set() if look is None else set(look.subjects)
        looked.extent["note"] = note.strip()
        looked.rows = 1
    return QueuedLook(item, "", fact.place, look, said, note.strip(), now, overdue=False, own=False)


def unit_of(look: Look) -> str:
    """The unit whose looks are drawn together: for now the role; teams will be asked for here."""
    return look.role


def _examination_code(
    access: Access, fact: ItemFact | None, look: Look | None, outcome: Outcome, note: str
) -> SampleCode | None:
    if fact is None:
        return SampleCode.ITEM_NOT_KNOWN
    if look is not None and look.actor_ref == access.actor_ref:
        return SampleCode.OWN_LOOK
    if fact.examination is not None:
        return SampleCode.EXAMINED_ALREADY
    if outcome is Outcome.QUESTIONED and not note.strip():
        return SampleCode.NOTE_MISSING
    return SampleCode.NOTE_TOO_LONG if len(note) > NOTE_LENGTH else None


def _by_unit(period: Period, seed: Seed) -> dict[str, list[UUID]]:
    """The month's looks at persons by unit, chained before the seed: none is added later."""
    found: dict[str, list[UUID]] = {}
    for look in looks.seen_between(period.start, period.end, chained_before=seed.sequence):
        found.setdefault(unit_of(look), []).append(look.request_ref)
    return found


def _drawn(by_unit: dict[str, list[UUID]], month: str, unit: str, seed: Seed) -> tuple[UUID, ...]:
    return drawn(by_unit.get(unit, []), month=month, unit=unit, entry_hash=seed.hash)


def _sampled(
    access: Access, month: str, by_unit: dict[str, list[UUID]], now: datetime
) -> MonthSample:
    samples = dip_samples.of_month(month)
    items = dip_samples.items_of(month)
    seen = {look.request_ref: look for look in looks.of_requests(i.request_ref for i in items)}
    notes = _notes(items)
    of = {fact.sample: fact for fact in samples}
    queue = tuple(
        _queued(access, item, of[item.sample], seen.get(item.request_ref), notes, now)
        for item in items
    )
    same = all(
        _drawn(by_unit, month, fact.unit, fact.seed)
        == tuple(item.request_ref for item in items if item.sample == fact.sample)
        for fact in samples
    )
    return MonthSample(month, tuple(samples), queue, same)


def _queued(
    access: Access,
    item: ItemFact,
    sample: SampleFact,
    look: Look | None,
    notes: dict[UUID, str],
    now: datetime,
) -> QueuedLook:
    said, due = item.examination, sample.drawn_at + TIME_TO_EXAMINE
    return QueuedLook(
        item=item.item,
        unit=sample.unit,
        place=item.place,
        look=look,
        examination=said,
        note="" if said is None else notes.get(said.request_ref, ""),
        due=due,
        overdue=said is None and now > due,
        own=look is not None and look.actor_ref == access.actor_ref,
    )


def _notes(items: Iterable[ItemFact]) -> dict[UUID, str]:
    """Notes by the request that recorded them, where the keys of the subjects still stand."""
    wanted = [item.examination.request_ref for item in items if item.examination is not None]
    found: dict[UUID, str] = {}
    for request_ref in wanted:
        for one in told(audit.of_request(request_ref)):
            found[request_ref] = str(one.entry.extent.get("note", ""))
    return found


def _look(fact: ItemFact) -> Look | None:
    return next(iter(looks.of_requests([fact.request_ref])), None)


_ACTIONS = {
    SampleCode.MONTH_NOT_KNOWN: "give a month as 2026-10",
    SampleCode.MONTH_NOT_OVER: "wait for the end of the month: a sample is drawn from all of it",
    SampleCode.NOT_CHAINED_YET: "the log is busy: ask again in a moment",
    SampleCode.ITEM_NOT_KNOWN: "give an item that 'tipstaff audit sample' lists",
    SampleCode.OWN_LOOK: "let somebody else examine it: this look is your own",
    SampleCode.EXAMINED_ALREADY: "leave it: it was examined, and that is not changed",
    SampleCode.NOTE_MISSING: "say in a note what is questioned",
    SampleCode.NOTE_TOO_LONG: f"say it in at most {NOTE_LENGTH} characters",
}


def _problem(code: SampleCode) -> Problem:
    where = "month" if code.startswith(("MONTH", "NOT_")) else "item"
    return Problem(code, "note" if code.startswith("NOTE_") else where, _ACTIONS[code])
