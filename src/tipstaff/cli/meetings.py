"""`tipstaff meetings`: who was near whom, of all pairs within reach."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tipstaff.cli.alert_output import at
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import FromOption, ToOption, fail, parse_period, tell_locked

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.meetings import MeetingsFound

app = typer.Typer(rich_markup_mode="markdown")

_COLUMNS: Final = (
    "first", "second", "began_at", "ended_at", "minutes", "least_m", "nearest_at", "latitude",
    "longitude",
)  # fmt: skip


@app.command()
def meetings(
    *,
    start: FromOption,
    end: ToOption,
    purpose: PurposeOption,
    wearer: Annotated[str, typer.Option("--with", help="Meetings of this wearer alone.")] = "",
    distance: Annotated[
        float, typer.Option("--distance", metavar="M", help="How near is near, up to 500 m.")
    ] = 50.0,
    minutes: Annotated[
        float, typer.Option("--minutes", min=0.0, help="How long at least, without a break.")
    ] = 5.0,
    crowd: Annotated[
        int, typer.Option("--crowd", min=2, help="More wearers than this in one place are a crowd.")
    ] = 100,
    out: Annotated[Path | None, typer.Option("--out", help="Write a CSV file.")] = None,
    authority: AuthorityOption = "",
) -> None:
    """Find who was near whom, and for how long: all pairs within your reach, none named before.

    Between two fixes at most ten minutes apart a wearer is taken to have moved straight; over
    longer gaps nothing is known and nobody is met. **Nearness is not association**: people live,
    travel and shop beside each other. Positions are uncertain by metres to hundreds of metres.
    An authority is always needed.

    Try: `tipstaff meetings --from 2026-01-26 --to 2026-01-27 --purpose offender_management
    --authority "operation 12"`

    **Exit codes**: 0 done; 2 a wrong call; 3 not set up; 4 refused.
    """
    period = parse_period(start, end)
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise fail(f"--out {out}: name a file in a folder that is there.")
    with on_instance() as values:
        from tipstaff.patterns.meetings import MeetingRules
        from tipstaff.services.meetings import meetings as look

        found = look(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            period=period,
            wearer=wearer or None,
            rules=MeetingRules(distance_m=distance, least_s=minutes * 60, crowd=crowd),
        )
    if found.problems:
        raise fail(f"Nothing was looked for: {found.problems[0].action}.")
    _tell(found, out)


def _tell(found: MeetingsFound, out: Path | None) -> None:
    tell_locked(locked=found.locked)
    rows = [_row(one) for one in found.met]
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            _write(file, rows)
    elif rows:
        _write(sys.stdout, rows)
    typer.echo(
        f"{len(rows)} meetings among {found.wearers} wearers of whom anything is known.", err=True
    )
    if found.crowds:
        minutes = len({one.at for one in found.crowds})
        first = min(one.at for one in found.crowds)
        typer.echo(
            f"Crowds in {minutes} minutes, the first at {at(first)}: pairs in them were not "
            "followed. See --crowd.",
            err=True,
        )


def _write(file: Any, rows: list[tuple[str, ...]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)


def _row(one: Any) -> tuple[str, ...]:
    lasted = (one.ended_at - one.began_at).total_seconds() / 60
    instants = [f"{i:%Y-%m-%dT%H:%M:%SZ}" for i in (one.began_at, one.ended_at, one.nearest_at)]
    return (
        one.first, one.second, instants[0], instants[1], f"{lasted:.1f}", f"{one.least_m:.1f}",
        instants[2], f"{one.latitude:.5f}", f"{one.longitude:.5f}",
    )  # fmt: skip
