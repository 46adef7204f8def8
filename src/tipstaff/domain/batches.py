"""Batches of crimes: their ids, and what a new one does to the crimes a force has sent before.

A batch id is `<CODE>yyyymmdd[-n][-R|-A]`, anchored: nothing before it, nothing after it. The code
is that of the force, letter for letter (City of London Police is `CoLP`); R and A may be in either
case. Date and number name a *series*; `-R` replaces a series, `-A` adds to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from tipstaff.domain.crimes import Crime

#: ASCII digits only: `\d` would take the digits of any script.
_TAIL: Final = re.compile(r"([0-9]{8})(?:-([0-9]))?(?:-([RrAa]))?")
_ANY_CODE: Final = re.compile(r"[A-Za-z]{1,20}")


class BatchKind(StrEnum):
    """What a batch does to the earlier ones of its series."""

    FIRST = ""
    REPLACEMENT = "R"
    ADDITION = "A"


class BatchIdFault(StrEnum):
    """Why a text is no batch id."""

    MISSING = "missing"
    FORMAT = "format"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class BatchId:
    """A batch id, taken apart. `number` is None where there is none (which is not number 1)."""

    code: str
    day: date
    number: int | None = None
    kind: BatchKind = BatchKind.FIRST

    @property
    def series(self) -> str:
        """The id without its -R or -A: what a replacement replaces."""
        number = "" if self.number is None else f"-{self.number}"
        return f"{self.code}{self.day.isoformat().replace('-', '')}{number}"

    def __str__(self) -> str:
        return f"{self.series}-{self.kind}" if self.kind else self.series


def parse_batch_id(text: str, code: str) -> BatchId | BatchIdFault:
    """Read the batch id of the force whose code is `code`; the code counts letter for letter."""
    if not text.strip():
        return BatchIdFault.MISSING
    if not text.startswith(code):
        return BatchIdFault.FORMAT
    return _parse_tail(code, text[len(code) :])


def parse_any_batch_id(text: str) -> BatchId | BatchIdFault:
    """Read the batch id of a force whose code nobody told us: letters, then as usual."""
    if not text.strip():
        return BatchIdFault.MISSING
    code = _ANY_CODE.match(text)
    return _parse_tail(code[0], text[code.end() :]) if code else BatchIdFault.FORMAT


def _parse_tail(code: str, tail: str) -> BatchId | BatchIdFault:
    parts = _TAIL.fullmatch(tail)
    if parts is None:
        return BatchIdFault.FORMAT
    day, number, kind = parts.groups()
    try:
        real = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return BatchIdFault.DATE
    return BatchId(code, real, int(number) if number else None, BatchKind((kind or "").upper()))


class ChangeKind(StrEnum):
    """What a batch does to one crime."""

    NEW = "new"  # never seen: version 1
    CHANGED = "changed"  # other content than before, or withdrawn before: one version more
    RESENT = "resent"  # the same content in another series: one version more, so it moves there
    UNCHANGED = "unchanged"  # the same content in the same series: nothing to do
    WITHDRAWN = "withdrawn"  # absent from a replacement of its series
    IN_DOUBT = "in doubt"  # absent, but the replacement had rows that could not be read: kept
    SUPERSEDED = "superseded"  # what comes after the batch was taken in before it: left as it is


#: The changes that make a version of a crime.
NEW_VERSION: Final = frozenset({ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.RESENT})


@dataclass(frozen=True, slots=True)
class BatchChange:
    """One crime and what happens to it. `crime` has the version that holds afterwards.

    Where none does (superseded, and never on record) it is the one sent, at version 0.
    """

    kind: ChangeKind
    crime: Crime


class HeldCrime(Protocol):
    """A crime's latest version, the series that brought it and as what, whether withdrawn since."""

    @property
    def crime(self) -> Crime: ...  # noqa: D102 (told above)
    @property
    def series(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> BatchKind: ...  # noqa: D102
    @property
    def withdrawn(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Held:
    """The plain `HeldCrime`."""

    crime: Crime
    series: str
    withdrawn: bool = False
    kind: BatchKind = BatchKind.FIRST


def plan_batch(
    batch: BatchId,
    crimes: Iterable[Crime],
    held: Mapping[str, HeldCrime],
    *,
    rejected: frozenset[str] = frozenset(),
    unread_rows: int = 0,
    replaced: bool = False,
    later: frozenset[str] = frozenset(),
) -> tuple[BatchChange, ...]:
    """What `batch` changes, in the order of references. `held`: the force's crimes by reference.

    `rejected` are the references of rows with errors, `unread_rows` counts those whose reference
    could not be read: a slip of the pen in a replacement must not withdraw a crime. A first batch
    and an addition withdraw nothing.

    What comes late changes and revives nothing. `replaced`: a replacement that comes after this
    batch was taken in before it. `later`: crimes of which something that comes after it was taken
    in. Nor does an original undo what an addition that was taken in before it said of a crime.
    """
    sent = {crime.reference: crime for crime in crimes}
    changes = [
        _change(batch, crime, held.get(name), late=replaced or name in later)
        for name, crime in sent.items()
    ]
    if batch.kind is BatchKind.REPLACEMENT and not replaced:
        absent = {name: held[name] for name in held.keys() - sent.keys() - later}
        doubtful = frozenset(absent) if unread_rows else rejected
        changes += _left_out(batch, absent, doubtful)
    return tuple(sorted(changes, key=lambda change: change.crime.reference))


def _left_out(
    batch: BatchId, absent: Mapping[str, HeldCrime], doubtful: frozenset[str]
) -> list[BatchChange]:
    """What becomes of the crimes of its series that a replacement does not name."""
    return [
        BatchChange(ChangeKind.IN_DOUBT if name in doubtful else ChangeKind.WITHDRAWN, known.crime)
        for name, known in absent.items()
        if known.series == batch.series and not known.withdrawn
    ]


def apply_changes(
    held: Mapping[str, HeldCrime], batch: BatchId, changes: Iterable[BatchChange]
) -> dict[str, HeldCrime]:
    """The force's crimes after a batch."""
    after = dict(held)
    for change in changes:
        name = change.crime.reference
        if change.kind is ChangeKind.WITHDRAWN:
            after[name] = Held(change.crime, batch.series, withdrawn=True, kind=batch.kind)
        elif change.kind in NEW_VERSION:
            after[name] = Held(change.crime, batch.series, kind=batch.kind)
    return after


def same_content(one: Crime, other: Crime) -> bool:
    """Whether two versions say the same: all but the version and the batch."""
    return replace(one, version=0, batch="") == replace(other, version=0, batch="")


def _change(batch: BatchId, crime: Crime, known: HeldCrime | None, *, late: bool) -> BatchChange:
    same = known is not None and not known.withdrawn and same_content(crime, known.crime)
    if known is not None and same and known.series == batch.series:
        return BatchChange(ChangeKind.UNCHANGED, known.crime)
    if late or (known is not None and _after_original(batch, known)):
        standing = replace(crime, version=0) if known is None else known.crime
        return BatchChange(ChangeKind.SUPERSEDED, standing)
    if known is None:
        return BatchChange(ChangeKind.NEW, replace(crime, version=1))
    more = replace(crime, version=known.crime.version + 1)
    return BatchChange(ChangeKind.RESENT if same else ChangeKind.CHANGED, more)


def _after_original(batch: BatchId, known: HeldCrime) -> bool:
    """Whether `batch` is an original, and what is known came with a later batch of its series."""
    return (
        batch.kind is BatchKind.FIRST
        and known.series == batch.series
        and known.kind is not BatchKind.FIRST
    )
