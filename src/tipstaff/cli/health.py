"""`tipstaff health`: how devices, feeds and chores fare, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tipstaff.cli.alert_output import at
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.fleet_health import FleetHealth

app = typer.Typer(rich_markup_mode="markdown")

_UNWELL: Final = 1
_LINES: Final = 50


@app.command()
def health(
    purpose: PurposeOption,
    supplier: Annotated[str, typer.Option("--supplier", help="Of this supplier alone.")] = "",
    authority: AuthorityOption = "",
) -> None:
    """Say how each feed, each supplier's devices and each chore fares, and which devices are still.

    A device is on time, late, or silent by its own reporting plan: late when it was not heard for
    longer than that, silent after three times that. `unheard` were not heard since they are worn,
    `placeless` tell no position. Of devices that somebody wears, as `tipstaff worker` hears them:
    where it put nothing down for two minutes, all of this is old, and that is said first.

    Try: `tipstaff health --purpose system_administration`

    **Exit codes**: 0 all is well; 1 a feed is out, a device silent, a chore failing or the worker
    still; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.fleet_health import fleet_health

        found = fleet_health(
            actor=values.actor, purpose=purpose, authority=authority, supplier=supplier or None
        )
        for line in _words(found):
            typer.echo(line)
    if not found.is_well:
        raise typer.Exit(_UNWELL)


def _words(found: FleetHealth) -> Iterator[str]:
    if found.worker_is_still:
        yield f"THE WORKER IS STILL since {_at(found.worker_at)}: what follows is old"
    for outage in found.outages:
        yield f"FEED OUT: {outage.feed} since {at(outage.since)}"
    for feed in found.feeds:
        rate = "" if feed.per_minute is None else f", {feed.per_minute:.1f} messages a minute"
        yield f"{feed.feed}: last message {at(feed.seen_at)}{rate}"
    for one in found.fleets:
        yield (
            f"{one.supplier}: {one.worn} devices worn, {one.on_time} on time, {one.late} late, "
            f"{one.silent} silent ({one.unheard} unheard), {one.placeless} placeless; "
            f"last heard {_at(one.newest)}"
        )
    if not found.fleets:
        yield "No device that somebody wears has been heard by the worker."
    for device in found.still[:_LINES]:
        word = "silent" if device.is_silent(found.at) else "late"
        last = "never told a position" if device.fix_at is None else f"position {at(device.fix_at)}"
        heard = (
            f"not heard since it is worn, {_at(device.worn_since)}"
            if device.heard_at is None
            else f"heard {at(device.heard_at)}"
        )
        battery = "" if device.battery is None else f", battery {device.battery.percent}%"
        yield f"  {word}: {device.supplier} {device.device_id}, {heard}, {last}{battery}"
    if len(found.still) > _LINES:
        yield f"  and {len(found.still) - _LINES} more"
    for chore in found.chores:
        state = f"FAILED ({chore.failed})" if chore.failed else "well"
        yield f"{chore.name}: {_began(chore.began_at)}, {state}, due {at(chore.due_at)}"


def _began(instant: datetime | None) -> str:
    return "never begun" if instant is None else f"begun {at(instant)}"


def _at(instant: datetime | None) -> str:
    return "never" if instant is None else at(instant)
