"""`tipstaff trail`: the fixes of one device or wearer in time order."""

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
from tipstaff.domain.name_kinds import NameKind
from tipstaff.domain.periods import Period
from tipstaff.formats.positions_writing import Known
from tipstaff.positions.queries import Span, TableFixes
from tipstaff.positions.queries import trail as ask_trail

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def trail(
    name: Annotated[
        str, typer.Argument(metavar="DEVICE_OR_WEARER", help="A device id or a wearer's reference.")
    ],
    *,
    start: FromOption,
    end: ToOption,
    purpose: OptionalPurpose = None,
    authority: AuthorityOption = "",
    kind: Annotated[
        NameKind | None,
        typer.Option("--of", help="Which is meant, where a wearer and a device have one name."),
    ] = None,
    shape: FormatOption = OutputFormat.TABLE,
    out: OutOption = None,
    positions: Annotated[
        Path | None,
        typer.Option(
            "--positions", help="Read this file alone, not the archive: DEVICE is its id."
        ),
    ] = None,
    mapping: MappingOption = "tipstaff",
) -> None:
    """Print every fix of a device or wearer in a period, in time order.

    A wearer's trail holds what their devices reported while they wore them; a name that no
    activation gives to a wearer is a device's. Where a device
    reported several places for one instant all are shown, and which one counts: a satellite fix
    first, then the smaller radius. The archive asks for --purpose; a file alone does not.

    Try: `tipstaff trail W0001 --from 2026-01-26 --to 2026-01-27 --purpose crime_matching`

    **Exit codes**: 0 all good; 1 some rows of the file were bad; 2 nothing could be done; 3 not
    set up; 4 refused.
    """
    period = parse_period(start, end)
    if positions is not None:
        _on_file(name, positions, mapping, period, shape, out)
        return
    with on_instance() as values:
        from tipstaff.services.trail_names import Ambiguous
        from tipstaff.services.trails import trail as look

        found = look(
            actor=values.actor,
            purpose=given_purpose(purpose),
            authority=authority,
            name=name,
            period=period,
            kind=kind,
        )
    if found is None:
        what = "wearer and no device" if kind is None else kind.value
        raise fail(
            f"No {what} of that name that you may see is known. Check it, or import first; where "
            "your reach ends, 'tipstaff access ask'."
        )
    if isinstance(found, Ambiguous):
        raise fail(
            "This is the name of a wearer with an activation and of a device (supplier "
            f"{', '.join(found.suppliers)}): add --of wearer or --of device."
        )
    tell_locked(locked=found.locked)
    write_out(found.table, Known(found.names, found.worn), shape, out)


def _on_file(
    device: str, path: Path, mapping: str, period: Period, shape: OutputFormat, out: Path | None
) -> None:
    loose = read_loose(path, load_mapping(mapping), period, frozenset({device}))
    spans = [Span(key, period) for key in loose.names]
    write_out(ask_trail(TableFixes(loose.table), spans), Known(loose.names), shape, out)
    if loose.quarantined:
        raise typer.Exit(SOME_BAD)
