"""`tipstaff demo --report`: a county in files, from its tags to the report, as one would type it.

Each step is the program itself in a process of its own, on an instance of its own below the data
folder: nothing here can do what a user could not, and a real instance is never touched.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from tipstaff import settings
from tipstaff.cli.demo_server import serve
from tipstaff.cli.instance_errors import NOT_SET_UP, NOTHING_DONE

#: What tells a folder that an earlier demonstration made, and a new one may remove.
_MARK: Final = "made-by-tipstaff-demo.txt"
#: In it stands on which day the county was made.
COUNTY: Final = "county.txt"
_MARK_TEXT: Final = (
    "Made by `tipstaff demo`, which removes this whole folder when it is run again.\n"
    "Everyone in it is simulated.\n"
)
_PURPOSE: Final = ("--purpose", "demonstration")
#: Simulated people have no orders that could say who may be searched.
_EVERYBODY: Final = ("--searchable", "all", "--authority", "everybody here is simulated")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the demonstration; `shown` are its words as a user would type them."""

    title: str
    words: tuple[str, ...]
    shown: tuple[str, ...] = ()


def show(plan: Sequence[str], *, serve_page: bool, port: int) -> None:
    """Simulate a county in files, match its crimes, and show the report."""
    folder = fresh_folder()
    begun = time.monotonic()
    typer.echo(f"Commands as you would type them follow; first of all:\n  $ {_pointing(folder)}")
    for step in _making(folder, plan):
        run(step, folder)
    for step in _matching(folder):
        run(step, folder)
    page = folder / "result.html"
    _say_where(folder, page, time.monotonic() - begun)
    if serve_page:
        serve(page, port)


def _making(folder: Path, plan: Sequence[str]) -> list[Step]:
    world = str(folder / "world")
    return [
        Step("Simulate a town: streets, lives, tags with their faults, crimes",
             ("simulate", world, *plan)),
        Step("Make an instance of Tipstaff", ("init",)),
    ]  # fmt: skip


def _matching(folder: Path) -> list[Step]:
    world = folder / "world"
    batches = [str(path) for path in sorted((world / "crimes").glob("*.csv"))]
    result, page = str(folder / "result.csv"), str(folder / "result.html")
    streets = str(world / "streets.geojson")
    return [
        Step("Record who wore which device",
             ("import", "activations", str(world / "activations.csv"), *_PURPOSE)),
        Step("Take in the positions the tags reported",
             ("import", "positions", str(world / "positions.parquet"), *_PURPOSE)),
        Step("Take in the police crime files",
             ("import", "crimes", *batches, *_PURPOSE),
             ("import", "crimes", str(world / "crimes" / "*.csv"), *_PURPOSE)),
        Step("Match every crime against every wearer",
             ("match", "--batch", "all", "--outcomes", "all", "--error-model", "simulated",
              *_PURPOSE, *_EVERYBODY, "--out", result)),
        Step("Write the report",
             ("report", result, "--streets", streets, "--out", page)),
    ]  # fmt: skip


def made_today() -> Path | None:
    """The folder of a demonstration whose county was made today; None where there is none."""
    try:
        folder = settings.load().data / "demo"
    except settings.SettingsError:
        return None
    day = folder / COUNTY
    made = day.is_file() and day.read_text(encoding="utf-8") == time.strftime("%Y-%m-%d")
    return folder if made and (folder / _MARK).is_file() else None


def fresh_folder() -> Path:
    """An empty folder for the demonstration, marked as such."""
    try:
        folder = settings.load().data / "demo"
    except settings.SettingsError as error:
        raise fail(str(error), NOT_SET_UP) from None
    if folder.is_symlink() or (folder.exists() and not (folder / _MARK).is_file()):
        raise fail(f"{folder} was not made by tipstaff demo: move it away, then try again.")
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700, parents=True)
        (folder / _MARK).write_text(_MARK_TEXT, encoding="utf-8")
    except OSError as error:
        raise fail(f"{error.filename}: {error.strerror}.") from None
    return folder


def run(step: Step, folder: Path) -> None:
    """Carry out a step on the demonstration's instance, in a process of its own."""
    typer.secho(f"\n{step.title}", bold=True)
    typer.echo(f"  $ tipstaff {_typed(step.shown or step.words)}")
    sys.stdout.flush()
    done = subprocess.run(  # noqa: S603 (this very program, words of our own)
        [sys.executable, "-m", "tipstaff", *step.words],
        env=settings.environment_of(folder / "instance"),
        check=False,
    )
    if done.returncode:
        raise fail(f"tipstaff demo: that step failed (exit code {done.returncode}).")


def _typed(words: Sequence[str]) -> str:
    """Words as one would type them; a pattern stays one."""
    return " ".join(word if "*" in word else shlex.quote(word) for word in words)


def _say_where(folder: Path, page: Path, seconds: float) -> None:
    typer.secho(f"\nDone in {seconds:.0f} seconds. Nobody in it is real.", bold=True)
    typer.echo(
        f"  the report            {page}\n"
        f"  the answers           {folder / 'result.csv'}\n"
        f"  the simulated world   {folder / 'world'} (README.txt explains; truth/ has the truth)\n"
        f"  its instance          {folder / 'instance'}\n"
        "To look further, work on that instance:\n"
        f"  $ {_pointing(folder)}\n"
        "  $ tipstaff audit list --purpose audit\n"
        "  $ tipstaff runs --purpose demonstration"
    )


def _pointing(folder: Path) -> str:
    """What one types to work on the demonstration's instance."""
    return f"export {settings.PREFIX}DATA={shlex.quote(str(folder / 'instance'))}"


def fail(message: str, code: int = NOTHING_DONE) -> typer.Exit:
    """Say what is wrong; raise what this returns."""
    typer.echo(message, err=True)
    return typer.Exit(code)
