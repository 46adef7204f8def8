"""`tipstaff compact`: upkeep of the archive."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def compact(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    keep_hours: Annotated[
        int,
        typer.Option(
            "--keep-hours",
            min=0,
            help="Delete files that no state of the archive younger than this needs.",
        ),
    ] = 168,
) -> None:
    """Bring each day of the archive into one sorted file, so that looks and matches read less.

    Every import adds a file to each day it touches; do this once a night. No fix changes.

    Try: `tipstaff compact --purpose system_administration`

    **Exit codes**: 0 done; 2 the archive could not be written; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.upkeep import compact_archive

        done = compact_archive(
            actor=values.actor, purpose=purpose, authority=authority, keep_hours=keep_hours
        )
    days = "1 day" if done.days == 1 else f"{done.days} days"
    typer.echo(f"{days} brought together, {done.files_deleted} old files deleted.")
