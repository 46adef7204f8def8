"""Erase what is due: by schedule, or one person by hand with authority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.erasures import Erasure, Piece, Proof
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention import Category
from tipstaff.domain.retention_codes import RetentionCode
from tipstaff.domain.retention_schedule import Due, State, schedule
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.positions.locking import ArchiveBusyError
from tipstaff.records import (
    activations,
    devices,
    erasures,
    law,
    personal_data,
    retention,
    wearers,
)
from tipstaff.records.chunks import chunked
from tipstaff.records.erasures import Begun
from tipstaff.records.retention import WearerFacts
from tipstaff.services import disclosures, erasure, intake_sweep
from tipstaff.services.access import Access, admit_to
from tipstaff.services.erasure import PagesBusyError, Progress
from tipstaff.services.erasure_lock import ErasureBusyError, only_eraser
from tipstaff.services.holds import problem, seen
from tipstaff.services.instance import open_instance
from tipstaff.services.recording import Looked, reading, request, write_alone

#: With what a run ends where a store, or the erasing itself, is somebody else's at the moment.
BUSY: Final = (ErasureBusyError, ArchiveBusyError, PagesBusyError)
#: People of one intent: the archive's days are written anew once for all of them.
_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """What a run did. `swept` counts rows of quarantine, by why they went."""

    erasures: int = 0
    whole: int = 0
    parts: int = 0
    swept: dict[str, int] = field(default_factory=dict)
    disclosures: int = 0


@dataclass(frozen=True, slots=True)
class ErasedByHand:
    """The erasure of one person; or what is wrong."""

    erasure_id: UUID | None = None
    problems: tuple[Problem, ...] = ()


def run_retention(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    progress: Progress = lambda _done, _total: None,
) -> RetentionRun:
    """Finish what was left, then erase what is due: records, archive, runs, quarantine, proofs.

    Raises ErasureBusyError where another process is at it, ArchiveBusyError or PagesBusyError where
    a store is in use; what was decided is then finished by the next run.
    """
    access = admit_to(actor, purpose, authority, "run_retention")
    values, policy = open_instance(), law.retention_policy()
    with only_eraser(values.data):
        request(access, extent={"policy": policy.name})
        erasure.finish_all(values)
        now = datetime.now(UTC)
        due = [facts.row for facts in retention.everyone(now) if _pieces(facts, now)]
        pieces: list[Piece] = []
        count = 0
        for together in chunked(due, _TOGETHER):
            pieces += _decide(access, together)
            count += erasure.finish_all(values, progress)
        swept = intake_sweep.sweep(values, policy, now)
        ended = disclosures.erase_ended(values, now)
        erasure.write_proofs(values)
        done = RetentionRun(
            count,
            sum(piece.whole for piece in pieces),
            sum(not piece.whole for piece in pieces),
            swept,
            ended,
        )
        extent = {"policy": policy.name, "erasures": count, "swept": swept, "disclosures": ended}
        write_alone(access, Looked(extent=extent, rows=sum(swept.values()) + ended))
    return done


def erase_wearer(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    progress: Progress = lambda _done, _total: None,
) -> ErasedByHand:
    """Erase everything of one person before its day: a court's order, or the person's right.

    Refused while an order or a legal hold is in force, and without an authority.
    """
    access = admit_to(actor, purpose, authority, "erase_wearer")
    values, now = open_instance(), datetime.now(UTC)
    with only_eraser(values.data):
        facts = seen(access, wearer, now)
        whom = frozenset(wearers.subject_refs([wearer]))
        request(access, extent={"of": "wearer"}, subjects=whom)
        done = _decide_by_hand(access, facts, now)
        if done.problems:
            write_alone(access, Looked(set(whom), {"problems": len(done.problems)}))
            return done
        erasure.finish_all(values, progress)
    return done


def list_proofs(*, actor: str, purpose: Purpose, authority: str) -> list[Proof]:
    """Every proof of erasure; nothing about any person."""
    access = admit_to(actor, purpose, authority, "list_proofs")
    with reading(access, extent={}) as looked:
        found = erasure.proofs()
        looked.rows = len(found)
    return found


def _decide(access: Access, rows: list[UUID]) -> list[Piece]:
    """Commit what of these wearers goes. Judged anew: a hold or an extension may have come in."""
    with transaction.atomic(durable=True):
        now = datetime.now(UTC)
        held = retention.held_fast(rows, now)
        pieces = [piece for facts in held for piece in _pieces(facts, now)]
        if pieces:
            erasures.begin(_begun(access, tuple(pieces), now))
    return pieces


def _decide_by_hand(access: Access, facts: WearerFacts | None, now: datetime) -> ErasedByHand:
    with transaction.atomic(durable=True):
        if facts is not None:
            facts = next(retention.held_fast([facts.row], now), None)
        problems = tuple(problem(c, "wearer") for c in _refusals(facts, access.authority, now))
        if problems or facts is None:
            return ErasedByHand(problems=problems)
        begun = _begun(access, (_everything(facts, now),), now)
        erasures.begin(begun)
    return ErasedByHand(begun.erasure.erasure_id)


def _refusals(facts: WearerFacts | None, authority: str, now: datetime) -> Iterator[RetentionCode]:
    if not authority.strip():
        yield RetentionCode.AUTHORITY_MISSING
    if facts is None:
        yield RetentionCode.WEARER_NOT_KNOWN
        return
    if facts.person.held:
        yield RetentionCode.HELD
    if any(order.end is None or order.end > now for order in facts.person.orders):
        yield RetentionCode.ORDER_STANDS


def _pieces(facts: WearerFacts, now: datetime) -> list[Piece]:
    """What is due of a wearer: one piece, or none."""
    found = schedule(facts.person, law.retention_policy(), now)
    due = [each for each in found if each.state is State.DUE]
    if any(each.category is None for each in due):
        return [_everything(facts, now)]
    trail = (each for each in due if each.category is Category.TRAIL)
    piece = Piece(
        facts.subject_ref,
        worn=tuple((int(each.key), each.period) for each in trail if each.period is not None),
        answers=_answers(facts.row, due),
        records=tuple(UUID(each.key) for each in due if each.period is None),
    )
    return [piece] if piece.worn or piece.answers or piece.records else []


def _everything(facts: WearerFacts, now: datetime) -> Piece:
    """The whole person. Where nobody's activation is known, a device is a wearer of its name."""
    worn = erasures.worn_by(facts.row, now)
    if not activations.any_recorded():
        since_ever = Period(SINCE_EVER, now)
        worn = tuple((key, since_ever) for key in sorted(devices.keys_named(facts.reference)))
    return Piece(facts.subject_ref, whole=True, worn=worn)


def _answers(row: UUID, due: Iterable[Due]) -> tuple[Period, ...]:
    periods = (each.period for each in due if each.category is Category.ANSWERS)
    return tuple(p for p in periods if p is not None and personal_data.count_answers(row, p))


def _begun(access: Access, pieces: tuple[Piece, ...], now: datetime) -> Begun:
    decided = Erasure(uuid4(), now, law.retention_policy().name, pieces)
    who = (access.request_ref, access.actor_ref, access.role)
    return Begun(decided, *who, erasures.FINISHED[0], access.purpose, access.authority)
