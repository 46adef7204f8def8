"""`tipstaff monitor`: what the rules of live monitoring find."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.error_model_option import ErrorModelOption, error_model_of
from tipstaff.cli.position_files import (
    SOME_BAD,
    FromOption,
    MappingOption,
    ToOption,
    fail,
    parse_period,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def monitor() -> None:
    """Judge positions by the conditions of orders."""


@app.command("replay")
def replay(
    orders: Annotated[
        Path,
        typer.Option(
            "--orders",
            metavar="FILE",
            help="JSON: cases, as docs/reference/case.schema.json describes them.",
        ),
    ],
    positions: Annotated[
        list[Path],
        typer.Option("--positions", metavar="FILE", help="A position file; may be given again."),
    ],
    start: FromOption,
    end: ToOption,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="F.csv", help="The findings; outcomes of periods beside it."),
    ],
    activations: Annotated[
        Path | None,
        typer.Option(
            "--activations",
            metavar="FILE",
            help="Who wore which device when. Without it a device's name is its wearer's.",
        ),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events",
            metavar="FILE",
            help="What devices said of themselves: device_id, event_time, kind, level_pct.",
        ),
    ] = None,
    mapping: MappingOption = "tipstaff",
    error_model: ErrorModelOption = None,
) -> None:
    """Replay positions against orders, on files alone: what would have been found, and when.

    Judged are zones, curfews and attendances of active orders, from the later of start and service.
    At `--from` nothing is known of anybody. `F.csv` has a row for each step of a finding (it began,
    grew, ended): `wearer`, `at`, `kind`, `condition` (ORDER/CONDITION), `step`, `level`, `why` and
    the same `in_words`, `since`, `probability` of being where one must not be. `F.outcomes.csv` has
    a row for each period of a curfew or attendance: `kept`, `broken`, or `unknown` where the
    positions do not tell, with elapsed seconds absent and not known. With `--events` devices
    themselves are judged too: straps, cases, batteries, charging, silences, lost positions, as if
    each message had come in at once. The same files give the same bytes.

    Try: `tipstaff monitor replay --orders cases.json --positions feed.csv --from 2026-03-01 --to
    2026-03-08 --out alerts.csv`

    **Exit codes**: 0 all good; 1 some cases or rows were left out; 2 nothing could be done.
    """
    from tipstaff.cli.monitor_replay import ReplayFiles, replay_files
    from tipstaff.formats.finding_tables import finding_table, outcome_table

    if out.suffix != ".csv":
        raise fail(f"--out {out}: name a file that ends in .csv.")
    error = error_model_of(error_model)
    files = ReplayFiles(orders, tuple(positions), activations, mapping, error, events)
    done = replay_files(files, parse_period(start, end))
    try:
        out.write_bytes(finding_table(done.told))
        out.with_suffix(".outcomes.csv").write_bytes(outcome_table(done.told))
    except OSError as error:
        raise fail(f"--out {out}: {error.strerror}.") from None
    typer.echo(
        f"{done.watched} conditions of {done.wearers} wearers, {done.fixes} positions: {out}"
    )
    if not done.all_good:
        raise typer.Exit(SOME_BAD)
