"""`tipstaff match`: crimes against trails, from files alone or from the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tipstaff.cli.instance_errors import AuthorityOption, on_instance
from tipstaff.cli.position_files import (
    MappingOption,
    OptionalPurpose,
    fail,
    given_purpose,
)
from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel
from tipstaff.formats.crimes import Mode
from tipstaff.patterns.routine import HISTORY_DAYS

app = typer.Typer(rich_markup_mode="markdown", no_args_is_help=True)

SOME_BAD = 1
_NOBODY_SEARCHED = (
    "Nobody was searched: no position (or, with activations, no wearer) is known within "
    f"{HISTORY_DAYS + 1} days of these crimes. This clears nobody. Check that the positions and "
    "activations of that time were given or imported."
)


class Outcomes(StrEnum):
    """What is written out."""

    CANDIDATES = "candidates"
    ALL = "all"


@app.command()
def match(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="F.csv", help="Where the results go; companions beside."),
    ],
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
    purpose: OptionalPurpose = None,
    authority: AuthorityOption = "",
    outcomes: Annotated[
        Outcomes,
        typer.Option("--outcomes", help="Write candidates alone, or everyone who came near too."),
    ] = Outcomes.CANDIDATES,
    error_model: Annotated[
        str | None,
        typer.Option(
            "--error-model",
            metavar="FILE",
            help="An error model from tipstaff calibrate; 'simulated' for simulated tags.",
        ),
    ] = None,
) -> None:
    """Say for each crime which wearers could have been there, how strongly, and who could not.

    On files alone, without set-up:

        tipstaff match --positions trail.parquet --crimes DBY20260519.csv --out result.csv

    On the archive of an instance, with a purpose that is recorded:

        tipstaff match --batch all --purpose crime_matching --out result.csv

    Beside F.csv are left F.crimes.csv (a row a crime), F.facts.parquet (the fixes behind it),
    F.manifest.json (parameters, versions, digests: the same inputs give the same bytes) and
    F.timings.json. `tipstaff report F.csv` makes a page of them.

    **Exit codes**: 0 matched; 1 matched, but some crime rows were bad; 2 nothing could be done;
    3 not set up; 4 refused.
    """
    model = _model(error_model)
    if batch is not None:
        if positions or crimes or activations:
            raise fail("--batch reads the archive: leave out --positions, --crimes, --activations.")
        with on_instance() as values, _bar() as tell:
            from tipstaff.services.matching import match_batch

            found = match_batch(
                actor=values.actor,
                purpose=given_purpose(purpose),
                authority=authority,
                batch=batch,
                every=outcomes is Outcomes.ALL,
                error=model,
                progress=tell,
            )
        if found is None:
            raise fail(f"There are no crimes of batch {batch}. Import them first, or say all.")
        _write(out, found.files, found.timings)
        _say(found.counts, out)
        typer.echo(
            f"Recorded as run {found.run_id}; tipstaff report {found.run_id} shows it again."
        )
        return
    if not positions or not crimes:
        raise fail("Give --positions and --crimes, or --batch for the archive.")
    _on_files(positions, crimes, activations, mapping, lenient, outcomes, model, out)


def _on_files(
    positions: list[Path],
    crimes: list[Path],
    activations: Path | None,
    mapping: str,
    lenient: bool,
    outcomes: Outcomes,
    model: ErrorModel,
    out: Path,
) -> None:
    from tipstaff.cli import match_files
    from tipstaff.engines.run import manifest_of, run_bytes, run_match
    from tipstaff.matching.inputs import history_around
    from tipstaff.matching.parameters import MatchParameters
    from tipstaff.matching.results import result_rows

    batches = match_files.crime_files(crimes)
    standing, all_good = match_files.crimes_of(batches, Mode.LENIENT if lenient else Mode.STRICT)
    if not standing:
        raise fail("There is no good crime to match. tipstaff check crimes FILE tells why.")
    worn_by = None if activations is None else match_files.activations_of(activations)
    period = history_around(standing)
    loose = match_files.positions_of(positions, mapping, period)
    worn, devices = match_files.worn_of(loose, worn_by, period)
    with _bar() as tell:
        run = run_match(
            loose.table, worn, devices, standing, MatchParameters(error=model), progress=tell
        )
    rows = result_rows(run.matched, every=outcomes is Outcomes.ALL)
    inputs = [*positions, *batches, *([activations] if activations else [])]
    manifest = manifest_of(
        run,
        files={path.name: match_files.sha256_of(path) for path in inputs},
        outcomes=outcomes.value,
        searchable="all",
        rows=len(rows),
    )
    _write(out, run_bytes(run, manifest, rows), run.timings.seconds)
    _say(manifest["counts"], out)
    if not all_good:
        raise typer.Exit(SOME_BAD)


def _model(given: str | None) -> ErrorModel:
    if given is None:
        return ERROR_MODEL_V1
    if given == "simulated":
        from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED

        return ERROR_MODEL_SIMULATED
    try:
        return ErrorModel.from_json(json.loads(Path(given).read_bytes()))
    except OSError as error:
        raise fail(f"--error-model {given}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise fail(
            f"--error-model {given}: is not an error model. tipstaff calibrate errors writes one."
        ) from None


@contextmanager
def _bar() -> Iterator[Any]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("matching", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def _write(out: Path, files: Mapping[str, bytes], timings: Mapping[str, float]) -> None:
    """Write the run's files beside one another, the results last."""
    stem = out.with_suffix("") if out.suffix == ".csv" else out
    timed = json.dumps({k: round(v, 3) for k, v in timings.items()}, indent=2) + "\n"
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        for suffix, content in sorted(files.items(), key=lambda item: item[0] == ".csv"):
            stem.with_name(stem.name + suffix).write_bytes(content)
        stem.with_name(stem.name + ".timings.json").write_text(timed, encoding="utf-8")
    except OSError as error:
        raise fail(f"{error.filename}: {error.strerror}.") from None


def _say(counts: Mapping[str, Any], out: Path) -> None:
    typer.echo(
        f"{counts['crimes']} crimes, {counts['wearers']} wearers searched: "
        f"{counts['candidates']} candidates (the legacy rule names {counts['legacy_candidates']}), "
        f"{counts['excluded']} exclusions, {counts['not_monitorable']} not monitorable, "
        f"{counts['cannot_exclude']} cannot be excluded.\n{out}"
    )
    if not counts["wearers"]:
        typer.echo(_NOBODY_SEARCHED, err=True)
