"""Fixes out of a command: a table to read, or CSV or GeoJSON for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import pyarrow as pa
import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tipstaff.cli.position_files import fail
from tipstaff.cli.standard_streams import nobody_reads
from tipstaff.formats.geojson import write_fixes
from tipstaff.formats.positions_writing import Known, fix_values, write_csv


class OutputFormat(StrEnum):
    """How fixes are written out."""

    TABLE = "table"
    CSV = "csv"
    GEOJSON = "geojson"


FormatOption = Annotated[
    OutputFormat, typer.Option("--format", help="A table to read, CSV or GeoJSON.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write to this file instead of the screen.")
]

_PIPE_WIDTH: Final = 160
_HEADINGS: Final = {
    "fix_time": "time (UTC)",
    "wearer_id": "wearer",
    "device_id": "device",
    "latitude": "latitude",
    "longitude": "longitude",
    "precision_m": "± m",
    "mechanism": "found by",
    "speed_kmh": "km/h",
    "distance_m": "away m",
    "note": "note",
}


def write_out(table: pa.Table, known: Known, shape: OutputFormat, out: Path | None) -> None:
    """Write the fixes of `table` (as trail and near give them) in the chosen format."""
    try:
        if shape is OutputFormat.TABLE:
            _write_table(table, known, out)
        elif shape is OutputFormat.CSV:
            _write_bytes(write_csv(table, known), out)
        else:
            _write_bytes(write_fixes(table, known), out)
    except OSError as error:
        raise fail(f"{out}: {error.strerror}.") from None


def _write_bytes(pieces: Iterator[bytes], out: Path | None) -> None:
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
            if nobody_reads():
                break
        sys.stdout.buffer.flush()
        return
    with out.open("wb") as file:
        file.writelines(pieces)


def _write_table(table: pa.Table, known: Known, out: Path | None) -> None:
    shown = _drawn([_cells(values) for values in fix_values(table, known)])
    if out is None:
        # a pipe has no width of its own
        Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(shown)
    else:
        with out.open("w", encoding="utf-8") as file:
            Console(file=file, width=_PIPE_WIDTH).print(shown)
    typer.echo(f"{table.num_rows} fixes", err=True)


def _drawn(rows: list[dict[str, str]]) -> Table:
    """A table of the columns in which at least one row says something."""
    shown = Table(box=box.SIMPLE, pad_edge=False)
    used = [name for name in _HEADINGS if any(row[name] for row in rows)]
    for name in used:
        shown.add_column(_HEADINGS[name], overflow="fold")  # nothing is cut off
    for row in rows:
        shown.add_row(*(row[name] for name in used))
    return shown


def _cells(values: dict[str, Any]) -> dict[str, str]:
    shown = {**values, "note": _note(values)}
    shown["fix_time"] = shown["fix_time"].replace("T", " ").removesuffix("Z")
    # square brackets in a device id are no markup
    texts = {name: shown.get(name) for name in _HEADINGS}
    return {name: "" if x is None else escape(str(x)) for name, x in texts.items()}


def _note(values: dict[str, Any]) -> str:
    if not values["conflict"]:
        return ""
    return "one of several for this instant" + ("" if values["speaks"] else "; another one counts")
