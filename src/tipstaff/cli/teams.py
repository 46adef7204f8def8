"""`tipstaff teams`: those who share cases."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, tell

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
NameArgument = Annotated[str, typer.Argument(metavar="TEAM", help="The team's name.")]


@app.callback()
def teams() -> None:
    """Make, close and list teams: people who share cases, in a force or in another organisation."""


@app.command("add")
def add(
    name: NameArgument,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    force: Annotated[str, typer.Option("--force", help="Its force, where it is one's.")] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", help="Its organisation, where it is another's.")
    ] = "",
) -> None:
    """Make a team. Put people into it with `tipstaff accounts add` or `change`.

    Try: `tipstaff teams add "IOM north" --force Durham --purpose system_administration`

    **Exit codes**: 0 made; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.teams import add_team

        outcome = add_team(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            name=name,
            force=force or None,
            organisation=organisation,
        )
    tell(outcome, "Made")


@app.command("close")
def close(
    name: NameArgument,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Close a team: from now on nobody reaches a case by it.

    **Exit codes**: 0 closed; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.teams import close_team

        outcome = close_team(
            actor=values.actor, purpose=purpose, authority=authority, name=name, reason=reason
        )
    tell(outcome, "Closed")


@app.command("list")
def list_them(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List teams by name, closed ones too.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.teams import list_teams

        found = list_teams(actor=values.actor, purpose=purpose, authority=authority)
    for team in found:
        whose = team.force or team.organisation or "no force"
        state = "" if team.ended_at is None else f"  closed {team.ended_at:%Y-%m-%d}"
        typer.echo(f"{team.name}  ({whose}){state}")
