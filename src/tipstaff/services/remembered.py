"""What was read from the records, remembered for as long as nothing was written to them.

Thousands of messages ask the same of records that rarely change, and what was withdrawn must count
at once. So nothing is remembered for a time: before each use the database is asked whether anything
was committed since. Each thread remembers for itself, as it has a connection of its own.
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
    what: str, owner: str, names: set[str], read: Callable[[set[str]], Mapping[str, V]]
) -> dict[str, V]:
    """What `read` says of each of `names`; it is asked for those that are not remembered.

    The version is taken before the reading: what is committed between the two is read anew.
    """
    now = (id(connection.connection), version())
    kept: dict[tuple[str, str, str], Any] = getattr(_thread, "kept", {})
    if getattr(_thread, "at", None) != now or now[1] is None or len(kept) > _MOST:
        kept = {}
    found = {name: kept[what, owner, name] for name in names if (what, owner, name) in kept}
    new = names - found.keys()
    if new:
        found.update(read(new))
        kept.update({(what, owner, name): found[name] for name in new})
    _thread.kept, _thread.at = kept, now
    return found
