"""`tipstaff runs`: the runs on record."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.exit_codes import WITHDRAWN
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import key_of
from tipstaff.cli.position_files import fail
from tipstaff.domain.purposes import Purpose

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
    changes: Annotated[
        str,
        typer.Option(
            "--changes",
            metavar="ID",
            help="What this run says otherwise than those before it, as CSV, the worst first.",
        ),
    ] = "",
) -> None:
    """List the latest matches of the archive, newest first: when, which model, which data.

    `tipstaff report ID --purpose PURPOSE` makes a run's page again. With `--changes`: whom a match
    that was made again concerns, which a notice of a withdrawn exclusion does not say. With
    `--reserved`: runs that name a candidate of limited access, oldest first. Whoever is not cleared
    is told that there is none, whether there is or not.

    Try: `tipstaff runs --purpose crime_matching --limit 5`

    **Exit codes**: 0 listed; 2 no such run; 3 not set up; 4 refused; 5 listed, and an exclusion was
    withdrawn.
    """
    if changes:
        _changes(changes, purpose, authority)
        return
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


def _changes(key: str, purpose: Purpose, authority: str) -> None:
    run_id = key_of(key)
    with on_instance() as values:
        from tipstaff.services.pending import list_changes

        found = list_changes(
            actor=values.actor, purpose=purpose, authority=authority, run_id=run_id
        )
    if found is None:
        raise fail(f"{key}: there is no such run, or it is not for you.")
    from tipstaff.formats.answer_changes import write_changes
    from tipstaff.matching.changes import LOUD

    typer.echo(write_changes(found).decode(), nl=False)
    if any(change.kind is LOUD for change in found):
        raise typer.Exit(WITHDRAWN)
