"""`tipstaff check`: is a file good, is an instance whole? Files alone need no set-up."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tipstaff.cli.instance_errors import SOME_BAD, on_instance
from tipstaff.formats.crimes import MAX_FILE_BYTES, CrimeFile, Mode, Status, read_crimes
from tipstaff.formats.crimes_problems import Problem, RowCode
from tipstaff.formats.crimes_writing import file_json, report_errors

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

EXIT_CODES: Final = {Status.SUCCESSFUL: 0, Status.PARTIAL: 1, Status.ERROR: 2, Status.FAILED: 2}
_SHOWN: Final = 200
_NO_FILE: Final = 2
_REFERENCE_WIDTH: Final = 13
_LONGEST_CODE: Final = max(len(code) for code in RowCode)


@app.callback()
def check() -> None:
    """Check a file and say what to put right, row by row; or check that an instance is whole."""


@app.command()
def instance() -> None:
    """Check that nothing of the instance is lost: the audit's chain, and every imported file.

    **Exit codes**: 0 it is whole; 1 the audit's chain does not hold; 3 not set up, or positions
    are missing from the archive.
    """
    with on_instance():
        from tipstaff.services.soundness import check_instance

        found = check_instance()
    typer.echo(
        f"{found.audit.entries} audit entries, {found.sources} imported files, "
        f"{found.files} files of the archive"
    )
    if found.audit.faults:
        typer.echo("The audit's chain does not hold: tipstaff audit verify says where.", err=True)
        raise typer.Exit(SOME_BAD)
    if found.audit.anchor_faults:
        typer.echo("Heads of the audit are missing: tipstaff audit verify says which.", err=True)
    typer.echo("The instance is whole.")


@app.command()
def crimes(
    file: Annotated[str, typer.Argument(help="The crime file (CSV); - reads standard input.")],
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Also take a header row, any force, long windows, a missing end, ISO times.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answer as JSON, for programs.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors", metavar="OUT.csv", help="Write every error and what to do as CSV."
        ),
    ] = None,
) -> None:
    """Check a police crime file against the national format.

    Thirteen columns without a header: force, type, description, batch id, reference, from, to
    (UTC, yyyyMMddHHmmss), easting, northing, latitude, longitude, datum, text. For example:

        Derbyshire,BIAD,,DBY20260131,26000012345,20260130220000,20260131063000,435200,336100,,,OSGB36,

    Try: `tipstaff check crimes DBY20260131.csv --errors put-right.csv`

    **Exit codes**: 0 every row is good; 1 some rows are bad; 2 no row is good, or the file as a
    whole was refused or could not be read.
    """
    result = read_crimes(_content(file), mode=Mode.LENIENT if lenient else Mode.STRICT)
    if errors is not None:
        _write(errors, report_errors(result))
    if as_json:
        typer.echo(json.dumps(file_json(result), indent=2, ensure_ascii=True))
    else:
        _show(result, _console())
    raise typer.Exit(EXIT_CODES[result.status])


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        typer.echo(f"Cannot read {file}: {error.strerror}.", err=True)
        raise typer.Exit(_NO_FILE) from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        typer.echo(f"Cannot write {path}: {error.strerror}.", err=True)
        raise typer.Exit(_NO_FILE) from error


def _console() -> Console:
    # A terminal without UTF-8 shows a mark for what it lacks; it must not end the command.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console()


def _show(result: CrimeFile, console: Console) -> None:
    batch = "" if result.batch is None else f", batch {result.batch}"
    force = "" if result.force is None else f"{result.force}{batch}: "
    summary = f"{force}{len(result.crimes)} of {result.rows} rows accepted ({result.status})."
    console.print(Text(summary))
    for title, problems in (("Errors", result.errors), ("Warnings", result.warnings)):
        if problems:
            console.print(_table(f"{title}: {len(problems)}", problems[:_SHOWN]))
        if len(problems) > _SHOWN:
            console.print(f"… and {len(problems) - _SHOWN} more; --errors OUT.csv writes all.")


def _table(title: str, problems: tuple[Problem, ...]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column("row, reference", overflow="fold", max_width=_REFERENCE_WIDTH)
    table.add_column("what, where", overflow="fold", max_width=_LONGEST_CODE)
    table.add_column("what to do", overflow="fold")
    for problem in problems:
        row = "file" if problem.row is None else str(problem.row)
        where = [problem.field, problem.value]
        what = [str(problem.code), ": ".join(part for part in where if part)]
        # Text, not strings: a cell of the file must not be read as rich's mark-up.
        cells = (_lines(row, problem.reference), _lines(*what), problem.action)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
