"""Work in threads of its own, for as long as something else lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def beside(works: Mapping[str, Callable[[threading.Event], None]]) -> Iterator[None]:
    """While this lasts each of `works`, by name, runs in a thread; then all are waited for.

    Each is told that it is to end by the event that it is given.
    """
    ended = threading.Event()
    threads = [
        threading.Thread(target=work, args=(ended,), name=name) for name, work in works.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
