"""`tipstaff audit`: examine who did what."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from tipstaff.cli.instance_errors import (
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def audit() -> None:
    """Examine the log of who did what, why and under which authority."""


@app.command()
def verify() -> None:
    """Check that no entry was changed, removed, inserted or reordered.

    Every entry is checked against its hash, the entry before it and the heads kept in a file
    outside the database. Exits 1 where the chain does not hold.
    """
    with on_instance():
        from tipstaff.services.audit import verify_audit

        found = verify_audit()
    typer.echo(f"{found.entries} entries, {found.heads} heads, {found.waiting} not chained yet")
    for fault in found.faults:
        typer.echo(f"entry {fault.sequence}: {fault.code}", err=True)
    if found.faults:
        raise typer.Exit(SOME_BAD)
    typer.echo("The chain holds.")


@app.command("list")
def list_entries(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many entries.")] = 50,
) -> None:
    """Print the latest entries, newest first, one JSON object a line."""
    with on_instance() as values:
        from tipstaff.services.audit import list_told

        entries = list_told(actor=values.actor, purpose=purpose, authority=authority, limit=limit)
    for entry in entries:
        typer.echo(json.dumps(_line(entry), sort_keys=True))


def _line(told: Any) -> dict[str, Any]:
    entry = told.entry
    return {
        "at": entry.at.isoformat(),
        "actor": str(entry.actor_ref) if entry.actor_ref else None,
        "role": entry.role,
        "operation": entry.operation,
        "phase": entry.phase,
        "use_case": entry.use_case,
        "purpose": entry.purpose,
        "authority": entry.authority,
        "private_words": told.words,
        "subjects": len(entry.subject_refs),
        "extent": entry.extent,
        "rows": entry.rows,
        "sequence": entry.sequence,
        "request": str(entry.request_ref),
    }
