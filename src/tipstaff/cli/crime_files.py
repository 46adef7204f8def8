"""What commands on crime files share: folders, and telling what was wrong with a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import typer

from tipstaff.cli.position_files import fail
from tipstaff.domain.batch_order import Clash
from tipstaff.formats.crimes import MAX_FILE_BYTES
from tipstaff.formats.crimes_problems import Problem

_NAMED: Final = 5


def read_bytes(path: Path) -> bytes:
    """A crime file's bytes, and one more than is accepted where it is too long."""
    with path.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def crime_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and the CSV files of folders among them; what is passed over is told.

    The ending counts in any case: `.CSV` is what some systems write.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(path.iterdir())
        taken = [p for p in inside if p.suffix.lower() == ".csv" and p.is_file()]
        found += taken
        _tell_passed_over(path, [p.name for p in inside if p not in taken])
        if not taken:
            typer.echo(f"{path}: no file in this folder ends in .csv.", err=True)
    return found


def tell_problems(name: str, problems: Sequence[Problem], shown: int, where: str) -> None:
    """A line a problem on standard error, up to `shown`; `where` says how to see all of them."""
    for problem in problems[:shown]:
        place = "file" if problem.row is None else f"row {problem.row}"
        typer.echo(f"{name}: {place}: {problem.code}: {problem.action}", err=True)
    if len(problems) > shown:
        typer.echo(f"{name}: … and {len(problems) - shown} more; {where}.", err=True)


def clash_sentences(paths: Sequence[Path], found: Iterable[Clash]) -> str:
    """What files disagree about, a line a pair."""
    lines = []
    for clash in found:
        names = ", ".join(clash.references[:_NAMED])
        more = len(clash.references) - _NAMED
        names += f" and {more} more" if more > 0 else ""
        lines.append(
            f"{paths[clash.first]} and {paths[clash.second]} do not agree on crime {names}, "
            "and their batch ids do not tell which is later."
        )
    return "\n".join(lines)


def tell_replaced_first(series: Iterable[str]) -> None:
    """Say in which order a replacement and an addition of one series were taken."""
    for name in series:
        typer.echo(
            f"{name}: -R was taken before -A, so that what -A holds stands. If -A was sent before "
            "-R, it was replaced: leave it out.",
            err=True,
        )


def refuse_clash(paths: Sequence[Path], found: Iterable[Clash], action: str) -> typer.Exit:
    """Say what files disagree about and what to do; raise what this returns."""
    return fail(f"{clash_sentences(paths, found)}\n{action}")


def _tell_passed_over(folder: Path, names: Sequence[str]) -> None:
    if names:
        shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        typer.echo(f"{folder}: passed over, not ending in .csv: {shown}", err=True)
