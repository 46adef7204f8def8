"""`tipstaff releases`: who is released when, and who was not fitted by the deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.given_times import INSTANT_HELP, instant
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.releases import ListedRelease

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")]


@app.callback()
def releases() -> None:
    """List releases and their alarms. `import orders` records releases and visits."""


@app.command("list")
def list_releases(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    since: Annotated[
        str, typer.Option("--since", help=f"Deadlines from then on, else from now: {INSTANT_HELP}")
    ] = "",
    limit: LimitOption = 50,
) -> None:
    """List releases by the deadline of their fitting, each with where it stands.

    Try: `tipstaff releases list --since 2026-03-02 --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    begin = instant(since, "--since")
    with on_instance() as values:
        from tipstaff.services.releases import list_releases as listed

        _tell(
            listed(
                actor=values.actor,
                purpose=purpose,
                authority=authority,
                since=begin,
                limit=limit,
            )
        )


@app.command("alarms")
def alarms(
    purpose: PurposeOption, authority: AuthorityOption = "", limit: LimitOption = 50
) -> None:
    """List whoever was released and not fitted by the deadline, the longest overdue first.

    Try: `tipstaff releases alarms --purpose offender_management`

    **Exit codes**: 0 listed, were there any or none; 2 a wrong call; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.releases import list_alarms

        _tell(list_alarms(actor=values.actor, purpose=purpose, authority=authority, limit=limit))


@app.command("raise")
def raise_alarms(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Put every alarm that stands on record, once. For a scheduler, each minute if it likes.

    News of a fitting in time retracts an alarm when it is recorded; both stay to be seen.

    Try: `tipstaff releases raise --purpose offender_management`

    **Exit codes**: 0 done; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.releases import raise_alarms as round_of

        done = round_of(actor=values.actor, purpose=purpose, authority=authority)
    typer.echo(f"{done.raised} alarms raised, {done.standing} stood already")


def _tell(listed: tuple[ListedRelease, ...]) -> None:
    for one in listed:
        line = one.line
        raised = "" if one.raised_at is None else f"  raised {one.raised_at:%Y-%m-%dT%H:%MZ}"
        alarm = "  ALARM" if one.state.alarm else ""
        typer.echo(
            f"{line.reference}  wearer {line.wearer}  order {line.order}  {line.place_name}  "
            f"released {line.released_at:%Y-%m-%dT%H:%MZ}  fit by {line.fit_by:%Y-%m-%dT%H:%MZ}  "
            f"{one.state.stage}{alarm}{raised}"
        )
    if not listed:
        typer.echo("None of these is on record now.", err=True)
