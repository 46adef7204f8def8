"""Where a match leaves its files: checked before the work begins, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer

from tipstaff.cli.position_files import fail
from tipstaff.domain.search_reasons import ALL_SEARCHED
from tipstaff.formats.run_files import SUFFIXES

#: The companion that is there only where rows of position files were quarantined.
QUARANTINE: Final = ".quarantine.jsonl"
_TIMINGS: Final = ".timings.json"


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The folder and the common stem of a run's files."""

    stem: Path

    @classmethod
    def of(cls, out: Path) -> OutputPlace:
        """The place that --out names, if a run can be written there; nothing is left by trying."""
        if not out.name or out.is_dir():
            raise fail(f"--out {out} is a folder: name a file in it, such as result.csv.")
        place = cls(out.with_suffix("") if out.suffix == ".csv" else out)
        for suffix in (*SUFFIXES.values(), _TIMINGS, QUARANTINE):
            if place.path(suffix).is_dir():
                raise fail(f"--out {out}: {place.path(suffix)} is a folder. Name another file.")
        _try_folder(out, place.stem.absolute().parent)
        return place

    def path(self, suffix: str) -> Path:
        """One of the run's files."""
        return self.stem.with_name(self.stem.name + suffix)

    def write(
        self,
        files: Mapping[str, bytes],
        timings: Mapping[str, float],
        quarantine: Iterable[bytes] | None = None,
    ) -> None:
        """Write the files (by suffix) beside one another, the manifest that binds them last.

        Each takes its place whole. Where the writing stops half-way, an older manifest does not fit
        the newer files, and a report of them is refused.
        """
        timed = json.dumps({k: round(v, 3) for k, v in timings.items()}, indent=2) + "\n"
        last = SUFFIXES["manifest"]
        try:
            self.stem.parent.mkdir(parents=True, exist_ok=True)
            _put(self.path(_TIMINGS), [timed.encode()])
            if quarantine is None:
                self.path(QUARANTINE).unlink(missing_ok=True)
            else:
                _put(self.path(QUARANTINE), quarantine)
            for suffix in sorted(files, key=lambda suffix: suffix == last):
                _put(self.path(suffix), [files[suffix]])
        except OSError as error:
            raise fail(f"{error.filename or self.stem}: {error.strerror}.") from None


def say(counts: Mapping[str, Any], out: Path, *, everybody: bool) -> None:
    """The run in a few lines; what could not be used, on standard error.

    `everybody`: all devices were searched, without case records that say who may be.
    """
    searched, known = counts["wearers"], counts["wearers_known"]
    if everybody:
        typer.echo(ALL_SEARCHED)
    typer.echo(
        f"{counts['crimes']} crimes, {searched if searched == known else f'{searched} of {known}'} "
        "wearers searched: "
        f"{counts['candidates']} candidates (the legacy rule names {counts['legacy_candidates']}), "
        f"{counts['excluded']} exclusions, {counts['not_monitorable']} not monitorable, "
        f"{counts['cannot_exclude']} cannot be excluded.\n{out}"
    )
    for line in _left_out(counts):
        typer.echo(line, err=True)


def _left_out(counts: Mapping[str, Any]) -> list[str]:
    lines = [] if counts["wearers"] else [_nobody_searched(known=counts["wearers_known"])]
    if counts["crimes_not_located"]:
        crimes = _count(counts["crimes"], "crime", "crimes")
        lines.append(
            f"{counts['crimes_not_located']:,} of {crimes} could not be located and were matched "
            "with nobody. Correct their coordinates."
        )
    if counts["unassigned_fixes"]:
        fixes = _count(counts["unassigned_fixes"], "fix", "fixes")
        devices = _count(counts["unassigned_devices"], "device", "devices")
        lines.append(
            f"{fixes} of {devices} belong to nobody: no activation covers their time. Check that "
            "the activations are complete."
        )
    if counts["silent_devices"]:
        devices = _count(counts["silent_devices"], "device", "devices")
        lines.append(
            f"{devices} with an activation sent no position in the period. Check that activations "
            "and positions name the same supplier and devices."
        )
    return lines


def _nobody_searched(*, known: int) -> str:
    if known:
        return (
            f"Nobody was searched: of {_count(known, 'wearer', 'wearers')} known at the time, case "
            "records permit it of none for these crimes. This clears nobody. F.crimes.csv has the "
            "reasons; check that orders and activations name the same wearers."
        )
    from tipstaff.patterns.routine import HISTORY_DAYS  # brings numba, for which help need not wait

    return (
        "Nobody was searched: no position (or, with activations, no wearer) is known within "
        f"{HISTORY_DAYS + 1} days of these crimes. This clears nobody. Check that the positions "
        "and activations of that time were given or imported."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _try_folder(out: Path, folder: Path) -> None:
    """Whether a file can be made in the folder, or in the one in which it would be made."""
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise fail(
            f"--out {out}: nothing can be written in {folder} ({error.strerror}). Name another "
            "place; nothing was matched."
        ) from None


def _put(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file under another name, then give it its own."""
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
