"""`tipstaff alerts acknowledge`, `take`, `note`, `contact`, `hand-over`, `share`, `seen`, `close`.

Each with the mark of what was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipstaff.cli.alert_output import AlertArgument, MarkOption, alert_of, since_words
from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.problem_output import tell_problems
from tipstaff.domain.alerts import AlertOutcome, Reached
from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose

if TYPE_CHECKING:  # importing a use case reads the settings
    from collections.abc import Callable

    from tipstaff.services.alert_acts import Acted

WordsOption = Annotated[str, typer.Option("--words", help="In a sentence; it is kept.")]


def acknowledge(
    alert: AlertArgument, as_of: MarkOption, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """Say that you look at an alert: what nobody acknowledges goes to the shift's lead.

    Try: `tipstaff alerts acknowledge W000001/1 --as-of 0.1 --purpose offender_management`

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("acknowledge_alert", alert, as_of, purpose, authority)


def take(
    alert: AlertArgument, as_of: MarkOption, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """Take an alert in hand.

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("take_alert", alert, as_of, purpose, authority)


def note(
    alert: AlertArgument,
    as_of: MarkOption,
    words: WordsOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Add a note to an alert, to a closed one too.

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("note_alert", alert, as_of, purpose, authority, words=words)


def contact(
    alert: AlertArgument,
    as_of: MarkOption,
    reached: Annotated[Reached, typer.Option("--reached", help="What came of it.")],
    words: WordsOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Record an attempt to reach the wearer about an alert.

    Try: `tipstaff alerts contact W000001/1 --as-of 1.1 --reached no_answer
    --words "rang twice" --purpose offender_management`

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("contact_wearer", alert, as_of, purpose, authority, reached=reached, words=words)


def hand_over(
    alert: AlertArgument,
    as_of: MarkOption,
    to: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Into whose hands.")],
    words: WordsOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Put an alert into the hands of somebody else, who may act on it, and say why.

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("hand_over_alert", alert, as_of, purpose, authority, to=to, words=words)


def share(
    alert: AlertArgument,
    as_of: MarkOption,
    shared_with: Annotated[
        list[Recipient],
        typer.Option("--with", help="Whom: case_manager, intelligence_team, shift_lead. Repeat."),
    ],
    words: WordsOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Share an alert with those who are told of alerts, or escalate it to the shift lead.

    Each is sent a notice without a name, a place or an offence; the words stay with the alert.

    Try: `tipstaff alerts share W000001/1 --as-of 1.1 --with case_manager --with intelligence_team
    --words "third time this week" --purpose offender_management`

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("share_alert", alert, as_of, purpose, authority, shared_with=shared_with, words=words)


def seen(
    alert: AlertArgument,
    as_of: MarkOption,
    purpose: PurposeOption,
    words: WordsOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Say that you have looked at evidence that changed after somebody acted on the alert.

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("see_alert", alert, as_of, purpose, authority, words=words)


def close(
    alert: AlertArgument,
    as_of: MarkOption,
    outcome: Annotated[
        AlertOutcome, typer.Option("--outcome", help="What it was. The last two are no person's.")
    ],
    words: WordsOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Close an alert with what it turned out to be, in a sentence. It decides nothing for a court.

    Try: `tipstaff alerts close W000001/1 --as-of 2.1 --outcome reasonable_excuse
    --words "the ambulance took her" --purpose offender_management`

    **Exit codes**: 0 done; 2 nothing was done, with what changed since; 3 not set up; 4 refused.
    """
    _act("close_alert", alert, as_of, purpose, authority, outcome=outcome, words=words)


def _act(
    name: str, alert: str, as_of: str, purpose: Purpose, authority: str, **options: Any
) -> None:
    wearer, number = alert_of(alert)
    with on_instance() as values:
        from tipstaff.services import alert_acts
        from tipstaff.services.alert_acts import OnAlert

        function: Callable[..., Acted] = getattr(alert_acts, name)
        done = function(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            on=OnAlert(wearer, number, as_of),
            **options,
        )
    tell_problems(done.problems)
    if done.since is not None:
        for line in since_words(done.since):
            typer.echo(line, err=True)
    if done.problems:
        raise typer.Exit(NOTHING_DONE)
    typer.echo(f"{alert}: done, as of {done.mark}")
    for one in done.unreached:
        typer.echo(f"Nobody is on record as {one}: no notice can go out. Tell them.", err=True)
