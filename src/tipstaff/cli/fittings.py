"""`tipstaff fittings`: put devices on wearers, take them off, swap them; homes and victims."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.devices import DeviceArgument, SupplierOption, owner_of
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail, parse_instant
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.devices import DeviceName
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.zones import Place

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

AtOption = Annotated[
    str, typer.Option("--at", metavar="TIME", help="When it was: ISO 8601; UTC if no offset.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who did it.")]
WearerOption = Annotated[str, typer.Option("--wearer", help="The wearer's reference.")]
OrderOption = Annotated[
    str, typer.Option("--order", help="Which order, where several are in force.")
]
ReasonOption = Annotated[RemovalReason, typer.Option("--reason", help="Why it came off.")]
NoteOption = Annotated[str, typer.Option("--note", help="Whatever else is to be known.")]
ReferenceOption = Annotated[
    str, typer.Option("--reference", help="The activation's, where the time alone leaves doubt.")
]
WhyOption = Annotated[str, typer.Option("--reason", help="Why, in a few words.")]


@app.callback()
def fittings() -> None:
    """Record fittings, removals and swaps; home units in homes, devices with victims.

    What is learnt late is told with the time at which it was; what was believed before can still be
    shown. Everything is refused whole or recorded whole.
    """


@app.command("fit")
def fit(
    device: DeviceArgument,
    wearer: WearerOption,
    at: AtOption,
    by: ByOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    order: OrderOption = "",
    place: Annotated[str, typer.Option("--place", help="Where it was put on.")] = "",
    strap: Annotated[
        StrapCheck, typer.Option("--strap-check", help="Whether the strap was found to hold.")
    ] = StrapCheck.NOT_DONE,
    baseline: Annotated[
        str, typer.Option("--baseline", metavar="LAT,LON", help="Where that was, in degrees.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a device was put on a wearer, under an order in force then.

    Try: `tipstaff fittings fit T100 --wearer W1 --at 2026-03-02T10:00:00Z --by "A Fitter"
    --strap-check passed --purpose offender_management`

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    fitted = Fitted(parse_instant("--at", at), by, place, strap, _baseline(baseline))
    made = Fitting("", wearer, owner_of(supplier), device, order or None, fitted)
    with on_instance() as values:
        from tipstaff.services.fittings import fit_device

        done = fit_device(actor=values.actor, purpose=purpose, authority=authority, fitting=made)
        stop_if_refused(done.problems)
    typer.echo(f"{device}: fitted, activation {done.reference}")


@app.command("remove")
def remove(
    device: DeviceArgument,
    at: AtOption,
    by: ByOption,
    reason: ReasonOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    note: NoteOption = "",
    reference: ReferenceOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a device came off whoever wore it then, also when that is learnt late.

    Try: `tipstaff fittings remove T100 --at 2026-03-09T16:30:00Z --by "A Fitter"
    --reason order_ended --purpose offender_management`

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    removed = Removed(parse_instant("--at", at), by, reason, note)
    with on_instance() as values:
        from tipstaff.services.fittings import remove_device

        done = remove_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            removed=removed,
            reference=reference,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: removed, activation {done.reference}")


@app.command("swap")
def swap(
    device: DeviceArgument,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The number of the one put on.")],
    at: AtOption,
    by: ByOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    new_supplier: Annotated[
        str, typer.Option("--new-supplier", help="Whose the new one is, where another's.")
    ] = "",
    reason: ReasonOption = RemovalReason.SWAPPED,
    note: NoteOption = "",
    strap: Annotated[
        StrapCheck, typer.Option("--strap-check", help="Whether the new strap was found to hold.")
    ] = StrapCheck.NOT_DONE,
    authority: AuthorityOption = "",
) -> None:
    """Record that a wearer's device was taken off and another put on, at one instant.

    Try: `tipstaff fittings swap T100 T101 --at 2026-03-04T09:00:00Z --by "A Fitter"
    --purpose offender_management`

    **Exit codes**: 0 recorded; 2 refused, and neither is recorded; 3 not set up; 4 not permitted.
    """
    instant = parse_instant("--at", at)
    owner = owner_of(supplier)
    with on_instance() as values:
        from tipstaff.services.fittings import swap_device

        done = swap_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            old=DeviceName(owner, device),
            new=DeviceName(owner_of(new_supplier) if new_supplier else owner, new),
            removed=Removed(instant, by, reason, note),
            fitted=Fitted(instant, by, strap_check=strap),
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: swapped for {new}, activation {done.reference}")


@app.command("annul")
def annul(
    device: DeviceArgument,
    reference: Annotated[str, typer.Option("--reference", help="The activation that never was.")],
    reason: WhyOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    authority: AuthorityOption = "",
) -> None:
    """Record that an activation never was: it was put down for the wrong person or device.

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    if not reason:
        raise fail("--reason: say why it never was.")
    with on_instance() as values:
        from tipstaff.services.fittings import annul_fitting

        done = annul_fitting(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            reference=reference,
            reason=reason,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: annulled, activation {done.reference}")


def _baseline(text: str) -> Place | None:
    if not text:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise fail("--baseline: write degrees as LAT,LON, for instance 52.93,-1.48.") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise fail("--baseline: write a latitude up to 90 and a longitude up to 180.")
    return Place(latitude, longitude)
