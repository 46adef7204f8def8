"""`tipstaff alerts list`, `show`, `outages` and `precision`: looks at alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from tipstaff.cli.alert_output import AlertArgument, alert_of, alert_words, at, line_words
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.domain.alert_precision import Precision
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.protocols import Queue, Severity
from tipstaff.domain.transitions import AlertState

_SEVERITIES = ", ".join(one.name.lower() for one in Severity)


def list_alerts(
    purpose: PurposeOption,
    queue: Annotated[Queue | None, typer.Option("--queue", help="Of this queue only.")] = None,
    kind: Annotated[
        list[FindingKind] | None, typer.Option("--kind", help="Of this kind; may be repeated.")
    ] = None,
    state: Annotated[AlertState | None, typer.Option("--state", help="In this state.")] = None,
    at_least: Annotated[
        str, typer.Option("--at-least", help=f"At least so severe: {_SEVERITIES}.")
    ] = "information",
    holder: Annotated[str, typer.Option("--holder", help="In the hands of this account.")] = "",
    wearer: Annotated[str, typer.Option("--wearer", help="Of this wearer only.")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Of the cases assigned to me.")] = False,
    closed: Annotated[
        bool, typer.Option("--closed", help="Those that need nobody any more, too.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many alerts.")] = 50,
    after: Annotated[
        str, typer.Option("--after", help="Go on after this: the `next` of the page before.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """List alerts that need a person: the most severe first, of the same severity the oldest.

    Feeds that are out are told first: silences that began with them are not in the list.

    Try: `tipstaff alerts list --queue live --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    least, begin = _severity(at_least), _place(after)
    with on_instance() as values:
        from tipstaff.services.alert_lists import QueueWanted, list_outages
        from tipstaff.services.alert_lists import list_alerts as listed

        who = {"actor": values.actor, "purpose": purpose, "authority": authority}
        wanted = QueueWanted(
            queue=queue,
            kinds=frozenset(kind or ()),
            state=state,
            at_least=least,
            holder=holder or None,
            wearer=wearer or None,
            closed=closed,
            mine=mine,
            after=begin,
            limit=limit,
        )
        for outage in list_outages(**who):  # type: ignore[arg-type]
            typer.echo(_banner(outage.feed, outage.since), err=True)
        lines = listed(**who, wanted=wanted)  # type: ignore[arg-type]
        for line in lines:
            typer.echo(line_words(line))
    if not lines:
        typer.echo("No such alert needs a person.", err=True)
    if len(lines) == limit:
        last = lines[-1]
        typer.echo(f"next: {int(last.severity)}/{last.opened_at.isoformat()}/{last.ref}")


def show(alert: AlertArgument, purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Show an alert: its evidence at each revision, what was done, who was told, what was before.

    Try: `tipstaff alerts show W000001/1 --purpose offender_management`

    **Exit codes**: 0 shown; 2 no such alert that you may see; 3 not set up; 4 refused.
    """
    wearer, number = alert_of(alert)
    with on_instance() as values:
        from tipstaff.services.alert_lists import show_alert

        found = show_alert(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer, number=number
        )
        if found is None:
            raise fail("No alert of that name that you may see: 'tipstaff alerts list'.")
        for line in alert_words(found):
            typer.echo(line)


def outages(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List feeds that are out now. Silences that began with one are not told as alerts.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.alert_lists import list_outages

        found = list_outages(actor=values.actor, purpose=purpose, authority=authority)
    for outage in found:
        typer.echo(_banner(outage.feed, outage.since))
    if not found:
        typer.echo("No feed is known to be out.", err=True)


def precision(
    purpose: PurposeOption,
    days: Annotated[int, typer.Option(min=1, max=366, help="Over so many days.")] = 30,
    authority: AuthorityOption = "",
) -> None:
    """Say of each kind how many alerts were genuine, by what people closed them as.

    Of fewer than ten decisions no numbers are shown. The interval is of 95%.

    Try: `tipstaff alerts precision --days 90 --purpose data_quality`

    **Exit codes**: 0 told; 2 a wrong call; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.alert_precision import alert_precision

        found = alert_precision(actor=values.actor, purpose=purpose, authority=authority, days=days)
    for one in found:
        typer.echo(_share(one))


def _share(one: Precision) -> str:
    if one.genuine is None:
        return f"{one.kind}: too few were decided to say"
    share = one.genuine
    counts = ", ".join(f"{outcome} {count}" for outcome, count in one.outcomes.items())
    return (
        f"{one.kind}: {share.value:.0%} genuine ({share.low:.0%} to {share.high:.0%}) "
        f"of {one.decided} decided: {counts}"
    )


def _banner(feed: str, since: datetime) -> str:
    return f"OUTAGE: nothing came of {feed} since {at(since)}; its devices' silences are its own"


def _severity(text: str) -> Severity:
    try:
        return Severity[text.upper()]
    except KeyError:
        raise fail(f"--at-least: one of {_SEVERITIES}.") from None


def _place(text: str) -> tuple[int, datetime, UUID] | None:
    if not text:
        return None
    try:
        severity, opened, ref = text.split("/")
        return int(severity), datetime.fromisoformat(opened), UUID(ref)
    except ValueError:
        raise fail("--after: give the `next` of the page before, as it was printed.") from None
