"""`tipstaff import activations`: who wore which device when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import NOTHING_DONE, SOME_BAD, fail
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name
from tipstaff.formats.activations import ActivationError, ActivationFile, read_activations


def import_activations(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV: activation_id, device_id, wearer_id, start, end."
        ),
    ],
    purpose: PurposeOption,
    supplier: Annotated[
        str,
        typer.Option(
            "--supplier", help="Whose devices these are: the supplier of the positions' mapping."
        ),
    ] = "tipstaff",
    authority: AuthorityOption = "",
) -> None:
    """Record who wore which device when. An empty end, or 2999-12-12, means still worn.

    A row with a known id and other content corrects it. Rows that would put one device on two
    people at once are refused, both named; the others are kept.

    Try: `tipstaff import activations worn.csv --supplier national --purpose offender_management`

    **Exit codes**: 0 all good; 1 some rows were bad; 2 nothing could be taken in; 3 not set up;
    4 refused.
    """
    owner = supplier_name(supplier)
    if owner is None:
        raise fail(f"--supplier: {NAME_ACTION}. It must be that of the positions' mapping.")
    try:
        read = read_activations(file.read_bytes())
    except OSError as error:
        raise fail(f"{file}: {error.strerror}.") from None
    for fault in read.errors:
        typer.echo(_sentence(fault), err=True)
    if not read.accepted:
        raise typer.Exit(NOTHING_DONE if read.errors else 0)
    with on_instance() as values:
        from tipstaff.services.activations import import_activations as take_in

        result = take_in(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            supplier=owner,
            incoming=read.accepted,
        )
    for clash in result.clashes:
        where = f"row {clash.other_row}" if clash.other_row else "one on record"
        typer.echo(
            f"row {clash.row}: OVERLAP: activation {clash.activation_id} and {where}, "
            f"{clash.other_activation_id}, put this device on two people at once: correct one",
            err=True,
        )
    for row in result.not_worn:
        typer.echo(
            f"row {row}: NOT_WORN: no wearer wears a home unit or a victim's device: leave the row "
            "out, or correct what the device is",
            err=True,
        )
    refused = len(result.clashes) + len(result.not_worn)
    _finish(file, read, result.recorded, result.unchanged, refused)


def _sentence(error: ActivationError) -> str:
    where = f"row {error.row}: " if error.row else ""
    field = f" {error.field}" if error.field else ""
    return f"{where}{error.code}{field}: {error.action}"


def _finish(file: Path, read: ActivationFile, recorded: int, unchanged: int, refusals: int) -> None:
    refused = read.rows - recorded - unchanged
    typer.echo(
        f"{file}: {read.rows} rows, {recorded} recorded, {unchanged} known already, "
        f"{refused} refused"
    )
    if recorded + unchanged == 0:
        raise typer.Exit(NOTHING_DONE)
    if read.errors or refusals:
        raise typer.Exit(SOME_BAD)
