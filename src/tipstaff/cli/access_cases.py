"""`tipstaff access assign`, `unassign` and `holders`: which case is in whose hands."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, key_of, tell, until
from tipstaff.cli.position_files import parse_instant
from tipstaff.domain.roles import Relation

WearerArgument = Annotated[
    str, typer.Argument(metavar="WEARER", help="The reference of the wearer whose case it is.")
]


def assign(
    wearer: WearerArgument,
    relation: Annotated[
        Relation, typer.Option("--as", help="What the person or the team is to the case.")
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    account: Annotated[str, typer.Option("--to", help="To this account.")] = "",
    team: Annotated[str, typer.Option("--team", help="To this team.")] = "",
    start: Annotated[
        str, typer.Option("--from", metavar="TIME", help="From when. Default: now.")
    ] = "",
    end: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Up to when. Default: no end.")
    ] = "",
    reason: ReasonOption = "",
) -> None:
    """Give a case to a person or to a team: they reach it from then on.

    Try: `tipstaff access assign W0001 --to ann --as offender_manager --purpose
    offender_management`

    **Exit codes**: 0 assigned; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.assignments import Handing, assign_case

        handing = Handing(
            wearer=wearer,
            relation=relation,
            user=account or None,
            team=team or None,
            starts_at=parse_instant("--from", start) if start else None,
            ends_at=parse_instant("--until", end) if end else None,
        )
        outcome = assign_case(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            handing=handing,
            reason=reason,
        )
    tell(outcome, "Assigned.")


def unassign(
    assignment: Annotated[
        str, typer.Argument(metavar="KEY", help="The assignment's key: `tipstaff access holders`.")
    ],
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Take a case out of somebody's hands: they no longer reach it by that.

    **Exit codes**: 0 ended; 2 nothing was changed; 3 not set up; 4 refused.
    """
    key = key_of(assignment)
    with on_instance() as values:
        from tipstaff.services.assignments import end_assignment

        outcome = end_assignment(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            assignment=key,
            reason=reason,
        )
    tell(outcome, "Ended")


def holders(
    wearer: WearerArgument, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """List who holds and held a case, oldest first.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.assignments import list_assignments

        found = list_assignments(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer
        )
    for held in found:
        end = "" if held.ended_at is None else f", ended {held.ended_at:%Y-%m-%d %H:%M} UTC"
        typer.echo(
            f"{held.ref}  {held.user or held.team}  {held.relation}  "
            f"from {held.starts_at:%Y-%m-%d %H:%M} UTC {until(held.ends_at)}{end}"
        )
    if not found:
        typer.echo("Nobody holds a case of that reference that you may see.", err=True)
