"""`tipstaff alerts handover` and `take-over`: one shift hands what is open to the next."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.alert_output import at, line_words, severity_words
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import key_of
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.protocols import Queue

WordsOption = Annotated[
    str, typer.Option("--words", help="About the shift; about a wearer write a note.")
]


def handover(
    purpose: PurposeOption,
    queue: Annotated[Queue, typer.Option("--queue", help="Of which queue.")] = Queue.LIVE,
    words: WordsOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Hand over every alert of a queue that needs a person: the list is kept as it stands.

    Try: `tipstaff alerts handover --purpose offender_management`

    **Exit codes**: 0 handed over; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.shift_handovers import hand_over_shift

        given = hand_over_shift(
            actor=values.actor, purpose=purpose, authority=authority, queue=queue, words=words
        )
        for line in given.lines:
            typer.echo(line_words(line))
    typer.echo(f"Handed over: {given.ref}, {len(given.lines)} open, digest {given.digest}")


def take_over(
    purpose: PurposeOption,
    key: Annotated[
        str, typer.Option("--handover", metavar="KEY", help="Which; default: the last not taken.")
    ] = "",
    words: WordsOption = "",
    authority: AuthorityOption = "",
) -> None:
    """Take over what somebody else handed over: what it was, how it stands, what opened since.

    **Exit codes**: 0 taken over; 2 nothing was; 3 not set up; 4 refused.
    """
    ref = key_of(key) if key else None
    with on_instance() as values:
        from tipstaff.services.shift_handovers import take_over_shift

        taken = take_over_shift(
            actor=values.actor, purpose=purpose, authority=authority, handover=ref, words=words
        )
        stop_if_refused(taken.problems)
        for line in taken.lines:
            moved = "" if line.revision == line.was.revision else "; the evidence moved since"
            then = f"{severity_words(line.was.severity)}, {line.was.state}"
            typer.echo(f"{line.wearer}/{line.number}  then {then}; now {line.state}{moved}")
        for fresh in taken.opened_since:
            typer.echo(f"opened since: {line_words(fresh)}")
    if taken.handover is not None:
        typer.echo(f"Taken over: {taken.handover.ref} of {at(taken.handover.given_at)}")
