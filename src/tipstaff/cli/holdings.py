"""`tipstaff holdings`: home units in wearers' homes, devices with victims; never searched."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.devices import DeviceArgument, SupplierOption, owner_of
from tipstaff.cli.fittings import AtOption, WearerOption, WhyOption
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import parse_instant
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.devices import DeviceName

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
AddressOption = Annotated[
    str, typer.Option("--address", help="The reference of an address in the wearer's record.")
]


@app.callback()
def holdings() -> None:
    """Record where home units are and which victim has a device: they give positions to nobody."""


@app.command("install")
def install(
    device: DeviceArgument,
    wearer: WearerOption,
    address: AddressOption,
    at: AtOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    reason: WhyOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a home unit was set up at an address of a wearer with an order in force.

    Try: `tipstaff holdings install H7 --wearer W1 --address home --at 2026-03-02T10:00:00Z
    --purpose offender_management`

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.holdings import install_home_unit

        done = install_home_unit(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            wearer=wearer,
            address=address,
            at=parse_instant("--at", at),
            reason=reason,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: installed")


@app.command("move")
def move(
    device: DeviceArgument,
    address: AddressOption,
    at: AtOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    reason: WhyOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a home unit was moved to another address of the same wearer.

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.holdings import move_home_unit

        done = move_home_unit(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            address=address,
            at=parse_instant("--at", at),
            reason=reason,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: moved")


@app.command("issue")
def issue(
    device: DeviceArgument,
    victim: Annotated[
        str, typer.Option("--victim", help="The victim's reference, as the order names them.")
    ],
    wearer: WearerOption,
    at: AtOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    reason: WhyOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a victim was given a device; an order of the wearer has to protect them.

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.holdings import issue_victims_device

        done = issue_victims_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            victim=victim,
            wearer=wearer,
            at=parse_instant("--at", at),
            reason=reason,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: issued")


@app.command("end")
def end(
    device: DeviceArgument,
    at: AtOption,
    purpose: PurposeOption,
    supplier: SupplierOption = "tipstaff",
    reason: WhyOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Record that a home unit was taken away, or a victim's device given back; also late news.

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.holdings import end_holding

        done = end_holding(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            device=DeviceName(owner_of(supplier), device),
            at=parse_instant("--at", at),
            reason=reason,
        )
        stop_if_refused(done.problems)
    typer.echo(f"{device}: ended")
