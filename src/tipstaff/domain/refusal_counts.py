"""Refused uses counted by the minute: the audit holds a line a minute, not one a request."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MinuteOfRefusals:
    """A minute that is over: how often each (name, code) was refused in it."""

    minute: datetime
    counts: dict[tuple[str, str], int]


@dataclass(slots=True)
class RefusalCounts:
    """Counts of the minute that is running. The names must be few: nothing that was made up."""

    minute: datetime | None = None
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, name: str, code: str, now: datetime) -> MinuteOfRefusals | None:
        """Count a refusal; the minute before, where `now` is in another and it had any."""
        over = self.take(now)
        self.minute = self.minute or now.replace(second=0, microsecond=0)
        self.counts[name, code] += 1
        return over

    def take(self, now: datetime) -> MinuteOfRefusals | None:
        """The counts of a minute that is over at `now`, which are counted no longer; else None.

        A clock that goes back ends the minute too.
        """
        if self.minute is None or self.minute == now.replace(second=0, microsecond=0):
            return None
        return self.take_now()

    def take_now(self) -> MinuteOfRefusals | None:
        """The counts so far, whether or not their minute is over."""
        if self.minute is None:
            return None
        over = MinuteOfRefusals(self.minute, dict(self.counts))
        self.minute, self.counts = None, Counter()
        return over
