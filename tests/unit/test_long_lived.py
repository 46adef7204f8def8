"""A worker's long-lived values are left out of searches, and only in a worker's own process."""

from __future__ import annotations

import gc
import weakref

from tipstaff.services.long_lived import left_out, rarely_searched, settled


class Ring:
    """A value that holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_in_other_processes_nothing_changes() -> None:
    frozen = gc.get_freeze_count()
    settled()
    assert gc.get_freeze_count() == frozen


def test_what_is_held_is_left_out_and_all_is_as_it_was_afterwards() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with rarely_searched():
        settled()
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_rings_that_nobody_holds_go_when_it_settles() -> None:
    with rarely_searched():
        settled()
        ring = Ring()
        seen = weakref.ref(ring)
        del ring
        assert seen() is not None
        settled()
        assert seen() is None


def test_what_a_server_holds_is_left_out_and_rings_of_pages_still_go() -> None:
    before = gc.get_threshold()
    with left_out():
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == before
        ring = Ring()
        seen = weakref.ref(ring)
        del ring
        gc.collect()
        assert seen() is None
    assert gc.get_freeze_count() == 0
