"""`tipstaff absences`: ask for an absence, decide it, cancel it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import NOTHING_DONE, AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.cli.problem_output import tell_problems, tell_recorded
from tipstaff.domain.absences import Absence, absence_period
from tipstaff.domain.periods import Period

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
WearerArgument = Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")]
ReferenceArgument = Annotated[
    str, typer.Argument(metavar="REF", help="The absence's reference in the wearer's case.")
]
_TIME = "by the clock in Great Britain (2026-03-02T18:00), or with an offset"


@app.callback()
def absences() -> None:
    """Times at which a condition need not be kept: asked for by one, decided by another."""


@app.command("ask")
def ask(
    wearer: WearerArgument,
    reference: ReferenceArgument,
    purpose: PurposeOption,
    order: Annotated[str, typer.Option("--order", help="The order's reference.")],
    condition: Annotated[str, typer.Option("--condition", help="The condition's reference in it.")],
    starts: Annotated[str, typer.Option("--from", help=f"Begins then: {_TIME}.")],
    ends: Annotated[str, typer.Option("--to", help=f"Ends then: {_TIME}.")],
    why: Annotated[str, typer.Option("--reason", help="What for.")],
    asked_by: Annotated[str, typer.Option("--asked-by", help="Who asks: the wearer, an officer.")],
    authority: AuthorityOption = "",
) -> None:
    """Record that an absence is asked for. It excuses nothing until somebody else approves it.

    Try: `tipstaff absences ask W0001 A1 --order O1 --condition c1 --from 2026-03-06T19:00
    --to 2026-03-07T07:00 --reason "night shift" --asked-by wearer --purpose offender_management`

    **Exit codes**: 0 recorded; 2 refused as it was entered; 3 not set up; 4 refused.
    """
    period = _period(starts, ends)
    with on_instance() as values:
        from tipstaff.services.absences import ask_absence

        asked = Absence(
            reference=reference,
            wearer=wearer,
            order=order,
            condition=condition,
            starts_at=period.start,
            ends_at=period.end,
            reason=why,
            asked_by=asked_by,
            asked_at=datetime.now(UTC),
        )
        tell_recorded(
            ask_absence(actor=values.actor, purpose=purpose, authority=authority, absence=asked)
        )


@app.command("list")
def list_(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many lines.")] = 50,
) -> None:
    """List absences that wait for a decision, the longest asked first.

    Try: `tipstaff absences list --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.absences import list_absences

        lines = list_absences(actor=values.actor, purpose=purpose, authority=authority, limit=limit)
    for one in lines:
        times = f"{one.starts_at:%Y-%m-%dT%H:%MZ} to {one.ends_at:%Y-%m-%dT%H:%MZ}"
        which = f"{one.reference}  wearer {one.wearer}  {one.condition} of {one.order}"
        typer.echo(f"{one.asked_at:%Y-%m-%d}  {which}  {times}  {one.reason}")
    if not lines:
        typer.echo("No absence waits for a decision.", err=True)


@app.command("decide")
def decide(
    wearer: WearerArgument,
    reference: ReferenceArgument,
    purpose: PurposeOption,
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="What is decided.")],
    why: Annotated[str, typer.Option("--reason", help="Why; of an approval too.")],
    authority: AuthorityOption = "",
) -> None:
    """Approve or refuse an absence. The account that asked for it is refused.

    Try: `tipstaff absences decide W0001 A1 --approve --reason "employer confirmed it"
    --purpose offender_management`

    **Exit codes**: 0 recorded; 2 it could not be decided so; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.absences import decide_absence

        tell_recorded(
            decide_absence(
                actor=values.actor,
                purpose=purpose,
                authority=authority,
                wearer=wearer,
                reference=reference,
                approved=approve,
                reason=why,
            )
        )


@app.command("cancel")
def cancel(
    wearer: WearerArgument,
    reference: ReferenceArgument,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Cancel an absence: from now on it excuses nothing.

    **Exit codes**: 0 recorded; 2 none of that reference stands; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.absences import cancel_absence

        tell_recorded(
            cancel_absence(
                actor=values.actor,
                purpose=purpose,
                authority=authority,
                wearer=wearer,
                reference=reference,
            )
        )


def _period(starts: str, ends: str) -> Period:
    first, last = _moment(starts, "--from"), _moment(ends, "--to")
    if first.tzinfo is None and last.tzinfo is None:
        found = absence_period(first, last)
        if isinstance(found, Period):
            return found
        tell_problems(found)
        raise typer.Exit(NOTHING_DONE)
    if first.tzinfo is None or last.tzinfo is None:
        raise fail("--from, --to: write both with an offset, or both without one.")
    if last <= first:
        raise fail("--to: an absence ends after it begins.")
    return Period(first.astimezone(UTC), last.astimezone(UTC))


def _moment(text: str, option: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise fail(f"{option}: write a day and time {_TIME}.") from None
