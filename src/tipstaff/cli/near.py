"""`tipstaff near`: the fixes near a place in a period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, on_instance
from tipstaff.cli.position_files import (
    SOME_BAD,
    FromOption,
    MappingOption,
    OptionalPurpose,
    ToOption,
    fail,
    given_purpose,
    load_mapping,
    parse_period,
    read_loose,
    tell_locked,
)
from tipstaff.cli.position_output import FormatOption, OutOption, OutputFormat, write_out
from tipstaff.domain.periods import Period
from tipstaff.formats.positions_writing import Known
from tipstaff.positions.place_bounds import MAX_RADIUS_M
from tipstaff.positions.queries import TableFixes, is_place
from tipstaff.positions.queries import near as ask_near

app = typer.Typer(rich_markup_mode="markdown")


# A longitude is often negative: "-2.9" must not be taken for an option.
@app.command(context_settings={"ignore_unknown_options": True})
def near(
    latitude: Annotated[float, typer.Argument(help="Degrees north (WGS84).")],
    longitude: Annotated[float, typer.Argument(help="Degrees east; west is negative.")],
    *,
    start: FromOption,
    end: ToOption,
    radius: Annotated[
        float, typer.Option("--radius", metavar="M", help="Metres round the place, up to 50,000.")
    ] = 100.0,
    purpose: OptionalPurpose = None,
    authority: AuthorityOption = "",
    shape: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    positions: Annotated[
        Path | None, typer.Option("--positions", help="Read this file alone, not the archive.")
    ] = None,
    mapping: MappingOption = "tipstaff",
) -> None:
    """Print every fix within a distance of a place in a period, in time order.

    A fix is a point with an error: one just outside may have been inside, and one inside outside.
    Use `tipstaff match` for what a fix supports. The archive asks for --purpose; a file alone
    does not.

    Try: `tipstaff near 53.44451 -2.92517 --radius 200 --from 2026-01-26T16:00 --to 2026-01-26T17:00
    --purpose crime_matching --format geojson --out near.geojson`

    **Exit codes**: 0 all good; 1 some rows of the file were bad; 2 nothing could be done; 3 not
    set up; 4 refused.
    """
    if not is_place(latitude, longitude):
        raise fail(
            "Latitude lies within 90, longitude within 180 degrees: give them in this order."
        )
    if not 0 < radius <= MAX_RADIUS_M:
        raise fail(f"--radius {radius}: give metres, above 0 and up to {MAX_RADIUS_M:.0f}.")
    period = parse_period(start, end)
    if positions is not None:
        _on_file((latitude, longitude, radius), positions, mapping, period, shape, out)
        return
    with on_instance() as values:
        from tipstaff.services.trails import near as look

        found = look(
            actor=values.actor,
            purpose=given_purpose(purpose),
            authority=authority,
            latitude=latitude,
            longitude=longitude,
            radius_m=radius,
            period=period,
        )
    tell_locked(locked=found.locked)
    write_out(found.table, Known(found.names, found.worn), shape, out)


def _on_file(
    place: tuple[float, float, float],
    path: Path,
    mapping: str,
    period: Period,
    shape: OutputFormat,
    out: Path | None,
) -> None:
    loose = read_loose(path, load_mapping(mapping), period)
    write_out(ask_near(TableFixes(loose.table), *place, period), Known(loose.names), shape, out)
    if loose.quarantined:
        raise typer.Exit(SOME_BAD)
