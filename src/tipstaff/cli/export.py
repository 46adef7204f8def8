"""`tipstaff export`: what is held about a person, for that person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def export() -> None:
    """Give people what is held about them."""


@app.command("wearer")
def wearer(
    reference: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="The folder to make; not there yet.")
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Write everything held about a wearer into a folder for them: subject access.

    Their record in every version, what they wore, the whole trail (CSV and GeoJSON), their answers
    for equality monitoring, and a page that explains it. Victims, other people's details and all
    comparisons with crimes are left out of every export. The folder is its owner's alone; it holds
    a person's whereabouts.

    Try: `tipstaff export wearer W0001 --out W0001-copy --purpose subject_access --authority SAR-12`

    **Exit codes**: 0 written; 2 none of that reference, or the folder is there already; 3 not set
    up; 4 refused; 74 the disk is full.
    """
    with on_instance() as values:
        from tipstaff.services.wearer_export import export_wearer

        done = export_wearer(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=reference,
            out=out,
        )
    if done is None:
        raise fail("No wearer of that reference has a record. Check it.")
    counts = done.counts
    typer.echo(
        f"{out}: {counts.subjects} records in {counts.versions} versions, {counts.activations} "
        f"devices, {counts.fixes} fixes, {len(done.files)} files"
    )
    if counts.left_out:
        typer.echo(f"Left out whole: {', '.join(counts.left_out)}.", err=True)
