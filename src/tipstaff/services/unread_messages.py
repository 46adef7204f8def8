"""What could not be read of suppliers' messages, for a person to look at."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions.inbox_reading import UnreadRow
from tipstaff.services.access import admit
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.recording import reading

MOST: Final = 1_000


def list_unread(
    *, actor: str, purpose: Purpose, authority: str, after: int = 0
) -> tuple[UnreadRow, ...]:
    """At most `MOST` of them with their bytes, from the one after number `after` on.

    The bytes may tell of a person, whoever that is: the look is recorded.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_unread",
    )
    with reading(access, extent={"after": after}) as looked:
        reader = inbox_reader()
        found = tuple(reader.unread(MOST, after)) if reader.exists() else ()
        looked.rows = len(found)
    return found
