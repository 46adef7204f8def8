"""`./run validate error-model`: coverage of error regions on the real tracks, as they are."""

from __future__ import annotations

from pathlib import Path

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.formats.truth_tracks import read_truth_csv
from tipstaff.matching.error_coverage import (
    CoverageRow,
    coverage_of,
    cross_fitted_ranks,
    error_ranks,
)
from tipstaff.matching.error_sample import joined

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "gps-ground-truth"
TRACKS = ("nexus_stationary.csv", "ublox_f9k_vs_span.csv")


def write(out: Path, work: Path, *, tiny: bool = False) -> None:
    """Write docs/validation/error-model.md from the tracks with truth beside the checkout."""
    del work, tiny
    samples = []
    for name in TRACKS:
        with (DATA / name).open("rb") as stream:
            read = read_truth_csv(stream, track=name)
        if read.sample is None:
            raise SystemExit(f"{name} has no good row: {read.faults[:3]}")
        samples.append(read.sample)
    sample = joined(samples)
    before = coverage_of(error_ranks(ERROR_MODEL_V1, sample), sample)
    after = coverage_of(cross_fitted_ranks(sample, ERROR_MODEL_V1), sample)
    page = [
        "# Validation of the error model: real tracks",
        "",
        "Made by `./run validate error-model` from tracks with a known true position: two stationary",
        "phones and a survey-grade drive. Simulated tags are on [matching.md](matching.md).",
        "",
        f"{len(sample.t_us)} fixes, {before[0].clusters} stretches of them taken as independent:",
        "the intervals are wide because there is little to go on, and neither track wore a tag.",
        "",
        "| nominal | model error-1, as it is | fitted on the other half of the tracks |",
        "|---|---|---|",
        *(_row(b, a) for b, a in zip(before, after, strict=True)),
        "",
        "Over-coverage (more than nominal) means the model grants these good receivers too much error,",
        "which errs on the side of not clearing and of not accusing.",
    ]
    out.mkdir(parents=True, exist_ok=True)
    (out / "error-model.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _row(before: CoverageRow, after: CoverageRow) -> str:
    return (
        f"| {before.level:.0%} | {before.observed:.1%} ({before.low:.1%} to {before.high:.1%}) |"
        f" {after.observed:.1%} ({after.low:.1%} to {after.high:.1%}) |"
    )
