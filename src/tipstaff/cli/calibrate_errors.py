"""`tipstaff calibrate errors`: the error model from tracks with truth."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from tipstaff import __version__
from tipstaff.cli.calibrate_tables import coverage_before_after, parameters_table
from tipstaff.documents.coverage_plot import coverage_svg
from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel
from tipstaff.formats.truth_tracks import (
    TruthLayout,
    TruthRead,
    layout_from_toml,
    read_truth_csv,
    read_truth_parquet,
)
from tipstaff.matching.error_coverage import (
    CoverageRow,
    coverage_of,
    coverage_table,
    cross_fitted_ranks,
)
from tipstaff.matching.error_fit import ClassFit, ErrorFit, fit_error_model
from tipstaff.matching.error_sample import joined, witnesses

#: Digits kept in the file: far beyond what any track can tell, and the same on every machine.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class _Track:
    path: Path
    digest: str
    read: TruthRead


def errors(
    tracks: Annotated[
        list[Path],
        typer.Argument(
            help="CSV or Parquet tracks that give the claimed and the true place of each fix."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The model is written here, as JSON.")],
    name: Annotated[str, typer.Option(help="The version it will carry.")] = "error-fitted",
    columns: Annotated[
        Path | None,
        typer.Option(help="A TOML file naming the tracks' columns, where they are not known ones."),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="The model to start from and compare with [default: the shipped one]."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="A picture of the coverage is written here, as SVG.")
    ] = None,
    draws: Annotated[int, typer.Option(min=2, help="Bootstrap draws for the intervals.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file.")] = 0,
) -> None:
    """Fit the model of position errors to tracks whose truth is known.

    Prints, for each kind of fix, how often the truth lay in the region that was to hold it 50, 68,
    95 and 99% of the time: before, and after a fit to the *other* half of the devices. Coordinates
    repeated for the same true place count once. The file holds the fit to all devices, intervals,
    and what it rests on. With few independent fixes the intervals are wide and the starting model
    still speaks: read them.

    Columns known without `--columns`: `device_id, fix_time, latitude, longitude, precision_m,
    mechanism, true_latitude, true_longitude`, as simulated worlds have them; and those of the
    public Android and survey tracks.
    """
    console = Console()
    told = Console(stderr=True)
    layout = _layout(columns, told)
    begun = _start(start, told)
    read = [_read(path, layout) for path in tracks]
    faulty = _tell_faults(read, told)
    samples = [track.read.sample for track in read if track.read.sample is not None]
    if not samples:
        raise typer.Exit(2)
    sample = witnesses(joined(samples))
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=told) as progress:
        progress.add_task(
            f"fitting {len(sample.t_us):,} positions of {len(sample.groups):,} tracks"
        )
        fit = fit_error_model(sample, begun, name, draws, seed)
        before = coverage_table(begun, sample, seed=seed)
        after = coverage_of(cross_fitted_ranks(sample, begun), sample, seed=seed)
    values = fit.model.to_json() | {"provenance": _provenance(read, fit, begun, before, after)}
    out.write_text(json.dumps(_rounded(values), indent=2) + "\n", encoding="utf-8")
    if plot is not None:
        plot.write_text(coverage_svg(before, after), encoding="utf-8")
    console.print(parameters_table(fit))
    console.print(coverage_before_after(before, after))
    if faulty:
        raise typer.Exit(1)


def _layout(path: Path | None, told: Console) -> TruthLayout | None:
    try:
        return None if path is None else layout_from_toml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        told.print(f"--columns: {error}", markup=False)
        raise typer.Exit(2) from None


def _start(path: Path | None, told: Console) -> ErrorModel:
    try:
        if path is None:
            return ERROR_MODEL_V1
        return ErrorModel.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as error:
        told.print(f"--start: not an error model: {error}", markup=False)
        raise typer.Exit(2) from None


def _read(path: Path, layout: TruthLayout | None) -> _Track:
    try:
        content = path.read_bytes()
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    reader = read_truth_parquet if content[:4] == b"PAR1" else read_truth_csv
    return _Track(
        path, hashlib.sha256(content).hexdigest(), reader(io.BytesIO(content), layout, path.name)
    )


def _tell_faults(read: list[_Track], told: Console) -> bool:
    for track in read:
        faults = track.read.faults
        for fault in faults[:5]:
            told.print(
                f"{track.path.name} row {fault.row}: {fault.code} {fault.field}: {fault.action}",
                markup=False,
            )
        if len(faults) > 5:
            told.print(f"{track.path.name}: {len(faults) - 5} more rows left out", markup=False)
    return any(track.read.faults for track in read)


def _provenance(
    read: list[_Track],
    fit: ErrorFit,
    begun: ErrorModel,
    before: tuple[CoverageRow, ...],
    after: tuple[CoverageRow, ...],
) -> dict[str, Any]:
    return {
        "software": __version__,
        "started_from": begun.version,
        "tracks": [
            {
                "file": track.path.name,
                "sha256": track.digest,
                "layout": track.read.layout,
                "fixes": len(track.read.sample.t_us) if track.read.sample else 0,
                "left_out": len(track.read.faults),
            }
            for track in read
        ],
        "fits": {c.fix_class.name.lower(): _fit_values(c) for c in fit.classes},
        "log_likelihood_by_nu": {str(nu): value for nu, value in fit.likelihoods.items()},
        "coverage_before": [_row_values(row) for row in before],
        "coverage_after_cross_fitted": [_row_values(row) for row in after],
    }


def _fit_values(fit: ClassFit) -> dict[str, Any]:
    return {
        "fixes": fit.fixes,
        "independent_fixes": fit.independent,
        "tracks": fit.groups,
        "intervals_drawn_by": "device" if fit.by_group else "blocks of time: devices may differ",
        "clusters": fit.clusters,
        "intervals_95": {name: list(ends) for name, ends in fit.intervals.items()},
    }


def _row_values(row: CoverageRow) -> dict[str, Any]:
    return {
        "class": row.fix_class.name.lower(),
        "level": row.level,
        "observed": row.observed,
        "interval_95": [row.low, row.high],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value
