"""Matching again what late data changed: exactly the answers that rest on something else now.

The worker calls `pending` on a timer. Each background is looked at and recorded by itself, so that
what is done stays done. See `docs/late-data.md` and ADR 22.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from tipstaff.domain.purposes import Purpose
from tipstaff.matching.changes import LOUD, Change, Changed, in_order
from tipstaff.positions.damage import naming_damage
from tipstaff.records import erasures, search_records, wearers
from tipstaff.records import pending as records
from tipstaff.records import runs as run_records
from tipstaff.records.crimes import CrimeKey
from tipstaff.records.pending import BackgroundFact, StandingFact
from tipstaff.services import run_folder, runs, searchable
from tipstaff.services.access import Access, admit_to
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import cleared
from tipstaff.services.match_again import Looked, Subject, look_again, subject_of
from tipstaff.services.recording import Looked as LookedAt
from tipstaff.services.recording import request, write
from tipstaff.services.renewing import Renewed, renew
from tipstaff.services.runs import ErasedMeanwhileError
from tipstaff.services.sealing import seal
from tipstaff.services.standing import crime_digests
from tipstaff.services.withdrawn_told import tell_withdrawn

#: Why nothing of a background was matched again.
CASE_RECORDS_DECIDE = "case_records_decide"


class MatchedMeanwhileError(Exception):
    """Other answers came to stand while these were made again: nothing of them was recorded."""

    def __init__(self) -> None:
        super().__init__(
            "The same crimes were matched meanwhile by another command; its answers stand. "
            "Run this again: it begins from them."
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """What was found to be pending, and, unless it was only asked about, became of it.

    `standing`: crimes whose answers stand; `crimes`: those of which somebody's answer was pending;
    `pairs`: of crime and wearer, that were; `changed`, the worst first; `runs` that were recorded.
    `withdrawn`: crimes that are no more, whose answers stand no longer; `moved`: crimes corrected
    so that the background does not reach round them, which want a match of their own; `barred`: of
    a search of all devices, where there are case records now. `new_backgrounds`: how many could not
    be made again as they were.
    """

    standing: int = 0
    pairs: int = 0
    crimes: tuple[CrimeKey, ...] = ()
    changed: tuple[Changed, ...] = field(default=(), repr=False)
    runs: tuple[UUID, ...] = ()
    withdrawn: tuple[CrimeKey, ...] = ()
    moved: tuple[CrimeKey, ...] = ()
    barred: tuple[CrimeKey, ...] = ()
    new_backgrounds: int = 0

    def of(self, kind: Change) -> tuple[Changed, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changed if change.kind is kind)

    @property
    def loud(self) -> tuple[Changed, ...]:
        """Exclusions that were withdrawn: somebody may have been cleared, or told to be."""
        return self.of(LOUD)


def pending(*, actor: str, purpose: Purpose, authority: str, dry_run: bool = False) -> Pending:
    """Match again exactly the answers that rest on something else now, and say what changed.

    With `dry_run` nothing is matched: it is only said what would be. What concerns wearers of
    limited access is done whoever asks, and told to the cleared alone. Answers about all devices
    are made again only under an authority.
    """
    access = admit_to(actor, purpose, authority, "pending")
    request(access, extent={"dry_run": dry_run})
    shown, total = cleared(access), Pending()
    with naming_damage():
        for fact in records.backgrounds():
            found = _of_background(access, fact, dry_run=dry_run)
            if shown or not fact.reserved:
                total = _joined(total, found)
    if dry_run or not total.runs:
        with transaction.atomic(durable=True):
            write(access, LookedAt(extent={"dry_run": dry_run, "runs": len(total.runs)}))
        seal()
    return replace(total, changed=tuple(in_order(total.changed)))


def list_changes(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID
) -> list[Changed] | None:
    """What a run says otherwise than those before it, the worst first; None: no such run.

    A run is shown to whoever may read it (`runs.read_run`).
    """
    read = runs.read_run(
        actor=actor, purpose=purpose, authority=authority, run_id=run_id, with_exclusions=False
    )
    if read is None:
        return None
    rows = records.changes(run_id)
    return in_order(Changed(**{**row, "kind": Change(row["kind"])}) for row in rows)


def _of_background(access: Access, fact: BackgroundFact, *, dry_run: bool) -> Pending:
    now = datetime.now(UTC)
    search = runs.Search(access, {"renews": str(fact.first_run)}, fact.everybody)
    if fact.everybody and search_records.any_on_record():
        barred = tuple(each.crime for each in records.standing(fact.background_id))
        return Pending(standing=len(barred), barred=barred)
    if fact.everybody:
        searchable.check(access, everybody=True)
    subject = subject_of(search, fact)
    told = Pending(standing=len(subject.answers), withdrawn=subject.withdrawn, moved=subject.moved)
    if not subject.crimes:
        if not dry_run:
            _let_fall(search, subject)
        return told
    looked = look_again(search, subject, None if fact.everybody else searchable.law_at(now), now)
    chosen = tuple(subject.crimes[i].key for i in looked.chosen)
    told = replace(
        told, pairs=looked.pairs, crimes=chosen, new_backgrounds=int(looked.usual_changed)
    )
    if dry_run:
        return told
    renewed = renew(looked) if looked.chosen else Renewed()
    run = _record(search, looked, renewed)
    runs_made = () if run is None else (run,)
    return replace(told, changed=tuple(renewed.changed), runs=runs_made)


def _let_fall(search: runs.Search, subject: Subject) -> None:
    with transaction.atomic(durable=True):
        records.fall(subject.withdrawn, reserved=subject.fact.reserved)
        write(search.access, LookedAt(extent={**search.extent, "fallen": len(subject.withdrawn)}))
    seal()


def _record(search: runs.Search, looked: Looked, renewed: Renewed) -> UUID | None:
    """Record a run where an answer changed, and what all answers rest on now; its id."""
    told, folder = renewed.told, open_instance().runs_folder
    run_folder.sweep(folder, run_records.known, looked.at)
    try:
        if told is not None:
            run_folder.keep(folder, told.run_id, renewed.kept)
        with transaction.atomic(durable=True):
            _require_unmoved(looked)
            _write(search, looked, renewed)
    except BaseException:
        if told is not None:
            run_folder.drop(folder, told.run_id)
        raise
    seal()
    return None if told is None else told.run_id


def _require_unmoved(looked: Looked) -> None:
    """Raise where somebody was erased, or other answers came to stand, since they were looked at.

    Were they recorded all the same, older answers would take the place of newer ones.
    """
    background = looked.subject.fact.background_id
    if erasures.since(looked.at):
        raise ErasedMeanwhileError
    records.lock(background)
    if records.standing(background) != list(looked.subject.answers.values()):
        raise MatchedMeanwhileError


def _write(search: runs.Search, looked: Looked, renewed: Renewed) -> None:
    subject, told = looked.subject, renewed.told
    if told is not None:
        opened = runs.opened_by(subject.fact.first_run)
        runs.add_renewal(search, told, started_at=looked.at, open_run=opened)
        records.add_renewals(told.run_id, renewed.renewals)
        records.add_changes(told.run_id, (_as_row(change) for change in renewed.changed))
        tell_withdrawn(told.run_id, renewed.changed, datetime.now(UTC))
    elif looked.chosen:
        numbers = np.flatnonzero((looked.wanted & looked.searched).any(axis=0)).tolist()
        seen = {looked.asked.wearers[number] for number in numbers}
        extent = {**search.extent, "pairs": looked.pairs}
        subjects = wearers.subject_refs(seen)
        write(search.access, LookedAt(subjects=subjects, extent=extent))
    records.fall(subject.withdrawn, reserved=subject.fact.reserved)
    _rest(looked, renewed)


def _rest(looked: Looked, renewed: Renewed) -> None:
    """What the answers rest on from now on."""
    subject, fact = looked.subject, looked.subject.fact
    evidence = {**looked.stored, **looked.evidence}
    left = {key: value for key, value in evidence.items() if value is not None}
    digests = crime_digests(looked.asked, looked.usual, left)
    facts = list(_standing(subject, digests, renewed, all_of_them=looked.usual_changed))
    changed = {k: v for k, v in looked.evidence.items() if looked.stored.get(k) != v}
    background, gone = fact.background_id, [key for key in changed if key in looked.stored]
    new = {key: value for key, value in changed.items() if value is not None}
    if looked.usual_changed:
        other = replace(
            fact,
            background_id=renewed.background,
            rows=looked.usual.rows,
            heard_until=looked.heard_until,
            checked_at=looked.at,
        )
        records.add_background(other, looked.usual.members)
        background, gone, new = renewed.background, [], left
    else:
        records.checked(background, heard_until=looked.heard_until, at=looked.at)
    records.set_evidence(background, gone, new)
    records.let_stand(background, reserved=fact.reserved, facts=facts)


def _standing(
    subject: Subject, digests: Mapping[CrimeKey, str], renewed: Renewed, *, all_of_them: bool
) -> Iterator[StandingFact]:
    """What stands from now on, where it is other than it was, or for all crimes."""
    again = {each.crime for each in renewed.renewals}
    for crime in subject.crimes:
        before = subject.standing(crime)
        made = crime.key in again and renewed.told is not None
        run = renewed.told.run_id if made and renewed.told is not None else before.run_id
        fact = StandingFact(crime.key, run, digests[crime.key])
        if fact != before or all_of_them:
            yield fact


def _as_row(change: Changed) -> dict[str, Any]:
    return {
        "crime": change.crime,
        "wearer": change.wearer,
        "kind": change.kind.value,
        "outcome_before": change.outcome_before,
        "outcome_after": change.outcome_after,
        "band_before": change.band_before,
        "band_after": change.band_after,
        "log10_before": change.log10_before,
        "log10_after": change.log10_after,
    }


def _joined(one: Pending, other: Pending) -> Pending:
    return Pending(
        standing=one.standing + other.standing,
        pairs=one.pairs + other.pairs,
        crimes=one.crimes + other.crimes,
        changed=one.changed + other.changed,
        runs=one.runs + other.runs,
        withdrawn=one.withdrawn + other.withdrawn,
        moved=one.moved + other.moved,
        barred=one.barred + other.barred,
        new_backgrounds=one.new_backgrounds + other.new_backgrounds,
    )


def counts(found: Pending) -> dict[str, int]:
    """How many changes there are of each kind, in the order in which they are told."""
    by_kind = Counter(change.kind for change in found.changed)
    return {kind.value: by_kind[kind] for kind in Change if by_kind[kind]}
