"""`tipstaff calibrate excursions`: the table by which trails exclude, from simulated worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.engines.excursion_counts import count_world
from tipstaff.matching.excursions import PATHS_M, SHAPE, from_counts, to_module
from tipstaff.matching.trust import TrustParameters
from tipstaff.simulation.world import WorldPlan, simulate

_OUT = typer.Argument(help="The table is written here, as a Python module.")


def excursions(
    out: Annotated[Path, _OUT],
    first_seed: Annotated[
        int, typer.Option(help="Seed of the first world; the others follow it.")
    ] = 900,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 40,
    wearers: Annotated[int, typer.Option(min=1, help="Wearers in each.")] = 150,
    days: Annotated[int, typer.Option(min=2, help="Days of each.")] = 28,
    name: Annotated[str, typer.Option(help="The version it will carry.")] = "excursions-1",
) -> None:
    """Tabulate how far wearers go between two sightings, from simulated worlds.

    The more worlds, the more *never seen* means, and the more wearers a trail excludes. Use seeds
    kept for tuning, never those from which figures are published. The shipped table was made with
    the defaults; a world of them takes about half a minute.
    """
    counts = np.zeros((*SHAPE[:3], len(PATHS_M) + 1), dtype=np.int64)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("worlds", total=worlds)
        for seed in range(first_seed, first_seed + worlds):
            plan = WorldPlan(
                seed=seed, wearers=wearers, days=days, first_crime_day=min(15, days - 1)
            )
            counts += count_world(simulate(plan), ERROR_MODEL_V1, TrustParameters())
            progress.advance(task)
    made_from = (
        f"{worlds} simulated worlds, seeds {first_seed} to {first_seed + worlds - 1}, "
        f"of {wearers} wearers and {days} days each"
    )
    out.write_text(to_module(from_counts(counts, name), made_from), encoding="utf-8")
    typer.echo(f"{int(counts[:, 0].sum())} stretches of two minutes counted; table in {out}")
