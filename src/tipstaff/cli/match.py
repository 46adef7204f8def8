"""`tipstaff match`: crimes against trails, from files alone or from the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tipstaff.cli.error_model_option import ErrorModelOption, error_model_of
from tipstaff.cli.instance_errors import AuthorityOption, on_instance
from tipstaff.cli.match_output import QUARANTINE, OutputPlace, say
from tipstaff.cli.match_pending import match_pending
from tipstaff.cli.position_files import (
    MappingOption,
    OptionalPurpose,
    fail,
    given_purpose,
    parse_instant,
)
from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.crimes import Mode

if TYPE_CHECKING:  # loaded when a match runs: help must not wait for numba
    from tipstaff.cli.match_inputs import FilesRead, Given
    from tipstaff.cli.match_quarantine import Quarantined
    from tipstaff.engines.run import MatchRun
    from tipstaff.matching.inputs import Intake

app = typer.Typer(rich_markup_mode="markdown", no_args_is_help=True)

SOME_BAD = 1
#: Positions have times between these; nothing could be read as of another.
_EARLIEST_NOW: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST_NOW: Final = datetime(2100, 1, 1, tzinfo=UTC)


class Outcomes(StrEnum):
    """What is written out."""

    CANDIDATES = "candidates"
    ALL = "all"


class Searched(StrEnum):
    """Who is searched."""

    LAW = "law"
    ALL = "all"


@app.command()
def match(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="F.csv",
            help="Where the results go; companions beside. With --pending: what changed.",
        ),
    ] = None,
    positions: Annotated[
        list[Path] | None,
        typer.Option("--positions", metavar="FILE", help="A position file; may be given again."),
    ] = None,
    crimes: Annotated[
        list[Path] | None,
        typer.Option("--crimes", metavar="FILE|DIR", help="A crime file or a folder of them."),
    ] = None,
    activations: Annotated[
        Path | None,
        typer.Option(
            "--activations",
            metavar="FILE",
            help="Who wore which device when. Without it each device is its own wearer.",
        ),
    ] = None,
    mapping: MappingOption = "tipstaff",
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Read crime files leniently (see check crimes).")
    ] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", help="Match this batch of the archive, or all. Needs --purpose."),
    ] = None,
    pending: Annotated[
        bool,
        typer.Option(
            "--pending",
            help="Match again exactly those answers of the archive that late data or corrections "
            "may have changed, and say what changed. Needs --purpose.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --pending: only say what would be matched.")
    ] = False,
    purpose: OptionalPurpose = None,
    authority: AuthorityOption = "",
    outcomes: Annotated[
        Outcomes,
        typer.Option("--outcomes", help="Write candidates alone, or everyone who came near too."),
    ] = Outcomes.CANDIDATES,
    searchable: Annotated[
        Searched,
        typer.Option(
            "--searchable",
            help="With --batch: those whom case records let be searched for the crime, or all "
            "devices, which needs --authority and is refused where there are case records.",
        ),
    ] = Searched.LAW,
    error_model: ErrorModelOption = None,
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="TIME",
            help="Read position files as of this instant: rows over a day later are quarantined. "
            "The manifest names it where it mattered [default: the clock].",
        ),
    ] = None,
) -> None:
    """Say for each crime which wearers could have been there, how strongly, and who could not.

    On files alone, without set-up:

        tipstaff match --positions trail.parquet --crimes DBY20260519.csv --out result.csv

    On the archive of an instance, with a purpose that is recorded; only those are searched whom
    their orders let be searched for the crime:

        tipstaff match --batch all --purpose crime_matching --out result.csv

    On an instance without case records: --searchable all --authority "who allowed it". Files alone
    hold no case records either: all devices in them are searched, and the results say so.

    Beside F.csv are left F.crimes.csv (a row a crime), F.facts.parquet (the fixes behind it),
    F.manifest.json (parameters, versions, digests of all inputs and outputs, counts of what could
    not be used: the same inputs give the same bytes) and F.timings.json; and F.quarantine.jsonl
    where rows of position files could not be believed. `tipstaff report F.csv` makes a page of
    them. Crime files count by their batch ids, in whatever order they are given.

    Fixes may come days late. What they may have changed is matched again, and nothing else:

        tipstaff match --pending --purpose crime_matching

    **Exit codes**: 0 matched; 1 matched, but some crime or position rows were bad; 2 nothing could
    be done; 3 not set up; 4 refused; 5 matched again, and an exclusion was withdrawn.
    """
    if pending:
        if positions or crimes or activations or now or batch or error_model:
            raise fail(
                "--pending matches again what was matched: give --purpose, --out, --dry-run."
            )
        match_pending(given_purpose(purpose), authority, out, dry_run=dry_run)
        return
    if dry_run:
        raise fail("--dry-run is for --pending.")
    if out is None:
        raise fail("Give --out: where the results go.")
    if batch is not None:
        if positions or crimes or activations or now:
            raise fail(
                "--batch reads the archive: leave out --positions, --crimes, --activations, --now."
            )
        asked = Asked(batch, given_purpose(purpose), authority, searchable, outcomes)
        _on_archive(asked, error_model, out)
        return
    if searchable is Searched.ALL:
        raise fail("--searchable all is for --batch: of files alone, all devices are searched.")
    if not positions or not crimes:
        raise fail("Give --positions and --crimes, or --batch for the archive.")
    from tipstaff.cli.match_inputs import Given

    mode = Mode.LENIENT if lenient else Mode.STRICT
    as_of = None if now is None else _as_of(now)
    given = Given(positions, crimes, activations, mapping, mode, as_of)
    _on_files(given, outcomes, error_model_of(error_model), out)


def _as_of(now: str) -> datetime:
    instant = parse_instant("--now", now)
    if not _EARLIEST_NOW <= instant < _LATEST_NOW:
        raise fail(f"--now {now}: give a time from 2000 up to, not including, 2100.")
    return instant


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the archive."""

    batch: str
    purpose: Purpose
    authority: str
    searchable: Searched
    outcomes: Outcomes


def _on_archive(asked: Asked, model: str | None, out: Path) -> None:
    place = OutputPlace.of(out)
    with on_instance() as values, _bar() as tell:
        from tipstaff.services.error_models import instance_error_model
        from tipstaff.services.matching import match_batch

        found = match_batch(
            actor=values.actor,
            purpose=asked.purpose,
            authority=asked.authority,
            batch=asked.batch,
            every=asked.outcomes is Outcomes.ALL,
            everybody=asked.searchable is Searched.ALL,
            error=error_model_of(model) if model else instance_error_model(),
            progress=tell,
        )
    if found is None:
        raise fail(f"There are no crimes of batch {asked.batch}. Import them first, or say all.")
    # Before the files: should they fail to be written, the run is still to be found.
    typer.echo(f"Recorded as run {found.run_id}; tipstaff report {found.run_id} shows it again.")
    if found.reserved is not None:
        typer.echo(f"Answers about wearers of limited access: run {found.reserved}.")
    place.write(found.files, found.timings)
    say(found.counts, out, everybody=asked.searchable is Searched.ALL)


def _on_files(given: Given, outcomes: Outcomes, error: ErrorModel, out: Path) -> None:
    from tipstaff.cli.match_inputs import read_all
    from tipstaff.cli.match_quarantine import Quarantined

    place = OutputPlace.of(out)
    with Quarantined() as aside:
        read = read_all(given, aside)
        run = _run(read, error)
        counts = _write(run, read.intake, outcomes, aside, place)
        if aside.rows:
            typer.echo(f"Quarantined rows: {place.path(QUARANTINE)}", err=True)
    say(counts, out, everybody=True)
    if not read.all_good:
        raise typer.Exit(SOME_BAD)


def _run(read: FilesRead, error: ErrorModel) -> MatchRun:
    from tipstaff.engines.run import run_match
    from tipstaff.matching.parameters import MatchParameters

    with _bar() as tell:
        return run_match(
            read.loose.table,
            read.worn,
            read.devices,
            read.crimes.standing,
            MatchParameters(error=error),
            progress=tell,
        )


def _write(
    run: MatchRun, intake: Intake, outcomes: Outcomes, aside: Quarantined, place: OutputPlace
) -> dict[str, Any]:
    """Write the run's files; the counts of its manifest."""
    from tipstaff.engines.run import manifest_of, run_bytes
    from tipstaff.matching.results import result_rows

    rows = result_rows(run.matched, every=outcomes is Outcomes.ALL)
    manifest = manifest_of(
        run, intake=intake, outcomes=outcomes.value, searchable="all", rows=len(rows)
    )
    beside = {"quarantine": aside.sha256} if aside.rows else {}
    files = run_bytes(run, manifest, rows, beside=beside)
    place.write(files, run.timings.seconds, aside.pieces() if aside.rows else None)
    return dict(manifest["counts"])


@contextmanager
def _bar() -> Iterator[Any]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("matching", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)
