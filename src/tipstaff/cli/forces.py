"""`tipstaff forces`: the police forces, and since when each is live in which scheme."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, day_of, tell
from tipstaff.cli.position_files import fail
from tipstaff.domain.forces import ForceFact

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def forces() -> None:
    """Record and list police forces. The nineteen of the national crime file are there already."""


@app.command("record")
def record(
    identifier: Annotated[
        str, typer.Argument(metavar="FORCE", help="How files name it: letters, as Dorset.")
    ],
    code: Annotated[str, typer.Option("--code", help="The letters of its batch ids, as DOR.")],
    name: Annotated[str, typer.Option("--name", help="Its name in full.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    live: Annotated[
        list[str] | None,
        typer.Option("--live", metavar="SCHEME=DAY", help="Live in a scheme since; repeatable."),
    ] = None,
    reason: ReasonOption = "",
) -> None:
    """Record a force, or say anew what it is called and since when it is live.

    Try: `tipstaff forces record Dorset --code DOR --name "Dorset Police"
    --live voluntary-iom=2026-01-05 --purpose system_administration`

    **Exit codes**: 0 recorded; 2 nothing was changed; 3 not set up; 4 refused.
    """
    days = dict(_live(text) for text in live or [])
    with on_instance() as values:
        from tipstaff.services.teams import record_force

        outcome = record_force(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            force=ForceFact(identifier, code, name, days),
            reason=reason,
        )
    tell(outcome, "Recorded")


@app.command("list")
def list_them(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List forces: identifier, code, name, and since when each is live in which scheme.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.teams import list_forces

        found = list_forces(actor=values.actor, purpose=purpose, authority=authority)
    for force in found:
        live = ", ".join(f"{scheme} since {day}" for scheme, day in sorted(force.live.items()))
        typer.echo(f"{force.identifier}  {force.code}  {force.name}  {live or 'in no scheme'}")


def _live(text: str) -> tuple[str, date]:
    scheme, equals, day = text.partition("=")
    if not equals:
        raise fail("--live: write a scheme and a day, as voluntary-iom=2026-01-05.")
    return scheme, day_of("--live", day)
