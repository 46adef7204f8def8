"""What is done now and then beside live monitoring: one line each, each in its own thread.

How each went is on record, so that a daily one is neither forgotten nor done twice however often a
worker is started, and several workers share them. One that fails is tried again a little later and
holds up no other. Of an error only the kind is logged: its words may be about somebody.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from tipstaff.domain.chore_times import Daily, Every, Monthly, Rhythm
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wall_time import wall_time
from tipstaff.records import chore_runs
from tipstaff.records.chore_runs import ChoreFact
from tipstaff.records.connections import close_own, mended
from tipstaff.services.access import Who
from tipstaff.services.beside import beside
from tipstaff.services.daily_digests import tell_digests
from tipstaff.services.dip_samples import sample_month
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.inbox_drain import ARCHIVE_READER, drain_to_archive
from tipstaff.services.instance import open_instance
from tipstaff.services.mail_answers import send_answers
from tipstaff.services.mail_ledger import MailLedger
from tipstaff.services.pending import pending
from tipstaff.services.releases import raise_alarms
from tipstaff.services.retention import run_retention
from tipstaff.services.upkeep import compact_archive

LOOK_EVERY_S: Final = 1.0
#: After a failure it is tried again so long afterwards, or when it is due next if that is sooner.
AGAIN: Final = timedelta(minutes=5)
#: Files of the archive that are out of use stay so long: somebody may be reading them.
KEEP_HOURS: Final = 168
_log = logging.getLogger(__name__)


class NotDoneError(Exception):
    """A chore could not be done by now, and is tried again; the words are a code."""


@dataclass(frozen=True, slots=True)
class Chore:
    """A chore: its name, what it is for, when, how long it may take, and how it is done."""

    name: str
    words: str
    rhythm: Rhythm
    lasts: timedelta
    purpose: Purpose
    do: Callable[[Who], object]


def _archive(who: Who) -> object:
    """Nothing is asked, and nothing written, where nothing came."""
    reader = inbox_reader()
    if not reader.exists() or reader.state().last <= reader.mark(ARCHIVE_READER).through:
        return None
    return drain_to_archive(**who)


def _pending(who: Who) -> object:
    # exclusions that it withdraws are told by `withdrawn_told`, in the same transaction
    return pending(**who)


def _sample(who: Who) -> object:
    last = wall_time(datetime.now(UTC)).date().replace(day=1) - timedelta(days=1)
    done = sample_month(**who, month=f"{last:%Y-%m}")
    if isinstance(done, Problem):
        raise NotDoneError(done.code)
    return done


def _answers(_who: Who) -> object:
    MailLedger(open_instance().crime_mail_folder).forget_refused(datetime.now(UTC))
    return send_answers()


_HOUR: Final = timedelta(hours=1)
CHORES: Final = (
    Chore("archive", "bring what came in into the archive", Every(timedelta(minutes=5)),
          _HOUR, Purpose.SYSTEM_ADMINISTRATION, _archive),
    Chore("answers", "send answers to mails with crime files", Every(timedelta(minutes=1)),
          _HOUR, Purpose.CRIME_MATCHING, _answers),
    Chore("alarms", "raise alarms for those released and not fitted", Every(_HOUR),
          _HOUR, Purpose.OFFENDER_MANAGEMENT, lambda who: raise_alarms(**who)),
    Chore("pending", "match again what late data changed", Every(_HOUR),
          6 * _HOUR, Purpose.CRIME_MATCHING, _pending),
    Chore("digests", "tell forces which of their crime files came the day before", Daily(time(7)),
          _HOUR, Purpose.CRIME_MATCHING, lambda who: tell_digests(**who)),
    Chore("retention", "erase what is due", Daily(time(2)),
          12 * _HOUR, Purpose.SYSTEM_ADMINISTRATION, lambda who: run_retention(**who)),
    Chore("compact", "bring each day of the archive into one file", Daily(time(3, 30)),
          6 * _HOUR, Purpose.SYSTEM_ADMINISTRATION,
          lambda who: compact_archive(**who, keep_hours=KEEP_HOURS)),
    Chore("sample", "draw the month's looks to examine", Monthly(time(4)),
          _HOUR, Purpose.AUDIT, _sample),
)  # fmt: skip


def due_at(chore: Chore, fact: ChoreFact | None, now: datetime) -> datetime:
    """When a chore is due next, by how it went last."""
    if fact is None or fact.began_at is None:
        return now
    due = chore.rhythm.due_at(fact.began_at, now)
    return min(due, fact.began_at + AGAIN) if fact.failed else due


def do_if_due(chore: Chore, actor: str, authority: str = "") -> bool:
    """Do a chore if it is due and nobody else does it; whether it was done."""
    now, fact = datetime.now(UTC), chore_runs.known().get(chore.name)
    if due_at(chore, fact, now) > now:
        return False
    before = None if fact is None else fact.began_at
    lease = chore_runs.begin(chore.name, before=before, now=now, until=now + chore.lasts)
    if lease is None:
        return False
    failed = _failed(chore, Who(actor=actor, purpose=chore.purpose, authority=authority))
    chore_runs.end(chore.name, lease, now=datetime.now(UTC), failed=failed)
    return True


def _failed(chore: Chore, who: Who) -> str:
    """The kind of error with which it failed; empty where it went well."""
    try:
        chore.do(who)
    except Exception as error:
        _log.error("the chore %s failed: %s; tried again", chore.name, type(error).__name__)
        return type(error).__name__
    return ""


@contextmanager
def chores_done(
    actor: str, authority: str = "", chores: tuple[Chore, ...] = CHORES, *, alone: bool = False
) -> Iterator[None]:
    """While this lasts chores are done when they are due; then those that run are waited for.

    `alone`: no other worker lives, so that what a dead one had begun is free at once.
    """
    if alone:
        chore_runs.free_all()
    works = {f"chore-{c.name}": partial(_keep_doing, c, actor, authority) for c in chores}
    with beside(works):
        yield


def _keep_doing(chore: Chore, actor: str, authority: str, ended: threading.Event) -> None:
    try:
        while not ended.wait(LOOK_EVERY_S):
            try:
                with mended():
                    do_if_due(chore, actor, authority)
            except Exception as error:
                _log.error("looking after %s: %s", chore.name, type(error).__name__)
                ended.wait(AGAIN.total_seconds() / 10)
    finally:
        close_own()
