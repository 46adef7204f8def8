"""`tipstaff match --pending`: what late data changed, the worst of it first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from tipstaff.cli.exit_codes import WITHDRAWN
from tipstaff.cli.instance_errors import on_instance
from tipstaff.cli.position_files import fail
from tipstaff.domain.purposes import Purpose

if TYPE_CHECKING:  # loaded when it runs: help must not wait for it
    from tipstaff.matching.changes import Changed
    from tipstaff.services.pending import Pending

#: What each kind of change is called, of one and of several.
WORDS: Final = {
    "exclusion_withdrawn": "exclusions withdrawn",
    "new_candidate": "new candidates",
    "candidate_gone": "candidates gone",
    "strength_moved": "strengths moved",
    "exclusion_new": "new exclusions",
    "no_longer_searched": "no longer searched",
    "outcome_changed": "other outcomes changed",
    "details": "details alone changed",
}


def match_pending(purpose: Purpose, authority: str, out: Path | None, *, dry_run: bool) -> None:
    """Match again what is pending, or say what would be; the changes go to `out` if given."""
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise fail(f"--out {out}: name a file in a folder that is there; nothing was matched.")
    with on_instance() as values:
        from tipstaff.services.pending import pending

        found = pending(actor=values.actor, purpose=purpose, authority=authority, dry_run=dry_run)
    if dry_run:
        typer.echo(_counted(found, "would be matched again"))
    else:
        _tell(found, out)
    for line in _besides(found, dry_run=dry_run):
        typer.echo(line, err=True)
    if found.loud:
        raise typer.Exit(WITHDRAWN)


def _tell(found: Pending, out: Path | None) -> None:
    """Crimes and runs alone are shown: whom it concerns is in the run's report, and in `out`."""
    if found.loud:
        count = len(found.loud)
        typer.secho(
            f"WITHDRAWN: {count} {'exclusion was' if count == 1 else 'exclusions were'} withdrawn. "
            "Whoever was told that somebody could not have been there must be told otherwise.",
            fg=typer.colors.RED,
            bold=True,
        )
        for crime in sorted({change.crime for change in found.loud}):
            typer.secho(f"  {_named(crime)}", fg=typer.colors.RED)
    typer.echo(_counted(found, "matched again"))
    by_kind = [(words, sum(c.kind == kind for c in found.changed)) for kind, words in WORDS.items()]
    for words, count in by_kind:
        if count:
            typer.echo(f"  {words}: {count}")
    for run in found.runs:
        typer.echo(f"Recorded as run {run}; tipstaff report {run} shows it.")
    if out is not None:
        out.write_bytes(_table(found.changed))
        typer.echo(str(out))


def _counted(found: Pending, words: str) -> str:
    answers = "1 answer" if found.pairs == 1 else f"{found.pairs:,} answers"
    return (
        f"Crimes with answers that stand: {found.standing:,}. {answers} about "
        f"{len(found.crimes):,} of them {words}."
    )


def _besides(found: Pending, *, dry_run: bool) -> list[str]:
    lines = []
    if found.new_backgrounds:
        lines.append(
            "What was usual then cannot be made again as it was: somebody was erased, or may no "
            f"longer be searched. All answers that rest on it {'would be' if dry_run else 'were'} "
            "made again without them."
        )
    if found.withdrawn:
        lines.append(f"Withdrawn since, so that no answer stands: {_list(found.withdrawn)}.")
    if found.moved:
        lines.append(
            f"Corrected to another time, to be matched anew by --batch: {_list(found.moved)}."
        )
    if found.barred:
        lines.append(
            f"{len(found.barred)} crimes were matched with all devices, and there are case records "
            "now, which decide: match them anew by --batch."
        )
    return lines


def _list(crimes: Iterable[tuple[str, str, int]]) -> str:
    return ", ".join(_named(crime) for crime in sorted(crimes))


def _named(crime: tuple[str, str, int]) -> str:
    force, reference, version = crime
    return f"{force} {reference} (version {version})"


def _table(changed: Iterable[Changed]) -> bytes:
    """The changes as CSV, a row each."""
    from tipstaff.formats.answer_changes import write_changes

    return write_changes(changed)
