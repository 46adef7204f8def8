"""The worker beside the pages: begun again when it dies, and told of once where it may not run."""

from __future__ import annotations

import threading

import pytest

from tipstaff.cli import worker_child


class _Child:
    def __init__(self, code: int) -> None:
        self.returncode = code

    def poll(self) -> int:
        return self.returncode


def told_of(codes: list[int], monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[float]]:
    """What is said, and how long is waited, while the worker ends with each of the codes."""
    said: list[str] = []
    waits: list[float] = []

    class Ended(threading.Event):
        def is_set(self) -> bool:
            return len(waits) == len(codes)

        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return False

    def echo(words: str, *, err: bool) -> None:
        assert err
        said.append(words)

    monkeypatch.setattr(worker_child, "_begin", lambda: _Child(codes[len(waits)]))
    monkeypatch.setattr("typer.echo", echo)
    worker_child._keep_one(Ended())
    return said, waits


def test_one_that_dies_is_begun_again_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said, waits = told_of([-9, -9, 70, 70, -9, -9, -9, -9], monkeypatch)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert said[0] == "The worker ended (-9); it is begun again in 1 s."
    assert len(said) == 8


def test_one_that_may_not_run_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said, waits = told_of([2, 2, 2, 4], monkeypatch)
    assert waits == [60, 60, 60, 60]
    assert len(said) == 2
    assert "--no-worker" in said[0]
    assert "(4)" in said[1]
