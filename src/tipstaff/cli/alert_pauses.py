"""`tipstaff alerts pause`, `pauses` and `end-pause`: for a while nobody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from tipstaff.cli.alert_output import at
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, key_of, tell
from tipstaff.domain.findings import FindingKind


def pause(
    kind: Annotated[list[FindingKind], typer.Option("--kind", help="May be repeated.")],
    hours: Annotated[float, typer.Option("--hours", help="For how long; at most 24.")],
    reason: ReasonOption,
    purpose: PurposeOption,
    wearer: Annotated[
        str, typer.Option("--wearer", help="Of this wearer only. Default: of all.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """Tell nobody of a kind of alert for a while; findings go on, and what lasts is told then.

    Straps, cases and zones of high harm are told all the same.

    Try: `tipstaff alerts pause --kind battery --hours 8 --wearer W000001 --reason "in hospital"
    --purpose offender_management`

    **Exit codes**: 0 paused; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.alert_pauses import pause_alerts

        outcome = pause_alerts(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            kinds=frozenset(kind),
            end=datetime.now(UTC) + timedelta(hours=hours),
            reason=reason,
            wearer=wearer or None,
        )
    tell(outcome, "Paused:")


def pauses(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List pauses that hold now: of all wearers, and of those whom you see.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.alert_pauses import list_pauses

        found = list_pauses(actor=values.actor, purpose=purpose, authority=authority)
    for line in found:
        kinds = ", ".join(sorted(line.pause.kinds))
        whom = f"wearer {line.wearer}" if line.wearer else "all wearers"
        typer.echo(f"{line.ref}  {kinds}  {whom}  until {at(line.pause.end)}  {line.pause.reason}")
    if not found:
        typer.echo("Nothing is paused.", err=True)


def end_pause(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The pause's key, as it was printed.")],
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """End a pause before its time: what still goes on is told from now on.

    **Exit codes**: 0 ended; 2 nothing was changed; 3 not set up; 4 refused.
    """
    ref = key_of(key)
    with on_instance() as values:
        from tipstaff.services.alert_pauses import end_pause as end

        outcome = end(
            actor=values.actor, purpose=purpose, authority=authority, pause=ref, reason=reason
        )
    tell(outcome, "Ended:")
