"""`tipstaff demo-county`: the steps of `tipstaff demo`, each in a process of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import on_instance

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def county() -> None:
    """The steps of `tipstaff demo`: make a county in an instance of its own, and let it live."""


@app.command("init")
def begin(
    days: Annotated[int, typer.Argument(help="How many days ago the county begins.")] = 56,
) -> None:
    """Make an instance in the data folder, where there is none yet, as if so many days ago.

    **Exit codes**: 0 made; 3 it cannot be made.
    """
    with on_instance():
        from tipstaff.cli.county.make import begin as begun
        from tipstaff.cli.county.world import CountyPlan

        begun(CountyPlan(days=days))


@app.command("make")
def make(
    wearers: Annotated[int, typer.Argument(help="How many people wear a tag.")] = 20,
    days: Annotated[int, typer.Argument(help="How many days the world lasts.")] = 56,
    crimes: Annotated[int, typer.Argument(help="Crimes in all, two in three by wearers.")] = 24,
    seed: Annotated[int, typer.Argument(help="The same seed gives the same world.")] = 5,
) -> None:
    """Make the county in an instance that `demo-county init` has made.

    **Exit codes**: 0 made; 3 not set up.
    """
    with on_instance():
        from tipstaff.cli.county.make import make as made
        from tipstaff.cli.county.world import CountyPlan

        watched = min(7, max(2, days // 4))
        made(CountyPlan(wearers, days, watched, crimes, seed), typer.echo)


@app.command("play")
def play(
    address: Annotated[str, typer.Argument(help="Where `tipstaff serve` answers.")],
    seconds: Annotated[float, typer.Option(help="How long; 0: until it is ended.")] = 0.0,
) -> None:
    """Send what the county's tags report from now on, as it comes.

    **Exit codes**: 0 ended; 2 nobody answers there; 3 not set up.
    """
    with on_instance() as values:
        from tipstaff.cli.county.play import play as played
        from tipstaff.cli.county.play import read

        try:
            played(read(values.data), address, typer.echo, for_s=seconds or None)
        except KeyboardInterrupt:
            typer.echo("")
        except ConnectionError:
            typer.secho(f"tipstaff demo-county: nobody answers at {address}.", err=True)
            raise typer.Exit(2) from None
