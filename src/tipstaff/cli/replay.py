"""`tipstaff replay`: what was known of a wearer at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.given_times import INSTANT_HELP, instant
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import FromOption, ToOption, fail, parse_period
from tipstaff.domain.findings import WHY_WORDS, Finding
from tipstaff.monitoring.visits import END_WORDS

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.episode_rows import KnownEpisode
    from tipstaff.services.replay import Replayed

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def replay(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="A wearer's reference.")],
    *,
    start: FromOption,
    end: ToOption,
    purpose: PurposeOption,
    known_at: Annotated[
        str, typer.Option("--known-at", metavar="TIME", help=f"Now if left out. {INSTANT_HELP}")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F.csv", help="The findings as a file; outcomes beside it."),
    ] = None,
    authority: AuthorityOption = "",
) -> None:
    """Say what was known of a wearer at a time: what people were told, and what all facts said.

    First the episodes as they had been told by then, with the level that their evidence had
    reached; then, step by step, what the rules find in the facts and orders that were known then.
    Where the two differ, the rules or their numbers have changed since, or the worker was behind.

    Facts count from when they came in, and those in the archive from when they were brought there.

    Try: `tipstaff replay W0001 --from 2026-03-02 --to 2026-03-03 --known-at 2026-03-02T21:30:00Z
    --purpose breach_investigation`

    **Exit codes**: 0 told; 2 no such wearer, or a wrong call; 3 not set up; 4 refused.
    """
    period = parse_period(start, end)
    then = instant(known_at, "--known-at") or datetime.now(UTC)
    if out is not None and out.suffix != ".csv":
        raise fail(f"--out {out}: name a file that ends in .csv.")
    with on_instance() as values:
        from tipstaff.services.replay import replay as look

        found = look(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            period=period,
            known_at=then,
        )
    if found is None:
        raise fail("No wearer of that reference that you may see is known.")
    _tell(found)
    if out is not None:
        _write(wearer, found, out)


def _tell(found: Replayed) -> None:
    typer.echo(f"As known at {found.known_at.isoformat()}, by {found.facts} facts (times in UTC):")
    typer.echo("Told:")
    for one in found.told:
        typer.echo(f"  {_episode(one)}")
    if not found.told:
        typer.echo("  nothing")
    typer.echo("Found:")
    for step in found.found:
        if isinstance(step, Finding):
            words = (step.kind.value, step.condition, step.step.value, step.level.name.lower())
            typer.echo(f"  {step.at.isoformat()}  {'  '.join(words)}: {WHY_WORDS[step.why]}")
        else:
            typer.echo(f"  {step.at.isoformat()}  {step.condition}  period {step.outcome.value}")
    if not found.found:
        typer.echo("  nothing")


def _episode(one: KnownEpisode) -> str:
    last = one.last
    end = "" if last.ended is None else f" to {last.ended.isoformat()}"
    return (
        f"{one.number}. {one.kind.value}  {one.condition}  {last.level.name.lower()}, "
        f"{last.change.value}: {last.began.isoformat()}{end}, {END_WORDS[last.end]}"
    )


def _write(wearer: str, found: Replayed, out: Path) -> None:
    from tipstaff.formats.finding_tables import finding_table, outcome_table

    told = [(wearer, one) for one in found.found]
    try:
        out.write_bytes(finding_table(told))
        out.with_suffix(".outcomes.csv").write_bytes(outcome_table(told))
    except OSError as error:
        raise fail(f"--out {out}: {error.strerror}.") from None
