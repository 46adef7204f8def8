"""A look at data, as the audit tells of it: one request with all its entries, and no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.purposes import Operation

#: Operations by which somebody comes to see data; the others record, change or remove them.
SEEING: Final = frozenset(
    {Operation.CONSULTATION, Operation.DISCLOSURE, Operation.COMBINATION, Operation.EXPORT}
)


@dataclass(frozen=True, slots=True)
class Look:
    """One request. People are the audit's random references.

    `subjects` are all whom it concerned, `aimed` those named in the asking: a list of a force's
    orders concerns many and is aimed at none. `served` is False where the data may have been seen:
    it was requested, and nothing says that it was answered. `refused` is the refusal's code, empty
    where it was admitted. `rows` is how many were served; `begin` and `end` are the period that was
    looked into, where there was one.
    """

    request_ref: UUID
    entries: tuple[UUID, ...]
    at: datetime
    actor_ref: UUID | None
    role: str
    operation: str
    use_case: str
    purpose: str
    subjects: frozenset[UUID] = frozenset()
    aimed: frozenset[UUID] = frozenset()
    served: bool = True
    refused: str = ""
    rows: int = 0
    broke_glass: bool = False
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def at_persons(self) -> bool:
        """Whether somebody's data were, or may have been, seen."""
        return self.operation in SEEING and bool(self.subjects)
