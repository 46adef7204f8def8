"""What a command on an instance says, and its exit code, when the use case cannot be carried out.

The use cases are imported by the commands when they run, not when help lists them: importing one
reads the settings, which may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Final

import typer

from tipstaff import settings
from tipstaff.domain.purposes import NEEDS_AUTHORITY, PURPOSE_HELP, Purpose
from tipstaff.positions.damage import ArchiveDamagedError

ALL_GOOD: Final = 0
SOME_BAD: Final = 1
NOTHING_DONE: Final = 2
NOT_SET_UP: Final = 3
REFUSED: Final = 4

_DATABASE_FAILED: Final = (
    "The database failed ({}): is it busy, stopped or its disk full? "
    "What was not finished was not stored; run the command again."
)
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
        values = settings.load()
    except settings.SettingsError as error:
        raise _exit(str(error), NOT_SET_UP) from None
    instance = import_module("tipstaff.services.instance")
    refused = import_module("tipstaff.services.access").RefusedError
    try:
        yield values
    except instance.NotReadyError as error:
        raise _exit(error.action, NOT_SET_UP) from None
    except ArchiveDamagedError as error:
        raise _exit(str(error), NOT_SET_UP) from None
    except instance.DATABASE_ERROR as error:
        raise _exit(_DATABASE_FAILED.format(type(error).__name__), NOTHING_DONE) from None
    except refused as error:
        raise _exit(f"Refused ({error.code}). {error.action}", REFUSED) from None


def _exit(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)
