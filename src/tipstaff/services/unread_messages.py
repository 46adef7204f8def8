"""What could not be read of suppliers' messages, to be looked at: by kind, and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions.inbox_again import UnreadKind, UnreadWanted
from tipstaff.positions.inbox_reading import UnreadRow
from tipstaff.services.access import admit
from tipstaff.services.inbox import inbox_again, inbox_reader
from tipstaff.services.recording import reading

#: So many are listed, and so much of their bytes is taken into memory at once.
MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class UnreadCounted:
    """How many could not be read, by kind; `held` wait, of devices that nobody is known to have."""

    kinds: tuple[UnreadKind, ...]
    held: int


def count_unread(*, actor: str, purpose: Purpose, authority: str) -> UnreadCounted:
    """How many there are of each supplier, feed and reason, the most first; nothing of them."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="count_unread",
    )
    with reading(access, extent={}) as looked:
        found = tuple(inbox_again().kinds())
        reader = inbox_reader()
        held = reader.state().held if reader.exists() else 0
        looked.rows = len(found)
    return UnreadCounted(found, held)


def list_unread(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    after: int = 0,
    wanted: UnreadWanted | None = None,
    most: int = MOST,
) -> tuple[UnreadRow, ...]:
    """At most `most` of them with their bytes, from the one after number `after` on.

    The bytes may tell of a person, whoever that is: the look is recorded.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_unread",
    )
    asked = wanted or UnreadWanted(after=after)
    with reading(access, extent={"after": asked.after}) as looked:
        found = tuple(inbox_again().rows(asked, most))
        looked.rows = len(found)
    return found


def show_unread(*, actor: str, purpose: Purpose, authority: str, number: int) -> UnreadRow | None:
    """One of them with all its bytes; None where there is none of that number (any longer)."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="show_unread",
    )
    with reading(access, extent={"number": number}) as looked:
        found = inbox_again().rows(UnreadWanted(number=number), 1) if number > 0 else []
        looked.rows = len(found)
    return found[0] if found else None
