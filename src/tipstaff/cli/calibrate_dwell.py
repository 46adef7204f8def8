"""`tipstaff calibrate dwell`: how long wearers' stays last, and the law that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.counted_worlds import I64, made_from, require_place, summed
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.engines.dwell_counts import count_world
from tipstaff.matching.dwell_counts import law_from, to_module
from tipstaff.matching.strength import StrengthParameters
from tipstaff.simulation.plan import SMALLEST_TOWN_M
from tipstaff.simulation.world import WorldPlan, simulate

_OUT = typer.Argument(help="The law is written here, as a Python module.")


def dwell(
    out: Annotated[Path, _OUT],
    first_seed: Annotated[
        int, typer.Option(min=0, help="Seed of the first world; the others follow it.")
    ] = 900,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 1,
    wearers: Annotated[int, typer.Option(min=1, help="Wearers in each.")] = 200,
    days: Annotated[
        int, typer.Option(min=22, help="Days of each; a routine is known from two weeks on.")
    ] = 28,
    town_width_m: Annotated[
        float, typer.Option(min=SMALLEST_TOWN_M, help="Side of the town in metres.")
    ] = 3500.0,
) -> None:
    """Tabulate how long wearers stay where they are, from simulated worlds without crimes.

    The law weighs a stay at a scene by its length: how often offenders stay so long (assumed: about
    20 minutes on average), over how often wearers do at places as familiar to them (counted). Use
    seeds kept for tuning. The shipped law was made with the defaults, in about five minutes.
    """
    require_place(out)
    parameters = StrengthParameters()

    def count(seed: int) -> I64:
        plan = WorldPlan(
            seed=seed,
            wearers=wearers,
            days=days,
            crimes_by_wearers=0,
            crimes_by_others=0,
            town_width_m=town_width_m,
        )
        return count_world(simulate(plan), ERROR_MODEL_SIMULATED, parameters)

    counts = summed(first_seed, worlds, count)
    told = made_from("worlds without crimes", first_seed, worlds, wearers, days)
    law = law_from(counts, limits=parameters.dwell)
    out.write_text(to_module(law, told), encoding="utf-8")
    typer.echo(f"{int(counts[:, 1:].sum())} minutes counted; law in {out}")
