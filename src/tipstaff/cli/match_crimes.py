"""The crimes that `tipstaff match` reads from files alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from tipstaff.cli.crime_files import (
    crime_files,
    read_bytes,
    refuse_clash,
    tell_problems,
    tell_replaced_first,
)
from tipstaff.cli.position_files import fail
from tipstaff.domain.batch_order import clashes, replaced_and_added_to, standing
from tipstaff.domain.crimes import Crime
from tipstaff.formats.crimes import CrimeFile, Mode, Status, read_crimes
from tipstaff.matching.inputs import InputFile

_SHOWN: Final = 5
_LEAVE_ONE_OUT: Final = (
    "Nothing was matched. Only the sender knows which holds: leave the other out, or give batch "
    "ids that tell."
)


@dataclass(frozen=True, slots=True)
class CrimesRead:
    """The crimes that stand, the files they were read from, and whether every row was good."""

    standing: list[Crime]
    inputs: tuple[InputFile, ...]
    all_good: bool


def crimes_of(given: list[Path], mode: Mode) -> CrimesRead:
    """The crimes that stand after all files, in whatever order these are given.

    A crime sent again is a new version, and the latest of each is matched.
    """
    paths = crime_files(given)
    files: list[CrimeFile] = []
    inputs: list[InputFile] = []
    for path in paths:
        try:
            content = read_bytes(path)
        except OSError as error:
            raise fail(f"{path}: {error.strerror}.") from None
        files.append(read_crimes(content, mode=mode))
        inputs.append(InputFile("crimes", path.name, hashlib.sha256(content).hexdigest()))
        _tell(path, files[-1])
    unclear = clashes(files)
    if unclear:
        raise refuse_clash(paths, unclear, _LEAVE_ONE_OUT)
    tell_replaced_first(replaced_and_added_to(files))
    all_good = all(file.status is Status.SUCCESSFUL for file in files)
    return CrimesRead(standing(files), tuple(inputs), all_good)


def _tell(path: Path, file: CrimeFile) -> None:
    if file.status is not Status.SUCCESSFUL:
        typer.echo(
            f"{path}: {len(file.crimes)} of {file.rows} rows accepted ({file.status}); "
            f"tipstaff check crimes {path} tells why.",
            err=True,
        )
    seen = f"tipstaff check crimes {path} tells all"
    tell_problems(f"{path}: warning", file.warnings, _SHOWN, seen)
