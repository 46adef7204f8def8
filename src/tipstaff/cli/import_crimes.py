"""`tipstaff import crimes`: take police crime files into the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from tipstaff.cli.instance_errors import (
    ALL_GOOD,
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.formats.crimes import MAX_FILE_BYTES, Mode, Status
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
        typer.Option("--errors", metavar="DIR", help="Write what to put right, a CSV a file."),
    ] = None,
) -> None:
    """Take in police crime files: good rows are kept, bad ones told.

    A crime sent again becomes a new version; a batch id ending in -R replaces its batch, one in -A
    adds to it; the same file twice adds nothing. `tipstaff check crimes` reads a file without
    taking it in.

    **Exit codes**: 0 every row was good; 1 some were bad; 2 nothing of any file could be taken in;
    3 not set up; 4 refused.
    """
    codes = [
        _import_one(path, purpose, authority, Mode.LENIENT if lenient else Mode.STRICT, errors)
        for path in files
    ]
    worst = max(codes)
    some_good = any(code != NOTHING_DONE for code in codes)
    raise typer.Exit(SOME_BAD if worst == NOTHING_DONE and some_good else worst)


def _import_one(path: Path, purpose: Any, authority: str, mode: Mode, errors: Path | None) -> int:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}.", err=True)
        return NOTHING_DONE
    with on_instance() as values:
        from tipstaff.services.crimes import import_crimes as take_in

        done = take_in(
            actor=values.actor, purpose=purpose, authority=authority, content=content, mode=mode
        )
    _tell(path, done)
    if errors is not None and done.file.errors:
        _write(errors / f"{path.stem}.errors.csv", report_errors(done.file))
    return _CODES[done.file.status]


def _tell(path: Path, done: Any) -> None:
    file = done.file
    head = f"{path}: {len(file.crimes)} of {file.rows} rows accepted ({file.status})"
    if done.already_held:
        typer.echo(f"{head}; taken in before, nothing changed.")
    else:
        counts = ", ".join(f"{count} {kind}" for kind, count in done.changes.items())
        typer.echo(f"{head}{': ' if counts else ''}{counts}.")
    for problem in file.errors[:_SHOWN]:
        place = "file" if problem.row is None else f"row {problem.row}"
        typer.echo(f"  {place}: {problem.code}: {problem.action}", err=True)
    if len(file.errors) > _SHOWN:
        typer.echo(f"  … and {len(file.errors) - _SHOWN} more; --errors DIR writes all.", err=True)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}; the errors were not written.", err=True)


_SHOWN: Final = 20
