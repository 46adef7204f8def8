"""Counting something in simulated worlds one by one: what `tipstaff calibrate` is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from tipstaff.cli.position_files import fail

I64 = NDArray[np.int64]


def require_place(out: Path) -> None:
    """Refuse, before minutes of work, a file that cannot be written for want of its folder."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise fail(f"{out} cannot be written: name a file in a folder that is there.")


def summed(first_seed: int, worlds: int, count: Callable[[int], I64]) -> I64:
    """The counts of `worlds` worlds, by their seeds from `first_seed` on, added up."""
    console = Console(stderr=True)
    total: Any = 0
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("worlds", total=worlds)
        for seed in range(first_seed, first_seed + worlds):
            total = total + count(seed)
            progress.advance(task)
    return np.asarray(total)


def made_from(what: str, first_seed: int, worlds: int, wearers: int, days: int) -> str:
    """The sentence that says from which worlds a table was made."""
    seeds = f"seeds {first_seed} to {first_seed + worlds - 1}"
    return f"{worlds} simulated {what}, {seeds}, of {wearers} wearers and {days} days each"
