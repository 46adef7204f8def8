"""`tipstaff calibrate dwell`: how long wearers' stays last, and the law that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.engines.dwell_counts import count_world
from tipstaff.matching.dwell import CLASSES, LONGEST_MIN
from tipstaff.matching.dwell_counts import law_from, to_module
from tipstaff.matching.strength import StrengthParameters
from tipstaff.simulation.world import WorldPlan, simulate

_OUT = typer.Argument(help="The law is written here, as a Python module.")


def dwell(
    out: Annotated[Path, _OUT],
    first_seed: Annotated[
        int, typer.Option(help="Seed of the first world; the others follow it.")
    ] = 900,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 1,
    wearers: Annotated[int, typer.Option(min=1, help="Wearers in each.")] = 200,
    days: Annotated[
        int, typer.Option(min=22, help="Days of each; a routine is known from two weeks on.")
    ] = 28,
    town_width_m: Annotated[float, typer.Option(help="Side of the town in metres.")] = 3500.0,
) -> None:
    """Tabulate how long wearers stay where they are, from simulated worlds without crimes.

    The law weighs a stay at a scene by its length: how often offenders stay so long (assumed: about
    20 minutes on average), over how often wearers do at places as familiar to them (counted). Use
    seeds kept for tuning. The shipped law was made with the defaults, in about five minutes.
    """
    counts = np.zeros((CLASSES, LONGEST_MIN + 2), dtype=np.int64)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("worlds", total=worlds)
        for seed in range(first_seed, first_seed + worlds):
            plan = WorldPlan(
                seed=seed,
                wearers=wearers,
                days=days,
                crimes_by_wearers=0,
                crimes_by_others=0,
                town_width_m=town_width_m,
            )
            counts += count_world(simulate(plan), ERROR_MODEL_SIMULATED, StrengthParameters())
            progress.advance(task)
    made_from = (
        f"{worlds} simulated worlds without crimes, seeds {first_seed} to"
        f" {first_seed + worlds - 1}, of {wearers} wearers and {days} days each"
    )
    out.write_text(to_module(law_from(counts), made_from), encoding="utf-8")
    typer.echo(f"{int(counts[:, 1:].sum())} minutes counted; law in {out}")
