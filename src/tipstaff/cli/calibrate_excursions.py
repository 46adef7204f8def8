"""`tipstaff calibrate excursions`: the table by which trails exclude, from simulated worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.counted_worlds import I64, made_from, require_place, summed
from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.engines.excursion_counts import count_world
from tipstaff.matching.excursions import from_counts, to_module
from tipstaff.matching.trust import TrustParameters
from tipstaff.simulation.world import WorldPlan, simulate

_OUT = typer.Argument(help="The table is written here, as a Python module.")


def excursions(
    out: Annotated[Path, _OUT],
    first_seed: Annotated[
        int, typer.Option(min=0, help="Seed of the first world; the others follow it.")
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
    require_place(out)

    def count(seed: int) -> I64:
        plan = WorldPlan(seed=seed, wearers=wearers, days=days, first_crime_day=min(15, days - 1))
        return count_world(simulate(plan), ERROR_MODEL_V1, TrustParameters())

    counts = summed(first_seed, worlds, count)
    told = made_from("worlds", first_seed, worlds, wearers, days)
    out.write_text(to_module(from_counts(counts, name), told), encoding="utf-8")
    typer.echo(f"{int(counts[:, 0].sum())} stretches of two minutes counted; table in {out}")
