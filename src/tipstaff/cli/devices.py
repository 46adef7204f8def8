"""`tipstaff devices`: the inventory of tags, home units and victims' devices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.position_files import fail, parse_instant
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.devices import Description, DeviceKind, DeviceName, DeviceState
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

DeviceArgument = Annotated[
    str, typer.Argument(metavar="DEVICE", help="The supplier's number of the device.")
]
SupplierOption = Annotated[
    str, typer.Option("--supplier", help="Whose device: the supplier of the positions' mapping.")
]
_KnownOption = Annotated[
    str, typer.Option("--as-known-at", metavar="TIME", help="As was known then; else as now.")
]
KindOption = Annotated[DeviceKind, typer.Option("--kind", help="What the device is for.")]
ModelOption = Annotated[str, typer.Option("--model", help="The supplier's name of the model.")]
SerialOption = Annotated[str, typer.Option("--serial", help="The serial number.")]
FirmwareOption = Annotated[str, typer.Option("--firmware", help="The version of the firmware.")]
StateOption = Annotated[
    DeviceState,
    typer.Option("--state", help="Where it is. 'worn' is not told: it follows from fittings."),
]
ReportingOption = Annotated[
    int | None, typer.Option("--reporting-s", help="How many seconds apart it is to report.")
]
TrialOption = Annotated[str, typer.Option("--trial", help="The trial in whose fleet it is.")]


def owner_of(supplier: str) -> str:
    """The supplier that --supplier names."""
    found = supplier_name(supplier)
    if found is None:
        raise fail(f"--supplier: {NAME_ACTION}.")
    return found


@app.callback()
def devices() -> None:
    """Say what devices there are, where they are, and who had one when."""


@app.command("register")
def register(
    device: DeviceArgument,
    kind: KindOption,
    model: ModelOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    serial: SerialOption = "",
    firmware: FirmwareOption = "",
    state: StateOption = DeviceState.IN_STOCK,
    reporting_s: ReportingOption = None,
    trial: TrialOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Say for the first time what a device is. It is taken to have been so since ever.

    Try: `tipstaff devices register T100 --kind tag --model M1 --purpose system_administration`

    **Exit codes**: 0 registered; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    described = Description(kind, model, serial, firmware, state, reporting_s, trial)
    with on_instance() as values:
        from tipstaff.services.device_inventory import register_device

        done = register_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            description=described,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: registered")


@app.command("describe")
def describe(
    device: DeviceArgument,
    kind: KindOption,
    model: ModelOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    serial: SerialOption = "",
    firmware: FirmwareOption = "",
    state: StateOption = DeviceState.IN_STOCK,
    reporting_s: ReportingOption = None,
    trial: TrialOption = "",
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="From when on it was so; else from now.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", metavar="TIME", help="Up to when, for a correction of the past.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is told anew.")] = "",
    authority: AuthorityOption = "",
) -> None:
    """Say anew what a registered device is: all of it, from now on or for a time.

    Try: `tipstaff devices describe T100 --kind tag --model M1 --firmware 2.1 --from 2026-03-02
    --purpose system_administration`

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    described = Description(kind, model, serial, firmware, state, reporting_s, trial)
    with on_instance() as values:
        from tipstaff.services.device_inventory import describe_device

        done = describe_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            description=described,
            reason=reason,
            valid_from=parse_instant("--from", since) if since else None,
            valid_to=parse_instant("--to", until) if until else None,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: recorded" if done.new else f"{device}: on record already")


@app.command("list")
def list_devices(
    purpose: PurposeOption,
    supplier: Annotated[str, typer.Option("--supplier", help="Of this supplier only.")] = "",
    state: Annotated[
        DeviceState | None, typer.Option("--state", help="Of this state only.")
    ] = None,
    model: Annotated[str, typer.Option("--model", help="Of this model only.")] = "",
    trial: Annotated[str, typer.Option("--trial", help="In the fleet of this trial only.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many devices.")] = 50,
    after: Annotated[
        str, typer.Option("--after", help="Go on after this: the `next` of the page before.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """List devices as they stand now, by number: kind, model, firmware, state, trial.

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 not permitted.
    """
    begin = _place(after)
    with on_instance() as values:
        from tipstaff.cli.device_output import line_words
        from tipstaff.services.device_view import DevicesWanted
        from tipstaff.services.device_view import list_devices as listed

        wanted = DevicesWanted(supplier or None, state, model or None, trial or None, begin, limit)
        lines = listed(actor=values.actor, purpose=purpose, authority=authority, wanted=wanted)
        for line in lines:
            typer.echo(line_words(line))
    if not lines:
        typer.echo("No device of these is on record.", err=True)
    if len(lines) == limit:
        typer.echo(f"next: {lines[-1].row}/{lines[-1].device_id}")


@app.command("show")
def show(
    device: DeviceArgument,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="As it was then.")] = "",
    as_known_at: _KnownOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Print what was said of a device as JSON, by both clocks.

    Try: `tipstaff devices show T100 --as-known-at 2026-03-02 --purpose data_quality`

    **Exit codes**: 0 shown; 2 no such device; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.cli.device_output import device_words
        from tipstaff.services.device_view import show_device

        found = show_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            valid_at=parse_instant("--at", at) if at else None,
            as_known_at=parse_instant("--as-known-at", as_known_at) if as_known_at else None,
        )
        if found is None:
            raise fail("No device of that number is on record. Check it and --supplier.")
        typer.echo(json.dumps(device_words(found), indent=2, ensure_ascii=False))


@app.command("who")
def who(
    device: DeviceArgument,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="At that time.")],
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    as_known_at: _KnownOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Say who had a device at a time, as is known now or was known at another time.

    Try: `tipstaff devices who T100 --at 2026-03-02T10:00:00Z --purpose offender_management`

    **Exit codes**: 0 told, even if nobody is known; 2 a wrong call; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.cli.device_output import who_words
        from tipstaff.services.device_view import who_has

        found = who_has(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            at=parse_instant("--at", at),
            as_known_at=parse_instant("--as-known-at", as_known_at) if as_known_at else None,
        )
        typer.echo(who_words(found))


@app.command("import")
def import_devices(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="JSON: suppliers and devices, as docs/reference/devices.schema.json says.",
        ),
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Record suppliers and devices from a document. Every fault is told; good entries are kept.

    Try: `tipstaff devices import fleet.json --purpose system_administration`

    **Exit codes**: 0 all good; 1 some entries were bad; 2 nothing could be taken in; 3 not set up;
    4 not permitted.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}.") from None
    with on_instance() as values:
        from tipstaff.services.device_import import import_devices as take_in

        done = take_in(actor=values.actor, purpose=purpose, authority=authority, content=content)
    for fault in done.faults:
        typer.echo(str(fault), err=True)
    typer.echo(f"{file}: {done.read} entries, {done.kept} kept, {done.new} new")
    if done.faults:
        raise typer.Exit(SOME_BAD if done.kept else NOTHING_DONE)


@app.command("export")
def export_devices(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the document.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Write all suppliers and everything said of all devices as one document; no key is in it.

    **Exit codes**: 0 written; 3 not set up; 4 not permitted; 74 it could not be written.
    """
    with on_instance() as values:
        from tipstaff.services.device_import import export_devices as given

        out.write_bytes(given(actor=values.actor, purpose=purpose, authority=authority))
    typer.echo(f"{out}: written")


def _place(text: str) -> tuple[str, UUID] | None:
    if not text:
        return None
    row, _, name = text.partition("/")
    try:
        return name, UUID(row)
    except ValueError:
        raise fail("--after: give the `next` of the page before, as it was printed.") from None
