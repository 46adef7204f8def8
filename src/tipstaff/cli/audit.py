"""`tipstaff audit`: examine who did what."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import typer

from tipstaff.cli import audit_misuse, audit_samples, audit_subject
from tipstaff.cli.instance_errors import (
    NOT_SET_UP,
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
    outside the database. A fault of that file is told apart from one of the chain: without all
    heads, the end of the chain can be cut off unseen.

    Try: `tipstaff audit verify`, and keep a copy of `audit-heads.jsonl` where nobody who can write
    to the database can reach it.

    **Exit codes**: 0 the chain holds; 1 it does not; 3 not set up, or it holds by itself and its
    heads are missing or damaged.
    """
    with on_instance():
        from tipstaff.services.audit import verify_audit

        found = verify_audit()
    typer.echo(f"{found.entries} entries, {found.heads} heads, {found.waiting} not chained yet")
    for fault in found.faults:
        typer.echo(f"entry {fault.sequence}: {fault.code}", err=True)
    for wrong in found.anchor_faults:
        typer.echo(f"heads: {_ANCHOR_WORDS[wrong.code].format(wrong.at)}", err=True)
    if found.faults:
        typer.echo("The chain does not hold.", err=True)
        raise typer.Exit(SOME_BAD)
    if found.anchor_faults:
        typer.echo("The chain holds by itself; its heads do not vouch for all of it.", err=True)
        raise typer.Exit(NOT_SET_UP)
    typer.echo("The chain holds.")


#: What each fault of the heads says; named by code, since importing a use case reads the settings.
_ANCHOR_WORDS: Final = {
    "no_heads": "there are none, and the chain has {} entries. Put audit-heads.jsonl back",
    "line_not_readable": "line {} cannot be read: a crash cut it short, or it was altered",
    "heads_missing_before": "one is missing before that of entry {}: a crash, or it was taken out",
    "heads_missing_after": "none is there after entry {}: a crash, or the file was shortened",
}


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


app.command("misuse")(audit_misuse.misuse)
app.command("sample")(audit_samples.sample)
app.command("examine")(audit_samples.examine)
app.command("subject")(audit_subject.subject)
