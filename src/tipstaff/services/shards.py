"""Which worker watches whom: every wearer belongs to one shard, a shard to one worker at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tipstaff.services.live_telling import READER

#: More shards than this help nobody: each reads all that comes in.
MOST: Final = 64
#: Kept under another number whenever the count changes, so that nothing of the old is gone on with.
_APART: Final = 1000


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` of `of`; an instance's count is one setting for all its workers."""

    number: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of <= MOST:
            raise ValueError(f"a shard of at most {MOST}")

    def has(self, wearer: UUID) -> bool:
        """Whether a wearer (the audit's random reference) belongs to it."""
        return wearer.int % self.of == self.number

    @property
    def kept_as(self) -> int:
        """Its number among checkpoints, locks and leases."""
        return self.number if self.of == 1 else self.of * _APART + self.number

    @property
    def reader(self) -> str:
        """Its name among those who read the inbox."""
        return READER if self.of == 1 else f"{READER}-{self.number}-of-{self.of}"

    @property
    def leads(self) -> bool:
        """Whether what is nobody's alone is done beside it: feeds, and what the clock makes due."""
        return self.number == 0
