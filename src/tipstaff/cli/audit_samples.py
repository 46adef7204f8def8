"""`tipstaff audit sample` and `examine`: a month's random looks, and what was found of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.domain.dip_sample import Outcome
from tipstaff.domain.problems import Problem
from tipstaff.domain.wall_time import wall_time

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.dip_samples import QueuedLook


def sample(
    month: Annotated[str, typer.Option("--month", help="A month that is over, as 2026-10.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Draw a month's random sample of looks at persons, or show its queue where it is drawn.

    2 in 100 of each role's looks, at least 10. The draw is seeded by the month and by the first
    entry of the log after it, so nobody can choose or foresee it and anyone can draw it again; it
    is drawn again here each time, and compared. Subjects and staff stand as random references.

    Try: `tipstaff audit sample --month 2026-10 --purpose audit`

    **Exit codes**: 0 shown; 2 no such month, or it is not over; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.dip_samples import sample_month

        found = sample_month(actor=values.actor, purpose=purpose, authority=authority, month=month)
        if isinstance(found, Problem):
            raise _told(found)
        for fact in found.samples:
            typer.echo(
                f"{fact.unit}: drawn from {fact.looks} looks by {fact.rule}, seeded by entry "
                f"{fact.seed.sequence} ({fact.seed.hash})"
            )
        for line in found.queue:
            typer.echo(_line(line))
    if not found.samples:
        typer.echo("Nobody looked at anybody in that month.", err=True)
    if not found.same:
        typer.echo(
            "Drawn again, other looks come out: the log or the sample was altered. Run 'tipstaff "
            "audit verify'.",
            err=True,
        )


def examine(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="As 'tipstaff audit sample' lists.")],
    purpose: PurposeOption,
    outcome: Annotated[
        Outcome, typer.Option("--outcome", help="proper, or questioned with a note that says why.")
    ],
    note: Annotated[str, typer.Option("--note", help="What you found, in words.")] = "",
    authority: AuthorityOption = "",
) -> None:
    """Record what you found of a drawn look. It is said once, and nobody examines their own.

    Try: `tipstaff audit examine ITEM --outcome proper --purpose audit`

    **Exit codes**: 0 recorded; 2 no such item, your own look, or examined already; 3 not set up;
    4 refused.
    """
    try:
        wanted = UUID(item)
    except ValueError:
        raise fail("ITEM: give one that 'tipstaff audit sample' lists.") from None
    with on_instance() as values:
        from tipstaff.services.dip_samples import examine_look

        found = examine_look(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            item=wanted,
            outcome=outcome,
            note=note,
        )
        if isinstance(found, Problem):
            raise _told(found)
    typer.echo(f"Recorded: {outcome}.")


def _line(queued: QueuedLook) -> str:
    return f"{queued.item}  {queued.unit} {queued.place}  {_state(queued)}  {_look(queued)}"


def _state(queued: QueuedLook) -> str:
    said = queued.examination
    if said is not None:
        note = f": {queued.note}" if queued.note else ""
        return (
            f"{said.outcome} by {said.examined_by} on {wall_time(said.examined_at):%d %B %Y}{note}"
        )
    waits = f"waiting, due {wall_time(queued.due):%d %B %Y}"
    late = " (overdue)" if queued.overdue else ""
    return f"{waits}{late}{' (your own look: somebody else examines it)' if queued.own else ''}"


def _look(queued: QueuedLook) -> str:
    look = queued.look
    if look is None:
        return "the look is no longer in the log"
    seen = f"{look.rows} rows" if look.served else "may have been seen"
    return (
        f"{wall_time(look.at):%Y-%m-%d %H:%M} {look.actor_ref} {look.use_case} for {look.purpose}, "
        f"{len(look.subjects)} people, {seen}, request {look.request_ref}"
    )


def _told(problem: Problem) -> typer.Exit:
    return fail(f"{problem.code}: {problem.action}.")
