"""`tipstaff init`: make an instance."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff import settings
from tipstaff.cli.instance_errors import on_instance

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def init(
    user: Annotated[
        str,
        typer.Option("--user", help="The local user commands act as. Default: your account name."),
    ] = "",
) -> None:
    """Make the data folder, its settings file, the database and a local user.

    The folder is `var` here, or the one that `TIPSTAFF_DATA` names. Run it again at any time: what
    exists stays as it is, and the database is brought up to this version of the program.
    """
    with on_instance() as values:
        from tipstaff.services.instance import init_instance

        made = init_instance(user=user or values.actor or settings.default_user_name())
    typer.echo(f"Data folder    {made.data}")
    typer.echo(f"Settings file  {made.settings_file}{'' if made.file_made else ' (kept)'}")
    typer.echo(f"Local user     {made.user}{'' if made.user_made else ' (kept)'}")
    if made.actor != made.user:
        typer.echo(
            f"Commands act as {made.actor or 'nobody'}. To act as {made.user}, write "
            f'actor = "{made.user}" in the settings file or set TIPSTAFF_ACTOR.'
        )
    typer.echo(
        "Next: tipstaff import activations, tipstaff import positions, tipstaff import crimes; "
        "then tipstaff match. Each needs --purpose."
    )
