"""`tipstaff plan`: joint plans, their reviews, tasks and contacts; a partner agency's summary."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.position_files import fail
from tipstaff.domain.partner_words import summary_sentences
from tipstaff.domain.plan_work import TaskState

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
AfterOption = Annotated[
    str, typer.Option("--after", help="Go on after this: the `next` of the page before.")
]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="How many lines.")]


@app.callback()
def plan() -> None:
    """Joint plans (IOM): record them, see what is due, tell a partner agency how it goes."""


@app.command("record")
def record(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON, as docs/reference/plan.schema.json describes it."
        ),
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Record plans, reviews, tasks and contacts. Every fault of every record is told at once.

    Good records are kept, others left out; they are taken in their order, so a plan comes before
    its tasks. What is on record already is not repeated. A contact is corrected by telling it anew
    with a `reason`: it is never edited.

    Try: `tipstaff plan record plan.json --purpose offender_management`

    **Exit codes**: 0 all good; 1 some records were bad; 2 nothing could be taken in; 3 not set up;
    4 refused.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}.") from None
    with on_instance() as values:
        from tipstaff.services.plan_import import record_plan_file

        done = record_plan_file(
            actor=values.actor, purpose=purpose, authority=authority, content=content
        )
    for fault in done.faults:
        typer.echo(str(fault), err=True)
    refused = done.read - done.kept
    typer.echo(f"{file}: {done.read} records, {done.kept} kept, {refused} refused; {done.new} new")
    if done.faults:
        raise typer.Exit(SOME_BAD if done.kept else NOTHING_DONE)


@app.command("tasks")
def tasks(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    agency: Annotated[str, typer.Option("--agency", help="Tasks for this agency only.")] = "",
    state: Annotated[TaskState, typer.Option("--state", help="Tasks of this state.")] = (
        TaskState.OPEN
    ),
    limit: LimitOption = 50,
    after: AfterOption = "",
) -> None:
    """List tasks by the day they are due.

    Try: `tipstaff plan tasks --agency housing --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    begin = _place(after)
    with on_instance() as values:
        from tipstaff.services.plan_lists import list_tasks

        lines = list_tasks(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            state=state,
            agency=agency or None,
            after=begin,
            limit=limit,
        )
    for line in lines:
        whom = line.agency if not line.assignee else f"{line.agency} ({line.assignee})"
        typer.echo(f"{line.due}  {line.reference}  wearer {line.wearer}  {whom}  {line.what}")
    _end([(x.due, x.subject, x.reference) for x in lines], limit, "No such task is on record now.")


@app.command("reviews")
def reviews(
    purpose: PurposeOption,
    until: Annotated[str, typer.Option("--until", help="Due by the end of this day: 2026-03-02.")],
    authority: AuthorityOption = "",
    organisation: Annotated[
        str, typer.Option("--organisation", help="Plans led by this organisation only.")
    ] = "",
    limit: LimitOption = 50,
    after: AfterOption = "",
) -> None:
    """List plans whose review is due, overdue ones first.

    Try: `tipstaff plan reviews --until 2026-03-31 --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    begin, last = _place(after), _day(until)
    with on_instance() as values:
        from tipstaff.services.plan_lists import list_plan_reviews

        lines = list_plan_reviews(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            until=last,
            organisation=organisation or None,
            after=begin,
            limit=limit,
        )
    for line in lines:
        led = f"{line.lead} ({line.organisation})"
        typer.echo(f"{line.due}  {line.reference}  wearer {line.wearer}  {line.scheme}  {led}")
    _end([(x.due, x.subject, x.reference) for x in lines], limit, "No review is due by then.")


@app.command("summary")
def summary(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    agency: Annotated[
        str, typer.Option("--agency", help="The agency's reference on the wearer's plan.")
    ],
    authority: AuthorityOption = "",
) -> None:
    """Print what a partner agency may be told: counts and days, never a trail or an address.

    Try: `tipstaff plan summary W0001 --agency housing --purpose offender_management`

    **Exit codes**: 0 told; 2 the wearer is on no running plan with that agency; 3 not set up;
    4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.partner_summary import partner_summary

        found = partner_summary(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            agency=agency,
        )
    if found is None:
        raise fail("No running plan of that wearer with that agency can be told of.")
    for sentence in summary_sentences(found):
        typer.echo(sentence)


def _end(lines: list[tuple[date, UUID, str]], limit: int, none: str) -> None:
    if not lines:
        typer.echo(none, err=True)
    if len(lines) == limit:
        day, subject, reference = lines[-1]
        typer.echo(f"next: {day}/{subject}/{reference}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fail("--until: write a day, as 2026-03-02.") from None


def _place(text: str) -> tuple[date, str, UUID] | None:
    if not text:
        return None
    day, _, rest = text.partition("/")
    subject, _, reference = rest.partition("/")
    try:
        return date.fromisoformat(day), reference, UUID(subject)
    except ValueError:
        raise fail("--after: give the `next` of the page before, as it was printed.") from None
