"""`tipstaff import positions`: position files into the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.interrupts import stop_if_interrupted
from tipstaff.cli.position_files import (
    NOTHING_DONE,
    SOME_BAD,
    MappingOption,
    load_mapping,
    progress_bar,
    tell_quarantined,
)
from tipstaff.formats.mapping import Mapping
from tipstaff.positions.archive import ArchiveWriteError, SourceReadError
from tipstaff.positions.locking import ArchiveBusyError
from tipstaff.positions.mappings import mapping_digest


def import_positions(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, JSON lines or Parquet; .gz too.")
    ],
    purpose: PurposeOption,
    mapping: MappingOption = "tipstaff",
    authority: AuthorityOption = "",
) -> None:
    """Take position files into the archive, each whole or not at all.

    A file that was taken in before adds nothing, and a fix that is held already is not held twice,
    in whatever order files come. Rows that cannot be believed are quarantined with a reason, in
    the data folder under quarantine.

    Where orders are on record, only fixes with a legal basis are taken in: worn by somebody, under
    an order that was active and, if voluntary, with consent in force. Fixes without one are counted
    by reason and dropped; where the records do not say, they are quarantined.

    Try: `tipstaff import positions feed-*.csv.gz --mapping national --purpose crime_matching`

    **Exit codes**: 0 all good; 1 some rows or files were bad; 2 nothing could be taken in; 3 not
    set up; 4 refused.
    """
    read_by = load_mapping(mapping)
    with on_instance() as values:
        outcomes = [
            _import(
                file, read_by, {"actor": values.actor, "purpose": purpose, "authority": authority}
            )
            for file in files
        ]
    if not any(outcome is not None for outcome in outcomes):
        raise typer.Exit(NOTHING_DONE)
    if not all(outcomes):
        raise typer.Exit(SOME_BAD)


def _import(path: Path, mapping: Mapping, who: dict[str, Any]) -> bool | None:
    """Import one file: True all good, False some rows bad, None nothing taken in."""
    from tipstaff.services.positions import import_positions as take_in

    try:
        with progress_bar(path.name, path.stat().st_size) as done:
            result = take_in(
                path=path,
                mapping=mapping,
                reading=mapping_digest(mapping),
                on_bytes=done,
                **who,
            )
    except (ArchiveBusyError, ArchiveWriteError, SourceReadError) as error:
        stop_if_interrupted()
        typer.echo(f"{path}: {error}", err=True)
        return None
    except OSError as error:
        stop_if_interrupted()
        typer.echo(f"{path}: {error.strerror}.", err=True)
        return None
    return _tell(path, result)


def _tell(path: Path, result: Any) -> bool | None:
    if result.fault is not None:
        typer.echo(f"{path}: {result.fault}", err=True)
        return None
    if result.already_held:
        typer.echo(f"{path}: taken in before; nothing added")
        return True
    bad = sum(result.quarantined.values())
    left_out = sum(result.not_collected.values())
    rows = result.new_rows + result.duplicate_rows + bad + left_out
    typer.echo(
        f"{path}: {rows} rows, {result.new_rows} new, {result.duplicate_rows} duplicates, "
        f"{bad} quarantined"
    )
    for reason, count in result.not_collected.items():
        typer.echo(f"  {count} not collected: {reason} (no legal basis; nothing of them is kept)")
    tell_quarantined(dict(result.quarantined))
    if result.quarantine_file is not None:
        typer.echo(f"Quarantined rows: {result.quarantine_file}", err=True)
    return bad == 0 or (False if result.new_rows + result.duplicate_rows + left_out else None)
