"""`tipstaff simulate`: a synthetic town's feed and crime files, and the truth behind them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tipstaff.cli.simulate_files import write_world
from tipstaff.simulation.geography import SEATS
from tipstaff.simulation.world import World, WorldPlan, simulate

app = typer.Typer(rich_markup_mode="markdown")

_FORCES = ", ".join(seat.force for seat in SEATS)
#: Of the crimes asked for, those by wearers; the rest are by people without a tag.
_BY_WEARERS = 2 / 3


def _plan(
    wearers: int, days: int, seed: int, crimes: int | None, start: datetime, force: str
) -> WorldPlan:
    by_wearers = None if crimes is None else round(crimes * _BY_WEARERS)
    by_others = None if crimes is None or by_wearers is None else crimes - by_wearers
    return WorldPlan(
        seed=seed,
        wearers=wearers,
        days=days,
        crimes_by_wearers=by_wearers,
        crimes_by_others=by_others,
        first_crime_day=min(15, days // 2 + 1),
        start=start.replace(tzinfo=UTC),
        force=force,
    )


def _refuse(message: str) -> typer.Exit:
    typer.echo(f"tipstaff simulate: {message}", err=True)
    return typer.Exit(2)


def _simulated(plan: WorldPlan) -> World:
    columns = (TextColumn("simulating wearers"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=plan.wearers)
        return simulate(plan, lambda done, _of: bar.update(task, completed=done))


@app.command(name="simulate")
def simulate_command(
    out: Annotated[Path, typer.Argument(help="A folder to write to: new, or empty.")],
    wearers: Annotated[int, typer.Option(help="How many people wear a tag.")] = 60,
    days: Annotated[int, typer.Option(help="How many days the world lasts.")] = 28,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    crimes: Annotated[
        int | None,
        typer.Option(help="Crimes in all, two in three by wearers.", show_default="by size"),
    ] = None,
    start: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day (UTC).")
    ] = datetime(2026, 5, 4),  # noqa: DTZ001 (typer gives naive dates; made UTC in _plan)
    force: Annotated[str, typer.Option(help=f"Whose town: {_FORCES}.")] = "Derbyshire",
    positions: Annotated[
        str, typer.Option(help="Format of the positions: parquet or csv.")
    ] = "parquet",
) -> None:
    """Make a town whose truth is known: streets, lives, tags, faults and crimes.

    Writes `positions.parquet` (or `.csv`), `activations.csv`, `crimes/<batch>.csv` (national
    format), `streets.geojson`, the truth in `truth/`, and `README.txt`, which explains them.
    Crimes begin in the second half, on day 15 at the latest, so that there is history before them.

    **Exit codes**: 0 written; 2 refused (OUT is not empty, or there can be no such world).
    """
    if positions not in {"parquet", "csv"}:
        raise _refuse("--positions is parquet or csv")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise _refuse("OUT is not an empty folder; nothing was written")
    try:
        plan = _plan(wearers, days, seed, crimes, start, force)
    except ValueError as error:
        raise _refuse(str(error)) from None
    world = _simulated(plan)
    write_world(world, out, positions)
    typer.echo(
        f"{world.positions.num_rows:,} positions of {wearers} wearers over {days} days and "
        f"{len(world.crimes)} crimes written to {out}"
    )
