"""What an erasure takes away, by random references alone; and what may be said of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tipstaff.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Piece:
    """What goes of one person. `whole`: everything on record, and the link to the name with it.

    `worn`: stretches of devices' time, by the archive's keys; `answers`: what matching said about
    crimes whose window begins then; `records`: case records, by the keys of their rows.
    """

    subject_ref: UUID
    whole: bool = False
    worn: tuple[tuple[int, Period], ...] = ()
    answers: tuple[Period, ...] = ()
    records: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was decided: its id, when, by which policy, and what goes.

    `again`: the earlier erasures that it repeats, on a copy that a backup brought back.
    """

    erasure_id: UUID
    at: datetime
    policy: str
    pieces: tuple[Piece, ...]
    again: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The erasures that are done with it."""
        return (self.erasure_id, *self.again)


@dataclass(frozen=True, slots=True)
class Proof:
    """That something was erased: nothing in it is about a person, random references neither.

    `counts`: by store and by what was in it, as counted when the erasure began. `whole`: of how
    many people everything went, `parts`: of how many others a part. `sequence` and `hash` are those
    of the audit's entry, which the chain vouches for; None until it is chained.
    """

    erasure_id: UUID
    decided_at: datetime
    finished_at: datetime
    policy: str
    whole: int
    parts: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sequence: int | None = None
    hash: str | None = None
