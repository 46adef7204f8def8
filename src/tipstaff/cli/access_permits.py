"""`tipstaff access ask`, `break-glass`, `waiting`, `approve`, `refuse`, `review`: approvals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, key_of, tell
from tipstaff.cli.position_files import fail, parse_period
from tipstaff.domain.access_facts import Area
from tipstaff.domain.access_rules import LONGEST_PERMIT

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.permits import PermitLine
    from tipstaff.services.permits import Wanted

WhatArgument = Annotated[
    str, typer.Argument(metavar="WHAT", help="The use case: trail, near or show_case.")
]
StartOption = Annotated[
    str, typer.Option("--from", metavar="TIME", help="From when on you want to look.")
]
EndOption = Annotated[str, typer.Option("--to", metavar="TIME", help="Up to when.")]
NameOption = Annotated[str, typer.Option("--name", help="The wearer's reference, or the device's.")]
AreaOption = Annotated[
    str,
    typer.Option("--area", metavar="LAT,LON,M", help="The circle: degrees, degrees, metres."),
]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="Its key, as `tipstaff access waiting` prints it.")
]


def ask(
    what: WhatArgument,
    start: StartOption,
    end: EndOption,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    name: NameOption = "",
    area: AreaOption = "",
    days: Annotated[
        int, typer.Option(min=1, max=LONGEST_PERMIT.days, help="For how many days it is to hold.")
    ] = 7,
) -> None:
    """Ask for an approval: a wearer out of reach, a long trail, a search by place.

    --purpose is that of the look itself. Somebody else decides.

    Try: `tipstaff access ask trail --name W0001 --from 2026-01-05 --to 2026-02-05
    --reason "pattern before the breach" --purpose breach_investigation`

    **Exit codes**: 0 asked; 2 nothing was asked; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.permits import ask_permit

        outcome = ask_permit(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wanted=_wanted(what, start, end, name, area),
            reason=reason,
            lasts=timedelta(days=days),
        )
    tell(outcome, "Asked for")


def break_glass(
    what: WhatArgument,
    start: StartOption,
    end: EndOption,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    name: NameOption = "",
    area: AreaOption = "",
) -> None:
    """Take an approval at once, for one hour, where waiting would do harm.

    It is loud: it waits in the review queue until a supervisor says whether it was justified. It
    never opens a record of limited access.

    Try: `tipstaff access break-glass show_case --name W0001 --from 2026-01-05 --to 2026-01-06
    --reason "threat to life" --purpose victim_safety`

    **Exit codes**: 0 taken; 2 nothing was taken; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.permits import break_glass as take

        outcome = take(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wanted=_wanted(what, start, end, name, area),
            reason=reason,
        )
    tell(outcome, "Taken for one hour, to be reviewed:")


def waiting(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    reviews: Annotated[
        bool, typer.Option("--reviews", help="What was taken in an emergency, to be reviewed.")
    ] = False,
) -> None:
    """List what waits for your decision, oldest first.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.permits import list_permits

        lines = list_permits(
            actor=values.actor, purpose=purpose, authority=authority, emergencies=reviews
        )
    for line in lines:
        typer.echo(_line(line))
    if not lines:
        typer.echo("Nothing waits for you.", err=True)


def approve(
    key: KeyArgument,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    reason: ReasonOption = "",
) -> None:
    """Approve what somebody else asked for.

    **Exit codes**: 0 approved; 2 nothing was changed; 3 not set up; 4 refused.
    """
    _decide(key, purpose, authority, reason, approved=True)


def refuse(
    key: KeyArgument,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Refuse what somebody else asked for, and say why.

    **Exit codes**: 0 refused; 2 nothing was changed; 3 not set up; 4 not permitted.
    """
    _decide(key, purpose, authority, reason, approved=False)


def review(
    key: KeyArgument,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    justified: Annotated[
        bool,
        typer.Option("--justified/--not-justified", help="What you found."),
    ] = False,
) -> None:
    """Say whether what somebody else took in an emergency was justified, and why.

    **Exit codes**: 0 reviewed; 2 nothing was changed; 3 not set up; 4 refused.
    """
    found = key_of(key)
    with on_instance() as values:
        from tipstaff.services.permits import review_break_glass

        outcome = review_break_glass(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            permit=found,
            justified=justified,
            reason=reason,
        )
    tell(outcome, "Reviewed")


def _decide(
    key: str, purpose: PurposeOption, authority: str, reason: str, *, approved: bool
) -> None:
    found = key_of(key)
    with on_instance() as values:
        from tipstaff.services.permits import decide_permit

        outcome = decide_permit(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            permit=found,
            approve=approved,
            reason=reason,
        )
    tell(outcome, "Approved" if approved else "Refused")


def _wanted(what: str, start: str, end: str, name: str, area: str) -> Wanted:
    from tipstaff.services.permits import Wanted

    return Wanted(what, parse_period(start, end), name or None, _area(area))


def _area(text: str) -> Area | None:
    if not text:
        return None
    try:
        latitude, longitude, radius_m = (float(part) for part in text.split(","))
    except ValueError:
        raise fail("--area: write latitude,longitude,metres as 53.1,-1.5,200.") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 < radius_m <= 50_000):
        raise fail("--area: a place on Earth and a radius of up to 50,000 m, please.")
    return Area(latitude, longitude, radius_m)


def _line(line: PermitLine) -> str:
    asked = line.asked
    period = f"{asked.period.start:%Y-%m-%d %H:%M} – {asked.period.end:%Y-%m-%d %H:%M} UTC"
    where = "" if asked.area is None else f" within {asked.area.radius_m:g} m of a place"
    return (
        f"{line.ref}  {line.user}  {asked.use_case} {asked.name or ''}{where}  {period}  "
        f"{asked.purpose}  until {asked.ends_at:%Y-%m-%d %H:%M} UTC: {asked.reason}"
    )
