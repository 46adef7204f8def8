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
) -> None:
    """List the latest matches of the archive, newest first: when, which model, which data.

    `tipstaff report ID --purpose PURPOSE` makes a run's page again.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.runs import list_runs

        lines = list_runs(actor=values.actor, purpose=purpose, authority=authority, limit=limit)
    for line in lines:
        typer.echo(
            f"{line.run_id}  {line.finished_at:%Y-%m-%d %H:%M} UTC  model {line.model_version}  "
            f"data {line.data_digest[:12]}"
        )
    if not lines:
        typer.echo("No run is on record yet: tipstaff match --batch makes one.")
