"""`tipstaff backup`: everything of an instance in one encrypted file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import growing_bar

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; a new one.")],
    purpose: PurposeOption,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="KEY",
            help="The public key to encrypt to, or the .pub file of `tipstaff backup-key`; may be "
            "given again. Default: the setting `backup_recipient`.",
        ),
    ] = None,
    authority: AuthorityOption = "",
) -> None:
    """Write records, archive, quarantine, runs and the audit's heads into one encrypted file.

    Imports and matches may go on: the backup is one state of the instance. It holds no key and no
    password. The records are copied into the data folder first, so that much room is needed there.
    The audit names the backup, its key and its digest.

    Try: `tipstaff backup 2026-05-19.backup --to backup.key.pub --purpose system_administration`

    **Exit codes**: 0 written; 2 nothing written (OUT is there, no key, `pg_dump` missing); 3 not
    set up or the archive is damaged; 4 refused; 74 the disk is full.
    """
    with on_instance() as values, growing_bar(out.name) as progress:
        from tipstaff.services.backup import back_up

        done = back_up(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            out=out,
            recipients=to or ([values.backup_recipient] if values.backup_recipient else []),
            progress=progress,
        )
    held = done.manifest
    typer.echo(
        f"{out}: {done.size_bytes} bytes, {len(held.files)} files, {held.fixes} fixes, "
        f"{sum(held.tables.values())} rows of records, audit up to entry {held.audit_sequence}"
    )
    typer.echo(f"SHA-256 {done.sha256}")
