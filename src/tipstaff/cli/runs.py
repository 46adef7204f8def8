"""`tipstaff runs`: the runs on record."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def runs(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many runs.")] = 50,
    reserved: Annotated[
        bool,
        typer.Option("--reserved", help="What waits for a reviewer cleared for limited access."),
    ] = False,
) -> None:
    """List the latest matches of the archive, newest first: when, which model, which data.

    `tipstaff report ID --purpose PURPOSE` makes a run's page again. With `--reserved`: runs that
    name a candidate of limited access, oldest first. Whoever is not cleared is told that there is
    none, whether there is or not.

    Try: `tipstaff runs --purpose crime_matching --limit 5`

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.runs import list_reserved, list_runs

        found = list_reserved if reserved else list_runs
        lines = found(actor=values.actor, purpose=purpose, authority=authority, limit=limit)
    for line in lines:
        typer.echo(
            f"{line.run_id}  {line.finished_at:%Y-%m-%d %H:%M} UTC  model {line.model_version}  "
            f"data {line.data_digest[:12]}"
        )
    if not lines and reserved:
        typer.echo("No run waits for you.")
    elif not lines:
        typer.echo("No run is on record yet: tipstaff match --batch makes one.")
