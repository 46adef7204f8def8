"""What commands about accounts and access say of what became of a change."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer

from tipstaff.cli.position_files import NOTHING_DONE, fail

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.account_outcomes import Outcome

CODES: Final = "**Exit codes**: 0 done; 2 nothing was changed; 3 not set up; 4 refused."
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence; it is kept.")]


def tell(outcome: Outcome, done: str) -> None:
    """Say that it was done, with its key if it has one; or every problem, and exit."""
    for problem in outcome.problems:
        typer.echo(f"{problem.where}: {problem.code}: {problem.action}.", err=True)
    if outcome.problems:
        raise typer.Exit(NOTHING_DONE)
    typer.echo(done if outcome.ref is None else f"{done} {outcome.ref}")


def key_of(text: str) -> UUID:
    """The key that a list printed."""
    try:
        return UUID(text)
    except ValueError:
        raise fail("Give the key as it was printed.") from None


def day_of(option: str, text: str) -> date:
    """The day that an option gives."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fail(f"{option}: write a day such as 2026-03-02.") from None


def until(instant: datetime | None) -> str:
    """Until when something holds, in words."""
    return "without an end" if instant is None else f"until {instant:%Y-%m-%d %H:%M} UTC"
