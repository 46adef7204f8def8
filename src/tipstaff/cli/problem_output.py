"""Problems as commands tell them, and what became of something that was to be recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from tipstaff.cli.exit_codes import NOTHING_DONE
from tipstaff.domain.problems import Problem

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.case_recording import RecordedCase


def tell_problems(problems: Iterable[Problem], lead: str = "") -> None:
    """A line for each on standard error: where, the code, what to do."""
    for problem in problems:
        where = f"{problem.where}: " if problem.where else ""
        typer.echo(f"{lead}{where}{problem.code}; {problem.action}", err=True)


def stop_if_refused(problems: Iterable[Problem]) -> None:
    """Say each problem and end the command, where there is any."""
    listed = list(problems)
    tell_problems(listed)
    if listed:
        raise typer.Exit(NOTHING_DONE)


def tell_recorded(done: RecordedCase) -> None:
    """Say what was recorded; end with exit code 2 where it was refused."""
    stop_if_refused(done.problems)
    typer.echo(f"recorded as version {done.version}" if done.new else "on record already")
    tell_problems(done.consequences, "now wrong: ")
