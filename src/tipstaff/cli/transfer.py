"""`tipstaff transfer`: a case to another operator, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.backup_key import PassphraseOption, given_passphrase
from tipstaff.cli.instance_errors import NOTHING_DONE, AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def transfer() -> None:
    """Hand a wearer's whole case over to another operator, or take one over."""


@app.command("out")
def out(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    receiver: Annotated[
        str, typer.Option("--to", metavar="NAME", help="The operator who receives it.")
    ],
    sender: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Our own name, as they know us.")
    ],
    keys: Annotated[
        list[str],
        typer.Option("--key", metavar="KEY", help="Their public key: age1… or a .pub file."),
    ],
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Write a wearer's case into one file, encrypted to the receiver: all of it, trail included.

    Tell the receiver the SHA-256 that is printed by another way than the file goes: they need it to
    know that the file is yours. The case stays here until retention removes it.

    Try: `tipstaff transfer out W0001 --to Durham --from Derbyshire --key durham.pub --out w1.case
    --purpose transfer --authority ORDER-12`

    **Exit codes**: 0 written; 2 none of that reference, no key, or the file is there already; 3 not
    set up; 4 refused: another purpose, or no authority; 74 the disk is full.
    """
    with on_instance() as values:
        from tipstaff.services.transfer_out import transfer_out

        done = transfer_out(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            sender=sender,
            receiver=receiver,
            recipients=keys,
            out=file,
        )
    if done is None:
        raise fail("No wearer of that reference has a record. Check it.")
    held = done.manifest
    fixes = sum(trail.fixes for trail in held.trails)
    typer.echo(
        f"{file}: {held.subjects} records in {held.versions} versions, {held.activations} devices, "
        f"{fixes} fixes"
    )
    typer.echo(f"sha256 {done.sealed.sha256}")


@app.command("in")
def take_in(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `tipstaff transfer out` wrote.")
    ],
    sha256: Annotated[
        str, typer.Option("--sha256", help="The file's SHA-256, told by the sender.")
    ],
    key: Annotated[
        Path, typer.Option("--key", metavar="KEY", help="What `tipstaff backup-key` wrote.")
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    passphrase_file: PassphraseOption = None,
) -> None:
    """Take a case over, whole or not at all; every fault of the file is told.

    What the sender says of when it was recorded is kept as their claim; we knew of it from now on.
    A case that was here before and comes back longer is continued; one that differs is refused.

    Try: `tipstaff transfer in w1.case --sha256 … --key our.key --purpose transfer --authority O-12`

    **Exit codes**: 0 taken in, or here already; 2 nothing taken in; 3 not set up; 4 refused;
    74 the file cannot be read.
    """
    with on_instance() as values:
        from tipstaff.services.transfer_in import transfer_in

        done = transfer_in(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            file=file,
            sha256=sha256,
            key=key,
            passphrase=given_passphrase(passphrase_file, values),
        )
    for problem in done.problems:
        where = f"{problem.where}: " if problem.where else ""
        typer.echo(f"{where}{problem.code}; {problem.action}", err=True)
    if done.problems:
        raise typer.Exit(NOTHING_DONE)
    typer.echo(
        f"{done.wearer}: {done.versions} versions, {done.activations} devices and {done.fixes} "
        "fixes are new"
    )
