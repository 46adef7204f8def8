"""`tipstaff retention`: what is kept until when, erasing what is due, legal holds, proofs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail, parse_instant, step_bar
from tipstaff.domain.problems import Problem

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, on one line; it is recorded.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, for a program.")]


@app.callback()
def retention() -> None:
    """Erase what the law no longer supports; show what is kept until when; hold; prove."""


@app.command("due")
def due(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    most: Annotated[int, typer.Option("--most", min=1, help="At most so many lines.")] = 200,
    as_json: JsonOption = False,
) -> None:
    """List what is kept of everyone, when it goes, and why, soonest first. Nothing is changed.

    Try: `tipstaff retention due --purpose system_administration`

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    _list(purpose, authority, most=most, as_json=as_json)


@app.command("run")
def run(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would go now, and why; change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase what is due, everywhere: records, archive, runs, quarantine; do this once a night.

    What an earlier run left unfinished is finished first. Imports wait while the archive is
    written anew. A legal hold keeps everything of its wearer.

    Try: `tipstaff retention run --dry-run --purpose system_administration`

    **Exit codes**: 0 done; 2 a store is busy, or another process is erasing: run it again; 3 not
    set up; 4 refused.
    """
    if dry_run:
        _list(purpose, authority, most=None, as_json=as_json)
        return
    with on_instance() as values, step_bar("erasing") as progress:
        from tipstaff.services.retention import run_retention

        done = run_retention(
            actor=values.actor, purpose=purpose, authority=authority, progress=progress
        )
    swept = ", ".join(f"{count} rows ({why})" for why, count in done.swept.items()) or "no rows"
    typer.echo(
        f"Erased: {done.whole} whole, {done.parts} in part; {swept} of quarantine; "
        f"{done.disclosures} disclosures whose time ended."
    )


@app.command("hold")
def hold(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    reason: ReasonOption,
    authority: AuthorityOption = "",
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="Default: now.")] = "",
    end: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Default: until it is released.")
    ] = "",
) -> None:
    """Hold all that is kept of a wearer: nothing of it is erased while the hold is in force.

    Try: `tipstaff retention hold W0001 --reason "inquest" --authority "Coroner 12/26"
    --purpose court_disclosure`

    **Exit codes**: 0 held; 2 nothing done: it says why; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.holds import hold as place

        done = place(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            reason=reason,
            start=_instant("--from", start),
            end=_instant("--until", end),
        )
    _tell(done.problems)
    typer.echo(f"Held: {done.hold_id}")


@app.command("release")
def release(
    hold_id: Annotated[UUID, typer.Argument(metavar="HOLD", help="What `hold` printed.")],
    purpose: PurposeOption,
    reason: ReasonOption,
    authority: AuthorityOption = "",
) -> None:
    """Lift a legal hold; what it held is erased by its own day again.

    Try: `tipstaff retention release HOLD --reason "inquest over" --authority "Coroner 12/26"
    --purpose court_disclosure`

    **Exit codes**: 0 released; 2 nothing done: it says why; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.holds import release_hold

        done = release_hold(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            hold_id=hold_id,
            reason=reason,
        )
    _tell(done.problems)
    typer.echo("Released.")


@app.command("erase")
def erase(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Erase everything of one wearer before its day, with authority. It cannot be undone.

    Refused while an order or a legal hold is in force.

    Try: `tipstaff retention erase W0001 --authority "DPA s.47 request 4" --purpose subject_access`

    **Exit codes**: 0 erased; 2 nothing done, or a store is busy: it says why; 3 not set up;
    4 refused.
    """
    with on_instance() as values, step_bar("erasing") as progress:
        from tipstaff.services.retention import erase_wearer

        done = erase_wearer(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            progress=progress,
        )
    _tell(done.problems)
    typer.echo(f"Erased. The proof is {done.erasure_id}; tipstaff retention proof shows it.")


@app.command("proof")
def proof(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Also write each to a file here.")
    ] = None,
) -> None:
    """Print the proof of every erasure: what went, when, by which policy. Nothing about a person.

    Each names its entry in the audit, which `tipstaff audit verify` checks.

    Try: `tipstaff retention proof --purpose audit`

    **Exit codes**: 0 printed; 3 not set up; 4 refused; 74 FOLDER cannot be written.
    """
    with on_instance() as values:
        from tipstaff.formats.erasure_json import write_proof
        from tipstaff.services.retention import list_proofs

        found = list_proofs(actor=values.actor, purpose=purpose, authority=authority)
        for each in found:
            content = write_proof(each)
            typer.echo(json.dumps(json.loads(content), sort_keys=True))
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{each.erasure_id}.json").write_bytes(content)


def _list(purpose: Any, authority: str, *, most: int | None, as_json: bool) -> None:
    """What is due now, or with `most` what is kept at all."""
    with on_instance() as values:
        from tipstaff.services.retention_list import list_retention

        found = list_retention(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            due_only=most is None,
            most=most,
        )
    for line in found.lines:
        values_of = _line(line.wearer, line.due)
        typer.echo(json.dumps(values_of) if as_json else "  ".join(map(str, values_of.values())))
    more = f", {found.rest} more" if found.rest else ""
    if not found.lines:
        typer.echo("Nothing of these is kept of anybody you may see.", err=True)
    typer.echo(f"Policy {found.policy}; {len(found.lines)} things{more}.", err=True)


def _line(wearer: str, due: Any) -> dict[str, str]:
    period = "" if due.period is None else f"{_day(due.period.start)}..{_day(due.period.end)}"
    return {
        "due": "-" if due.due_at is None else _day(due.due_at),
        "state": due.state.value,
        "wearer": wearer,
        "what": "everything" if due.category is None else due.category.value,
        "of": period,
        "why": due.why,
    }


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%MZ")


def _instant(option: str, text: str) -> datetime | None:
    return parse_instant(option, text) if text else None


def _tell(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise fail("\n".join(f"{each.where}: {each.code}; {each.action}." for each in problems))
