"""What the intake read from the records, remembered for as long as nothing of it was written to.

Thousands of messages ask the same of records that rarely change, and what was withdrawn must count
at once. So nothing is remembered for a time: before each use the database is asked whether anything
was committed since to the tables that are marked (`records.change_marks`). Each thread remembers
for itself, as it has a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from django.db import connection

from tipstaff.records.database_version import version

V = TypeVar("V")

#: So many things are remembered; then all is forgotten, so that made-up names fill no memory.
_MOST: Final = 100_000
_thread: Final = threading.local()


def remembered(
    what: str,
    owner: str,
    names: set[str],
    read: Callable[[set[str]], Mapping[str, V]],
    *,
    slot: int = 0,
) -> dict[str, V]:
    """What `read` says of each of `names`; it is asked for those that are not remembered.

    The version is taken before the reading: what is committed between the two is read anew. Within
    a transaction everything is read: what it wrote may be undone. In another `slot` of time what
    was read of the same in the last one is forgotten.
    """
    at = version()
    now = (connection.connection, at)  # the connection itself: a later one may have its id
    kept: dict[tuple[str, str], tuple[int, dict[str, Any]]] = getattr(_thread, "kept", {})
    if getattr(_thread, "at", None) != now or at is None or _count(kept) > _MOST:
        kept = {}
    of_slot, own = kept.get((what, owner), (slot, {}))
    if of_slot != slot:
        own = {}
    kept[what, owner] = (slot, own)
    found = {name: own[name] for name in names & own.keys()}
    if new := names - found.keys():
        found.update(read(new))
        own.update({name: found[name] for name in new})
    _thread.kept, _thread.at = kept, now
    return found


def _count(kept: Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]]) -> int:
    return sum(len(own) for _slot, own in kept.values())
