"""`tipstaff backup-key`: the key of backups; and how passphrases are given."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tipstaff import settings
from tipstaff.backups.keys import make_key
from tipstaff.backups.refusals import BackupError
from tipstaff.cli.instance_errors import on_instance

app = typer.Typer(rich_markup_mode="markdown")

PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="The first line of this file is the key's passphrase. Without it: the setting "
        "`backup_passphrase`, else none.",
    ),
]


def given_passphrase(file: Path | None, values: settings.Settings) -> str:
    """The passphrase of a file or of the settings; empty where there is none."""
    if file is None:
        return values.backup_passphrase.get_secret_value()
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise BackupError(f"The first line of {file} is empty; it should be the passphrase.")
    return lines[0]


@app.command()
def backup_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the key.")],
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make the key that opens backups, and beside it FILE.pub, to which they are encrypted.

    Backups need FILE.pub alone: keep FILE elsewhere, in two safe places. Without it no backup can
    be opened by anybody. It is an age key (age-encryption.org), which other programs read too.

    Try: `tipstaff backup-key backup.key`

    **Exit codes**: 0 made; 2 a file of that name is there; 74 it could not be written.
    """
    with on_instance() as values:
        public = make_key(file, given_passphrase(passphrase_file, values), datetime.now(UTC))
    typer.echo(f"Key         {file} (keep it away from this machine)")
    typer.echo(f"Public key  {public} ({file}.pub)")
