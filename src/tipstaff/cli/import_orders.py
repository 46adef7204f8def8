"""`tipstaff import orders`: take wearers with their orders into the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.position_files import fail


def import_orders(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON: cases, as docs/reference/case.schema.json describes them."
        ),
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Record wearers with their orders. Every fault of every case is told at once.

    A case is a wearer with their orders. Good cases are kept whole, others left out whole. What is
    on record already is not repeated; what differs becomes a new version, from now on or for the
    time that the case itself names (`valid_from`, `valid_to`). Nothing is ever edited.

    Try: `tipstaff import orders cases.json --purpose offender_management`

    **Exit codes**: 0 all good; 1 some cases were bad; 2 nothing could be taken in; 3 not set up;
    4 refused.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}.") from None
    with on_instance() as values:
        from tipstaff.services.case_import import import_orders as take_in

        done = take_in(actor=values.actor, purpose=purpose, authority=authority, content=content)
    for fault in done.faults:
        typer.echo(str(fault), err=True)
    new = ", ".join(f"{count} new of {kind}s" for kind, count in done.versions.items())
    typer.echo(
        f"{file}: {done.read} cases, {done.kept} kept, {done.read - done.kept} refused; {new}"
    )
    if done.faults:
        raise typer.Exit(SOME_BAD if done.kept else NOTHING_DONE)
