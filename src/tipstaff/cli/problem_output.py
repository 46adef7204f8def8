"""What a use case refused, on standard error."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from tipstaff.cli.exit_codes import NOTHING_DONE
from tipstaff.domain.problems import Problem


def stop_if_refused(problems: Iterable[Problem]) -> None:
    """Say each problem and end the command, where there is any."""
    listed = list(problems)
    for problem in listed:
        where = f"{problem.where}: " if problem.where else ""
        typer.echo(f"{where}{problem.code}: {problem.action}", err=True)
    if listed:
        raise typer.Exit(NOTHING_DONE)
