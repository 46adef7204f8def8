"""`tipstaff calibrate`: fits parameters to data with known truth; one module a subcommand."""

from __future__ import annotations

import typer

from tipstaff.cli import calibrate_dwell, calibrate_errors, calibrate_excursions

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", add_completion=False)


@app.callback()
def calibrate() -> None:
    """Fit the parameters of the models to data whose truth is known."""


app.command("dwell")(calibrate_dwell.dwell)
app.command("errors")(calibrate_errors.errors)
app.command("excursions")(calibrate_excursions.excursions)
