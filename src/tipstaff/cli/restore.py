"""`tipstaff restore`: a backup into a new data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff import settings
from tipstaff.cli.backup_key import PassphraseOption, given_passphrase
from tipstaff.cli.instance_errors import on_instance
from tipstaff.cli.position_files import progress_bar

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `tipstaff backup` wrote.")],
    into: Annotated[
        Path, typer.Option("--into", metavar="FOLDER", help="The data folder to make.")
    ],
    key: Annotated[
        Path, typer.Option("--key", metavar="KEY", help="What `tipstaff backup-key` wrote.")
    ],
    passphrase_file: PassphraseOption = None,
    erasures: Annotated[
        Path | None,
        typer.Option(
            "--erasures",
            metavar="FILE",
            help="The journal of erasures of the instance that the backup is of. Default: that of "
            "the instance here, where there is one.",
        ),
    ] = None,
    no_erasures: Annotated[
        str,
        typer.Option(
            "--no-erasures",
            metavar="REASON",
            help="There is no journal: why nothing was erased since. The copy's audit holds it.",
        ),
    ] = "",
) -> None:
    """Restore a backup into a folder that is empty or not there yet, after checking all of it.

    Every file's digest, the records' counts, the audit's chain and the archive are checked before
    the folder is put in place: it is there whole or not at all. Records of PostgreSQL go into the
    empty database that `TIPSTAFF_DATABASE` names. Who was erased after the backup is erased again
    before the copy is in place, by the journal. What else was done since is not in it: do it again.

    Try: `tipstaff restore 2026-05-19.backup --into restored --key backup.key`

    **Exit codes**: 0 restored; 2 nothing restored (wrong key, a file cut short or altered, a
    folder that is not empty); 74 the file cannot be read or the disk is full.
    """
    with on_instance() as values, progress_bar(file.name, file.stat().st_size) as done:
        from tipstaff.services.restore import restore as put_back

        restored = put_back(
            file=file,
            into=into,
            key=key,
            passphrase=given_passphrase(passphrase_file, values),
            erasures=erasures or (None if no_erasures else _journal_here(values)),
            no_erasures="" if erasures else no_erasures,
            on_bytes=done,
        )
    held = restored.manifest
    typer.echo(
        f"{into}: {held.fixes} fixes, {sum(held.tables.values())} rows of records, as of "
        f"{held.taken_at:%Y-%m-%d %H:%M} UTC, audit up to entry {held.audit_sequence}"
    )
    typer.echo(f"To use it, set TIPSTAFF_DATA to {into}.")
    if held.database == "postgresql":
        typer.echo("Its settings file names no database: write the setting 'database' into it.")


def _journal_here(values: settings.Settings) -> Path | None:
    """The journal of the instance that the settings name."""
    journal = values.erasure_journal_file
    return journal if journal.is_file() else None
