"""Reviewers read a candidate's trail themselves before they see what the program makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.readings import ReadingCode, TrailReading, check_words
from tipstaff.formats.run_files import UnreadableRun
from tipstaff.matching.unread import as_read_by
from tipstaff.records import accounts, readings, runs, wearers
from tipstaff.services.access import admit_to
from tipstaff.services.account_outcomes import Outcome, clock, recorded, refused
from tipstaff.services.limited_access import cleared, list_reach, sees
from tipstaff.services.matching import RunTables, run_tables
from tipstaff.services.recording import changing, reading

#: Candidates of runs that finished so long ago are not waited for.
RECENT: Final = timedelta(days=28)
#: They are counted so far; what is more says so.
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ReviewedRun:
    """A run as one reviewer sees it, and the readings that they may see: of what they read too."""

    tables: RunTables
    own: tuple[TrailReading, ...]
    others: tuple[TrailReading, ...]


def review_run(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID
) -> ReviewedRun | UnreadableRun | None:
    """A run without strength, rank and sentence of the candidates whom the actor has not read.

    None where there is none that the actor may see. Others' readings of a candidate show once the
    actor's own is recorded: whoever has seen one reads by it.
    """
    found = run_tables(actor=actor, purpose=purpose, authority=authority, run_id=run_id)
    if found is None or isinstance(found, UnreadableRun):
        return found
    me = accounts.ref_of(actor)
    told = readings.of_run(run_id)
    own = tuple(one for by, one in told if by == me)
    read = {one.of for one in own}
    others = tuple(one for by, one in told if by != me and one.of in read)
    tables = replace(found, results=as_read_by(found.results, read))
    return ReviewedRun(tables, own, others)


def count_to_read(*, actor: str, purpose: Purpose, authority: str) -> int:
    """How many candidates' trails nobody has read, up to 100: of runs of the last four weeks.

    A number about nobody: the audit names nobody.
    """
    access = admit_to(actor, purpose, authority, "count_to_read")
    with reading(access, extent={"days": RECENT.days}) as looked:
        now = clock()
        reach = list_reach(access)
        count = runs.count_to_read(reach, since=now - RECENT, now=now, most=MOST)
        looked.extent["to_read"] = looked.rows = count
    return count


def record_reading(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID, told: TrailReading
) -> Outcome:
    """Record what the actor reads from a candidate's trail; once, and it is never edited.

    `by` and `at` of what is told are set here. Refused for a candidate who is none of the run's, or
    whom the actor may not see.
    """
    access = admit_to(actor, purpose, authority, "record_reading", told.wearer)
    now = clock()
    with changing(access, extent={"run": str(run_id)}) as looked:
        looked.subjects = wearers.subject_refs([told.wearer])
        shown = runs.find(run_id, cleared=cleared(access)) is not None
        keys = readings.candidate(run_id, told) if shown and sees(access, told.wearer) else None
        problems = [*check_words(told.words), *_of_keys(run_id, keys, access.actor_ref)]
        if problems or keys is None:
            return refused(looked, problems)
        value = replace(told, words=told.words.strip(), at=now)
        return recorded(looked, readings.add(run_id, keys, value, access.actor_ref))


def _of_keys(run_id: UUID, keys: tuple[UUID, UUID] | None, by: UUID) -> Iterable[Problem]:
    if keys is None:
        action = "name a candidate of this run, whom you may see"
        return (Problem(ReadingCode.NO_SUCH_CANDIDATE, "wearer", action),)
    if readings.is_read(run_id, keys, by):
        action = "your first reading stands: what you think now, write into a note"
        return (Problem(ReadingCode.READ_BEFORE, "wearer", action),)
    return ()
