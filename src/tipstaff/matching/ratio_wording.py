"""A likelihood ratio and its interval in words, a capped value said as the bound it is.

A model states no ratio beyond its cap: a value at the cap means "that or more", and must not read
as if it had been measured to be just so.
"""

from __future__ import annotations

from typing import Final

from tipstaff.matching import wording

#: Half of the last place with which results are written: a cap is one after a file too.
_SLACK: Final = 0.00005


def size_words(log10_lr: float, low: float, high: float, cap: float | None) -> str:
    """How many times: "about 300", or "at least 10" where the whole interval lies at the cap."""
    near, _far = _ends(log10_lr, low, high)
    return f"{'at least' if _at(near, cap) else 'about'} {wording.times(log10_lr)}"


def interval_words(log10_lr: float, low: float, high: float, cap: float | None = None) -> str:
    """The interval on the side of `log10_lr`: "interval 90 to 800"; one that spans 1 says so.

    `cap`: the largest size of a log10 ratio that is stated for this answer; None where unknown.
    """
    near, far = _ends(log10_lr, low, high)
    if _at(near, cap):
        return f"capped at {wording.times(near)}, the most that is stated here"
    if near < 0:
        less = _end(near, cap)
        return f"interval from {less} times less to {_end(far, cap)} times more"
    return f"interval {wording.times(near)} to {_end(far, cap)}"


def cap_of(values: tuple[float, ...], caps: tuple[float, ...]) -> float | None:
    """That one of a model's `caps` at which one of an answer's written values lies, or None."""
    sizes = [abs(value) for value in values]
    return next((cap for cap in caps if any(abs(s - cap) < _SLACK for s in sizes)), None)


def _ends(log10_lr: float, low: float, high: float) -> tuple[float, float]:
    """The interval's end nearer to 1 and the other, both positive on the side of `log10_lr`."""
    return (low, high) if log10_lr >= 0 else (-high, -low)


def _at(end: float, cap: float | None) -> bool:
    return cap is not None and end > cap - _SLACK


def _end(end: float, cap: float | None) -> str:
    return wording.times(end) + (" or more" if _at(abs(end), cap) else "")
