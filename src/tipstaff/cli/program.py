"""The program: run the command line, and end with an exit code whatever happens."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import typer

from tipstaff.cli import interrupts, standard_streams
from tipstaff.cli.exit_codes import (
    ALL_GOOD,
    INTERRUPTED,
    NOTHING_DONE,
    OUTPUT_LOST,
    SOME_BAD,
    UNEXPECTED,
    Told,
    told_of,
)

_INTERRUPTED: Final = Told(
    "Interrupted. What was being done is not finished; what was finished before is kept.",
    INTERRUPTED,
)
#: Codes that speak of an answer, which is worth nothing where it did not get out.
_ANSWERS: Final = frozenset({ALL_GOOD, SOME_BAD, NOTHING_DONE})
_FRAMES: Final = 6


def run(command: Callable[[], Any]) -> int:
    """Call the command line; say what ended it, unless it said so itself, and return the code."""
    interrupts.watch()
    told = _outcome(command)
    if interrupts.came() and told.code != ALL_GOOD:
        told = _INTERRUPTED
    if told.message:
        typer.echo(told.message, err=True)
    failure = standard_streams.lost()
    if failure is None:
        return told.code
    typer.echo(f"The output could not be written: {failure.strerror}.", err=True)
    return OUTPUT_LOST if told.code in _ANSWERS else told.code


def _outcome(command: Callable[[], Any]) -> Told:
    try:
        command()
    except SystemExit as done:
        return Told("", _code_of(done))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BaseException as error:
        return told_of(error) or Told(unexpected(error), UNEXPECTED)
    return Told("", ALL_GOOD)


def _code_of(done: SystemExit) -> int:
    if done.code is None:
        return ALL_GOOD
    return done.code if isinstance(done.code, int) else UNEXPECTED


def unexpected(error: BaseException) -> str:
    """What is said of a fault of the program: its kind and where, never its words.

    An exception's words may hold what a file or a record holds, a name or a place.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " > ".join(f"{_module(frame.filename)}:{frame.lineno}" for frame in frames)
    return (
        "Tipstaff met a fault of its own; what was being done is not finished. Please report this "
        f"line, which holds nothing of your data: {type(error).__name__} at {places or 'unknown'}, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}."
    )


def _module(filename: str) -> str:
    """The last two parts of a source file's name: enough to find it, nothing of the machine."""
    path = Path(filename)
    return f"{path.parent.name}/{path.stem}"
