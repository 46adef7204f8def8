"""`tipstaff report`: the page of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from tipstaff.cli.instance_errors import AuthorityOption, on_instance
from tipstaff.cli.position_files import OptionalPurpose, given_purpose
from tipstaff.documents.report import StyleNotBuilt, render
from tipstaff.documents.run_view import RunView, assemble
from tipstaff.documents.streets import Streets, from_geojson
from tipstaff.domain.purposes import Purpose
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import mismatch
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun

app = typer.Typer()
T = TypeVar("T")

_NOTHING_DONE = 2
_NOT_SET_UP = 3


@app.command()
def report(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="The results file of a match (F.csv), or F alone; or the id of a recorded run.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write the page [default: RUN.html].")
    ] = None,
    streets: Annotated[
        Path | None,
        typer.Option("--streets", help="Street lines to draw on the maps, GeoJSON (WGS84)."),
    ] = None,
    purpose: OptionalPurpose = None,
    authority: AuthorityOption = "",
) -> None:
    """Write the report of a match as one web page that needs nothing else: no network, no program.

    RUN.csv, RUN.crimes.csv, RUN.facts.parquet and RUN.manifest.json lie together, unchanged, as
    `tipstaff match --out RUN.csv` left them: the manifest tells if one is another run's. A run of
    the archive is named by its id (`tipstaff runs` lists them) and needs a purpose. The page shows
    where identified people were: keep it as such.

    **Exit codes**: 0 written; 2 the run cannot be read or the page not be written; 3 set-up is not
    finished; 4 refused.
    """
    run_id = _id_of(run)
    if run_id is None:
        stem = Path(run).with_suffix("") if run.endswith(".csv") else Path(run)
        view = _read_run(stem)
    else:
        stem = Path(str(run_id))
        view = _recorded_run(run_id, given_purpose(purpose), authority)
    page = _render(view, Streets() if streets is None else _read_streets(streets))
    target = out or stem.with_name(stem.name + ".html")
    try:
        target.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _fail(f"{target} cannot be written: {error.strerror}.") from None
    typer.echo(f"{target}  ({len(page.encode()) / 1e6:.1f} MB)")


def _id_of(run: str) -> UUID | None:
    try:
        return UUID(run)
    except ValueError:
        return None


def _recorded_run(run_id: UUID, purpose: Purpose, authority: str) -> RunView:
    with on_instance() as values:
        from tipstaff.services.matching import run_tables

        found = run_tables(actor=values.actor, purpose=purpose, authority=authority, run_id=run_id)
    if found is None:
        raise _fail(
            f"There is no run {run_id} that you may see; tipstaff runs lists those there are."
        )
    tables = _readable(str(run_id), found)
    run = assemble(tables.results, tables.crimes, tables.facts, tables.manifest, complete=True)
    return _readable(str(run_id), run)


def _read_run(stem: Path) -> RunView:
    read: dict[str, Callable[[bytes], Any]] = {
        "results": run_files.read_results,
        "crimes": run_files.read_crimes,
        "facts": run_files.read_facts,
        "manifest": run_files.read_manifest,
    }
    contents = {kind: _bytes(stem.with_name(stem.name + SUFFIXES[kind])) for kind in read}
    found = {kind: _readable(str(stem), reader(contents[kind])) for kind, reader in read.items()}
    del contents["manifest"]
    _readable(str(stem), mismatch(found["manifest"], contents))
    return _readable(str(stem), assemble(**found))


def _readable(name: str, found: T | UnreadableRun) -> T:
    """What was found, if it can be used; what is wrong is told otherwise."""
    if isinstance(found, UnreadableRun):
        raise _fail(f"{name}: {found.what}. {found.action}")
    return found


def _render(run: RunView, streets: Streets) -> str:
    try:
        return render(run, streets)
    except StyleNotBuilt:
        raise _fail(
            "The page's stylesheet has not been built: ./run tipstaff report builds it.",
            _NOT_SET_UP,
        ) from None


def _read_streets(path: Path) -> Streets:
    try:
        values = json.loads(_bytes(path))
    except ValueError:
        raise _fail(f"{path} is not GeoJSON: give a feature collection of lines.") from None
    streets = from_geojson(values)
    if streets.skipped or not streets.lines:
        typer.echo(
            f"{path}: {len(streets.lines)} lines, {streets.skipped} features left out.", err=True
        )
    return streets


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _fail(
            f"{path} cannot be read: {error.strerror}. Give the file that `tipstaff match --out` "
            "wrote, with its companions beside it."
        ) from None


def _fail(message: str, code: int = _NOTHING_DONE) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)
