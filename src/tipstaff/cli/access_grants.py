"""`tipstaff access grant`, `revoke` and `grants`: who is cleared for limited access."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, key_of, tell, until
from tipstaff.cli.position_files import fail, parse_instant


def grant(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Who is to be cleared.")],
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    wearer: Annotated[
        str, typer.Option("--wearer", help="For this wearer's record alone: the reference.")
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", help="For all of them: a cleared reviewer.")
    ] = False,
    end: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Up to when. Default: no end.")
    ] = "",
) -> None:
    """Open records of limited access to somebody by name. Nobody grants themselves anything.

    The reference is taken as it is written: nothing tells whether there is such a wearer. A grant
    widens no reach. --authority names the decision.

    Try: `tipstaff access grant ann --all --reason "reviews matches" --authority "decision 7"
    --purpose system_administration`

    **Exit codes**: 0 granted; 2 nothing was changed; 3 not set up; 4 refused.
    """
    if every == bool(wearer):
        raise fail("Give --wearer REFERENCE, or --all.")
    last = parse_instant("--until", end) if end else None
    with on_instance() as values:
        from tipstaff.services.grants import grant_access

        outcome = grant_access(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=account,
            wearer=wearer or None,
            reason=reason,
            ends_at=last,
        )
    tell(outcome, "Granted")


def revoke(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The grant's: `tipstaff access grants`.")
    ],
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Revoke a grant: it opens nothing from this moment on.

    **Exit codes**: 0 revoked; 2 nothing was changed; 3 not set up; 4 refused.
    """
    found = key_of(key)
    with on_instance() as values:
        from tipstaff.services.grants import revoke_access

        outcome = revoke_access(
            actor=values.actor, purpose=purpose, authority=authority, grant=found, reason=reason
        )
    tell(outcome, "Revoked")


def grants(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List every grant, oldest first, ended ones too.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.grants import list_grants

        found = list_grants(actor=values.actor, purpose=purpose, authority=authority)
    for line in found:
        what = "all" if line.every else line.wearer or "one wearer"
        end = "" if line.ended_at is None else f", revoked {line.ended_at:%Y-%m-%d %H:%M} UTC"
        typer.echo(
            f"{line.ref}  {line.user}  {what}  {until(line.ends_at)}{end}  "
            f"({line.authority}: {line.reason})"
        )
