"""`tipstaff alerts ask-position`, `message`, `locate`, `request-step`, `requests`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.alert_output import WearerArgument, request_words
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import key_of
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.device_requests import RequestStep

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.device_requests import Asked

AboutOption = Annotated[
    int | None, typer.Option("--alert", help="About which alert, by its number.")
]


def ask_position(
    wearer: WearerArgument,
    purpose: PurposeOption,
    alert: AboutOption = None,
    authority: AuthorityOption = "",
) -> None:
    """Record that a wearer's device is asked where it is now, and say whom to ring.

    Nothing is sent: no supplier's interface for it is known. Record what became of it.

    Try: `tipstaff alerts ask-position W000001 --alert 1 --purpose offender_management`

    **Exit codes**: 0 recorded; 2 nothing was recorded; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.device_requests import ask_position as ask

        asked = ask(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer, alert=alert
        )
    _tell(asked)


def message(
    wearer: WearerArgument,
    words: Annotated[str, typer.Option("--words", help="What the device is to tell.")],
    purpose: PurposeOption,
    alert: AboutOption = None,
    authority: AuthorityOption = "",
) -> None:
    """Record that a wearer's device is to tell them something, and say whom to ring.

    **Exit codes**: 0 recorded; 2 nothing was recorded; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.device_requests import message_device

        asked = message_device(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            words=words,
            alert=alert,
        )
    _tell(asked)


def locate(wearer: WearerArgument, purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Record that a wearer is to be located for arrest, under an authority; say whom to ring.

    Try: `tipstaff alerts locate W000001 --purpose locate_for_arrest --authority "warrant 12"`

    **Exit codes**: 0 recorded; 2 nothing was recorded; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.device_requests import locate_for_arrest

        asked = locate_for_arrest(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer
        )
    _tell(asked)


def request_step(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The request's key.")],
    step: Annotated[RequestStep, typer.Option("--step", help="What became of it.")],
    purpose: PurposeOption,
    words: Annotated[str, typer.Option("--words", help="In a sentence; it is kept.")] = "",
    authority: AuthorityOption = "",
) -> None:
    """Record what became of a request: passed to the supplier, refused by them, done, failed.

    **Exit codes**: 0 recorded; 2 nothing was recorded; 3 not set up; 4 refused.
    """
    ref = key_of(key)
    with on_instance() as values:
        from tipstaff.services.device_requests import record_request_step

        problems = record_request_step(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            request=ref,
            step=step,
            words=words,
        )
    stop_if_refused(problems)
    typer.echo(f"Recorded: {step}")


def requests(
    wearer: WearerArgument, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """List what was asked of a wearer's devices and what became of it, newest first.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.device_requests import list_requests

        found = list_requests(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer
        )
        for line in found:
            for text in request_words(line, {}):
                typer.echo(text)
    if not found:
        typer.echo("Nothing was asked about a wearer of that reference whom you see.", err=True)


def _tell(asked: Asked) -> None:
    stop_if_refused(asked.problems)
    typer.echo(f"Recorded, and NOT SENT: {asked.ref}")
    whom = f" ({asked.contact})" if asked.contact else ""
    typer.echo(f"Pass it to {asked.supplier}{whom} about device {asked.device_id}, and record that")
    typer.echo(f"you did: tipstaff alerts request-step {asked.ref} --step passed --purpose ...")
