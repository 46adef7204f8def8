"""`tipstaff import crimes`: take police crime files into the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from tipstaff.cli.crime_files import (
    read_bytes,
    refuse_clash,
    tell_problems,
    tell_replaced_first,
)
from tipstaff.cli.instance_errors import (
    ALL_GOOD,
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.domain.batches import ChangeKind
from tipstaff.formats.crimes import Mode, Status
from tipstaff.formats.crimes_writing import report_errors

_CODES: Final = {
    Status.SUCCESSFUL: ALL_GOOD,
    Status.PARTIAL: SOME_BAD,
    Status.ERROR: NOTHING_DONE,
    Status.FAILED: NOTHING_DONE,
}


def import_crimes(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Crime files (CSV).")],
    *,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Also take a header row, any force, long windows, a missing end, ISO times.",
        ),
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors", metavar="DIR", help="Write what to put right or look at, a CSV a file."
        ),
    ] = None,
) -> None:
    """Take in police crime files: good rows are kept, bad ones told.

    A crime sent again becomes a new version; a batch id ending in -R replaces its batch, one in -A
    adds to it; the same file twice adds nothing. Files of one call are taken in the order of their
    batch ids, an original before its -R and -A, however they are named; where no order tells which
    of two files is the later one and they disagree, none is taken in. An original that comes after
    its -R changes nothing. `tipstaff check crimes` reads a file without taking it in.

    **Exit codes**: 0 every row was good; 1 some were bad or came too late; 2 nothing of any file
    could be taken in; 3 not set up; 4 refused.
    """
    mode = Mode.LENIENT if lenient else Mode.STRICT
    contents = _contents(files)
    codes = [NOTHING_DONE] * len(set(files))
    paths = list(contents)
    with on_instance() as values:
        from tipstaff.services.crime_files import UnclearOrder, import_crime_files

        taken = import_crime_files(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            contents=list(contents.values()),
            mode=mode,
        )
        if isinstance(taken, UnclearOrder):
            raise refuse_clash(paths, taken.clashes, _ONE_BY_ONE)
        tell_replaced_first(taken.both)
        for number, done in taken.done:
            codes[number] = _tell(paths[number], done, errors)
    worst = max(codes)
    some_good = any(code != NOTHING_DONE for code in codes)
    raise typer.Exit(SOME_BAD if worst == NOTHING_DONE and some_good else worst)


def _contents(files: list[Path]) -> dict[Path, bytes]:
    """The bytes of each file that can be read; the others are told."""
    found: dict[Path, bytes] = {}
    for path in files:
        try:
            found[path] = read_bytes(path)
        except OSError as error:
            typer.echo(f"{path}: {error.strerror}.", err=True)
    return found


def _tell(path: Path, done: Any, errors: Path | None) -> int:
    """Say what became of a file; its exit code."""
    file = done.file
    head = f"{path}: {len(file.crimes)} of {file.rows} rows accepted ({file.status})"
    if done.already_held:
        typer.echo(f"{head}; taken in before, nothing changed.")
    else:
        counts = ", ".join(f"{count} {kind}" for kind, count in done.changes.items())
        typer.echo(f"{head}{': ' if counts else ''}{counts}.")
    tell_problems(str(path), file.errors, _SHOWN, "--errors DIR writes all")
    tell_problems(f"{path}: warning", file.warnings, _SHOWN, "--errors DIR writes all")
    if errors is not None and (file.errors or file.warnings):
        _write(errors / f"{path.stem}.errors.csv", report_errors(file))
    late = done.changes.get(ChangeKind.SUPERSEDED, 0)
    if late:
        _tell_late(path, file.batch, late)
    code = _CODES[file.status]
    return SOME_BAD if late and code == ALL_GOOD else code


def _tell_late(path: Path, batch: Any, late: int) -> None:
    crimes = "1 crime was" if late == 1 else f"{late} crimes were"
    again = "Is this file right after all? Send it again"
    typer.echo(
        f"{path}: {crimes} left alone: what comes after this file was taken in before it. "
        + (f"{again} with a batch id." if batch is None else f"{again} as {batch.series}-R."),
        err=True,
    )


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}; the errors were not written.", err=True)


_SHOWN: Final = 20
_ONE_BY_ONE: Final = (
    "Nothing was taken in. Only the sender knows which holds: import the earlier file in a call of "
    "its own, then the rest."
)
