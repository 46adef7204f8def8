"""Take in several police crime files in one call: in the order of their batches, not names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tipstaff.domain.batch_order import Clash, clashes, replaced_and_added_to, taking_order
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.crimes import Mode
from tipstaff.services.access import require_own_force
from tipstaff.services.crimes import (
    ImportedCrimes,
    ReadCrimes,
    admit_import,
    on_record,
    read,
    take_in,
)


@dataclass(frozen=True, slots=True)
class UnclearOrder:
    """Files of one call that contradict each other: none of the call's files was taken in."""

    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Files of one call being taken in.

    `both`: series of which a replacement and an addition are among them, in that order; `done`
    takes the files in and tells what became of each, by its place in the call.
    """

    both: tuple[str, ...]
    done: Iterator[tuple[int, ImportedCrimes]]


def import_crime_files(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    contents: Sequence[bytes],
    mode: Mode = Mode.STRICT,
) -> TakenIn | UnclearOrder:
    """Take in files whose order of arrival nobody told: an original before what replaces it.

    Every file is a transaction and an audit entry of its own. What is on record already says
    nothing new, so it contradicts no other file.
    """
    who: dict[str, Any] = {"actor": actor, "purpose": purpose, "authority": authority}
    access = admit_import(**who)  # before any file is read
    given = [read(content, mode) for content in contents]
    for one in given:
        require_own_force(access, one.file.force)
    fresh = [i for i, one in enumerate(given) if not on_record(one)]
    files = [given[i].file for i in fresh]
    unclear = tuple(
        replace(clash, first=fresh[clash.first], second=fresh[clash.second])
        for clash in clashes(files)
    )
    if unclear:
        return UnclearOrder(unclear)
    return TakenIn(replaced_and_added_to(files), _each(given, who))


def _each(given: Sequence[ReadCrimes], who: dict[str, Any]) -> Iterator[tuple[int, ImportedCrimes]]:
    for i in taking_order([one.file for one in given]):
        yield i, take_in(admit_import(**who), given[i])
