"""What a process holds for hours, kept out of the search for what can be forgotten.

Python looks through all that a process holds for rings of values that nobody needs any more. A
worker holds some millions of values, for as long as tags are worn, and none of them in a ring: to
look through them again and again was a quarter of its time, and each time a pause for everybody.
A server holds the program itself, half a million values: each search was a page that took a third
of a second longer.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: How many new values there have to be, and how many smaller searches, before each of the searches.
_SEARCHES: Final = (50_000, 20, 100)


@contextmanager
def rarely_searched() -> Iterator[None]:
    """Let searches be rare in this process; afterwards all is as it was."""
    before = gc.get_threshold()
    gc.set_threshold(*_SEARCHES)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def left_out() -> Iterator[None]:
    """Leave what is held now out of searches, which stay as they are; afterwards it is in again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def settled() -> None:
    """Take all that is held now for long-lived, where searches are rare.

    Rings among what came since the last time go.
    """
    if gc.get_threshold() != _SEARCHES:
        return
    gc.collect()
    gc.freeze()
