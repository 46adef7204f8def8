"""In which order the crime files of one call are taken, and which of them contradict each other.

The order in which files are named says nothing: `DBY20260601-R.csv` sorts before
`DBY20260601.csv`, which it replaces. So batches are taken by what they are: by force, date, number,
then the original, what replaces it, what adds to it. Files without a batch id come last.

Where no such order tells which of two files is the later one and it matters, the files *clash*:
only their sender knows, so nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Protocol

from tipstaff.domain.batches import (
    BatchId,
    BatchKind,
    HeldCrime,
    apply_changes,
    plan_batch,
    same_content,
)
from tipstaff.domain.crimes import Crime

_RANK: Final = {BatchKind.FIRST: 0, BatchKind.REPLACEMENT: 1, BatchKind.ADDITION: 2}


class SentFile(Protocol):
    """A crime file as read: good rows, references of bad ones, bad rows without a reference."""

    @property
    def force(self) -> str | None: ...  # noqa: D102 (told above)
    @property
    def batch(self) -> BatchId | None: ...  # noqa: D102
    @property
    def crimes(self) -> tuple[Crime, ...]: ...  # noqa: D102
    @property
    def rejected(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def unread_rows(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Clash:
    """Two files, by their places in the list given, and the crimes of which they disagree."""

    first: int
    second: int
    references: tuple[str, ...]


def taking_order(files: Sequence[SentFile]) -> list[int]:
    """The places of `files` in the order in which they are to be taken."""
    return sorted(range(len(files)), key=lambda i: _place(files[i]))


def clashes(files: Sequence[SentFile]) -> tuple[Clash, ...]:
    """Every pair that says different things of a crime where no order tells which is later.

    Files without a batch id are held against the rest once those agree among themselves.
    """
    order = _with_crimes(files)
    return tuple(_between_equals(files, order) or _of_files_without_id(files, order))


def replaced_and_added_to(files: Iterable[SentFile]) -> tuple[str, ...]:
    """Series of which both a replacement and an addition are here, so that their order matters.

    The replacement is taken first, so that what is added stands; had the addition come before it,
    what the replacement leaves out would be withdrawn.
    """
    listed: defaultdict[str, dict[str, Crime]] = defaultdict(dict)
    added: defaultdict[str, dict[str, Crime]] = defaultdict(dict)
    for file in files:
        if file.batch is not None and file.crimes and file.batch.kind is not BatchKind.FIRST:
            kind = listed if file.batch.kind is BatchKind.REPLACEMENT else added
            kind[file.batch.series] |= _by_reference(file)
    return tuple(sorted(s for s in added if s in listed and _disputed(added[s], listed[s])))


def standing(files: Sequence[SentFile]) -> list[Crime]:
    """The crimes that stand after all files, which do not clash, in the order of their keys."""
    order = _with_crimes(files)
    held = _held_after(files, order)
    loose = [c for i in order if files[i].batch is None for c in files[i].crimes]
    found = {h.crime.key: h.crime for h in held.values() if not h.withdrawn}
    found |= {c.key: c for c in loose if (c.force, c.reference) not in held}
    return [found[key] for key in sorted(found)]


def _place(file: SentFile) -> tuple[bool, str, bool, str, int, int]:
    batch = file.batch
    if batch is None:
        return (file.force is None, file.force or "", True, "", 0, 0)
    number = -1 if batch.number is None else batch.number
    day = batch.day.isoformat()
    return (file.force is None, file.force or "", False, day, number, _RANK[batch.kind])


def _with_crimes(files: Sequence[SentFile]) -> list[int]:
    """The places, in taking order, of files with a good row; one without withdraws nothing."""
    return [i for i in taking_order(files) if files[i].crimes]


def _by_reference(file: SentFile) -> dict[str, Crime]:
    return {crime.reference: crime for crime in file.crimes}


def _between_equals(files: Sequence[SentFile], order: Sequence[int]) -> list[Clash]:
    """Clashes of files with one and the same batch id, or with none."""
    equals: defaultdict[tuple[str | None, str], list[int]] = defaultdict(list)
    for i in order:
        equals[files[i].force, str(files[i].batch or "")].append(i)
    found = []
    for group in equals.values():
        for one, other in combinations(sorted(group), 2):
            names = _disagreements(files[one], files[other])
            if names:
                found.append(Clash(one, other, tuple(sorted(names))))
    return found


def _disagreements(one: SentFile, other: SentFile) -> set[str]:
    mine, theirs = _by_reference(one), _by_reference(other)
    names = {n for n in mine.keys() & theirs.keys() if not same_content(mine[n], theirs[n])}
    if one.batch is not None and one.batch.kind is BatchKind.REPLACEMENT:
        names |= _left_out(mine, other) | _left_out(theirs, one)
    return names


def _left_out(listed: Mapping[str, Crime], replacement: SentFile) -> set[str]:
    """What a replacement would withdraw of another one of the same id."""
    if replacement.unread_rows:
        return set()
    return set(listed) - _by_reference(replacement).keys() - replacement.rejected


def _disputed(sent: Mapping[str, Crime], others: Mapping[str, Crime]) -> set[str]:
    """Those of `sent` that are not among `others`, or are there with other content."""
    return {n for n, crime in sent.items() if n not in others or not same_content(crime, others[n])}


def _of_files_without_id(files: Sequence[SentFile], order: Sequence[int]) -> list[Clash]:
    """A file without a batch id is neither earlier nor later than any batch of its force."""
    held = _held_after(files, order)
    last = {
        (crime.force, crime.reference): i
        for i in order
        if files[i].batch is not None
        for crime in files[i].crimes
    }
    found: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for i in order:
        for crime in files[i].crimes if files[i].batch is None else ():
            key = (crime.force, crime.reference)
            if key in held and not _agrees(crime, held[key]):
                found[last[key], i].add(crime.reference)
    return [
        Clash(min(pair), max(pair), tuple(sorted(names))) for pair, names in sorted(found.items())
    ]


def _agrees(crime: Crime, held: HeldCrime) -> bool:
    return not held.withdrawn and same_content(crime, held.crime)


def _held_after(
    files: Sequence[SentFile], order: Sequence[int]
) -> dict[tuple[str, str], HeldCrime]:
    """By force and reference: what is held once those of the files with a batch id are taken."""
    by_force: dict[str, dict[str, HeldCrime]] = {}
    for i in order:
        file = files[i]
        if file.batch is None or file.force is None:
            continue
        known = by_force.get(file.force, {})
        changes = plan_batch(
            file.batch, file.crimes, known, rejected=file.rejected, unread_rows=file.unread_rows
        )
        by_force[file.force] = apply_changes(known, file.batch, changes)
    return {(force, name): h for force, held in by_force.items() for name, h in held.items()}
