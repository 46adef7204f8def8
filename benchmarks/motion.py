"""The smoother over a wearer's fixes: compiled, beside the very same code run by Python."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, Result
from benchmarks.wearers import MINUTES, fixes_of, lives_of
from tipstaff.domain.geodesy import E7, to_mercator
from tipstaff.patterns import motion

F64 = NDArray[np.float64]
DAYS: Final = 400
PLAIN_DAYS: Final = 2
NAMED: Final = {"full": 1.0, "tiny": 0.02}

Fixes = tuple[F64, tuple[F64, F64, F64, F64, F64]]


def _days(count: int) -> list[Fixes]:
    """Fixes of so many wearers' days as the smoother takes them."""
    table = fixes_of(lives_of(0, count), 0)
    key = table["device_key"].to_numpy()
    t_us = table["fix_time"].cast("int64").to_numpy()
    x, y = to_mercator(table["lat_e7"].to_numpy() / E7, table["lon_e7"].to_numpy() / E7)
    days = []
    for wearer in np.unique(key):
        own = key == wearer
        t_min = (t_us[own] - t_us[own][0]) / 60e6
        one = np.full(len(t_min), 400.0)
        days.append((t_min, (x[own], y[own], one, one, np.full(len(t_min), 2.6))))
    return days


class _Plain:
    """The kernels as Python runs them: each compiled function replaced by its source's own."""

    def __enter__(self) -> Any:
        self._compiled = {n: f for n, f in vars(motion).items() if hasattr(f, "py_func")}
        for name, function in self._compiled.items():
            setattr(motion, name, function.py_func)
        return motion.smooth

    def __exit__(self, *_about: object) -> None:
        for name, function in self._compiled.items():
            setattr(motion, name, function)


def _minutes_a_second(smooth: Any, days: list[Fixes]) -> tuple[float, list[Any]]:
    row = motion.MotionParameters().as_row()
    begun = time.perf_counter()
    answers = [smooth(t_min, fixes, MINUTES, row) for t_min, fixes in days]
    return len(days) * MINUTES / (time.perf_counter() - begun), answers


def run(scale: str) -> Result:
    """Smooth days by the compiled kernel on one core, and a few of them by Python."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    days = _days(max(PLAIN_DAYS, round(DAYS * share)))
    _minutes_a_second(motion.smooth, days[:1])
    fast, answers = _minutes_a_second(motion.smooth, days)
    with _Plain() as plain:
        slow, same = _minutes_a_second(plain, days[:PLAIN_DAYS])
    for ours, theirs in zip(answers, same, strict=False):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6)
    return Result(
        name="motion",
        scale=scale,
        figures=[
            Figure("minutes smoothed a second", fast, "1/s", slow, "the same code in plain Python")
        ],
        counts={"days": len(days), "days_in_plain_python": PLAIN_DAYS},
        notes=["One core. Both give the same answers, which is checked."],
    )
