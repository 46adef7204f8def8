"""What a command on an instance says, and its exit code, when the use case cannot be carried out.

The use cases are imported by the commands when they run, not when help lists them: importing one
reads the settings, which may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from tipstaff import settings
from tipstaff.cli.exit_codes import (
    ALL_GOOD,
    NOT_SET_UP,
    NOTHING_DONE,
    REFUSED,
    SOME_BAD,
    told_of,
)
from tipstaff.cli.interrupts import stop_if_interrupted
from tipstaff.domain.purposes import NEEDS_AUTHORITY, PURPOSE_HELP, Purpose

__all__ = [
    "ALL_GOOD",
    "NOTHING_DONE",
    "NOT_SET_UP",
    "REFUSED",
    "SOME_BAD",
    "AuthorityOption",
    "PurposeOption",
    "on_instance",
]

_PURPOSES: Final = "; ".join(f"{purpose}: {text}" for purpose, text in PURPOSE_HELP.items())

PurposeOption = Annotated[
    Purpose,
    typer.Option(
        "--purpose", metavar="PURPOSE", help=f"Why you do this; it is recorded. {_PURPOSES}."
    ),
]
AuthorityOption = Annotated[
    str,
    typer.Option(
        "--authority",
        help="The reference under which you may do this (warrant, request, case). Needed for "
        f"{', '.join(sorted(NEEDS_AUTHORITY))}.",
    ),
]


@contextmanager
def on_instance() -> Iterator[settings.Settings]:
    """The settings for a command's body; what goes wrong becomes a sentence and an exit code."""
    try:
        yield settings.load()
    except Exception as error:
        stop_if_interrupted()
        told = told_of(error)
        if told is None:
            raise
        typer.echo(told.message, err=True)
        raise typer.Exit(told.code) from None
