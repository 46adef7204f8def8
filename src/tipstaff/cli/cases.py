"""`tipstaff cases`: look at wearers' records and orders, by both clocks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import typer

from tipstaff.cli.given_times import INSTANT_HELP, instant
from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.domain.identifiers import Identifier, IdentifierKind, read_identifier
from tipstaff.domain.orders import OrderStatus

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
_TIME = INSTANT_HELP


@app.callback()
def cases() -> None:
    """Show wearers' records and orders: as they are, or as they were known at any time."""


@app.command("show")
def show(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    as_known_at: Annotated[
        str, typer.Option("--as-known-at", help=f"Only what was on record at that time: {_TIME}")
    ] = "",
    at: Annotated[
        str, typer.Option("--at", help=f"As it was at that time, else at --as-known-at: {_TIME}")
    ] = "",
) -> None:
    """Print a wearer's record and orders as JSON, with every version and what it changed.

    Two clocks: `--at` asks what was so then, `--as-known-at` what was on record then.

    Try: `tipstaff cases show W0001 --purpose offender_management --as-known-at 2026-03-02`

    **Exit codes**: 0 shown; 2 none of that reference; 3 not set up; 4 refused.
    """
    known, valid = instant(as_known_at, "--as-known-at"), instant(at, "--at")
    with on_instance() as values:
        from tipstaff.cli.case_output import case_words
        from tipstaff.services.case_view import show_case

        found = show_case(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            as_known_at=known,
            valid_at=valid,
        )
        if found is None:
            raise fail(
                "No case of that reference that you may see was on record then. Check the "
                "reference and the time; where your reach ends, 'tipstaff access ask'."
            )
        typer.echo(json.dumps(case_words(found), indent=2, ensure_ascii=False))


@app.command("list")
def list_cases(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    force: Annotated[str, typer.Option("--force", help="Orders of this force only.")] = "",
    status: Annotated[
        OrderStatus | None, typer.Option("--status", help="Orders of this status only.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many orders.")] = 50,
    after: Annotated[
        str, typer.Option("--after", help="Go on after this: the `next` of the page before.")
    ] = "",
    mine: Annotated[
        bool, typer.Option("--mine", help="Of cases assigned to you or your team only.")
    ] = False,
) -> None:
    """List orders as they stand now, by reference: basis, status, officer, end, next review.

    It shows what is within your reach: docs/reference/permissions.md.

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    begin = _place(after)
    with on_instance() as values:
        from tipstaff.cli.case_output import line_words
        from tipstaff.services.case_view import list_orders

        lines = list_orders(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            force=force or None,
            status=status,
            after=begin,
            limit=limit,
            mine=mine,
        )
        for line in lines:
            typer.echo(line_words(line))
    if not lines:
        typer.echo("No order of these is on record now.", err=True)
    if len(lines) == limit:
        typer.echo(f"next: {lines[-1].subject}/{lines[-1].reference}")


@app.command("find")
def find(
    kind: Annotated[IdentifierKind, typer.Argument(metavar="KIND", help="pnc, cro, nomis, crn.")],
    value: Annotated[str, typer.Argument(metavar="NUMBER", help="The number.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Find a wearer by a number of theirs; print the references.

    Try: `tipstaff cases find crn X123456 --purpose offender_management`

    **Exit codes**: 0 found; 2 nobody to be seen, or no such number; 3 not set up; 4 refused.
    """
    identifier = read_identifier(kind, value, this_year=datetime.now(UTC).year)
    if not isinstance(identifier, Identifier):
        raise fail(f"NUMBER: {identifier.action}")
    with on_instance() as values:
        from tipstaff.services.find_wearer import find_wearer

        found = find_wearer(
            actor=values.actor, purpose=purpose, authority=authority, identifier=identifier
        )
    if not found:
        raise fail("Nobody with that number is on record.")
    for wearer in found:
        typer.echo(wearer)


@app.command("reviews")
def reviews(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    by: Annotated[
        str, typer.Option("--by", help="Due by that day (2026-03-02); left out: by today.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many orders.")] = 50,
) -> None:
    """List orders that run and whose review is due or was missed, the longest due first.

    A review is answered by a decision about the order, be it that monitoring goes on.

    Try: `tipstaff cases reviews --by 2026-03-31 --purpose offender_management`

    **Exit codes**: 0 listed; 2 a wrong call; 3 not set up; 4 refused.
    """
    day = _day(by)
    with on_instance() as values:
        from tipstaff.cli.case_output import line_words
        from tipstaff.services.order_reviews import list_reviews_due

        lines = list_reviews_due(
            actor=values.actor, purpose=purpose, authority=authority, by=day, limit=limit
        )
        for line in lines:
            typer.echo(f"due {line.due.isoformat()}  {line_words(line.order)}")
    if not lines:
        typer.echo("No review is due by then.", err=True)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise fail("--by: write a day, as 2026-03-02.") from None


def _place(text: str) -> tuple[str, UUID] | None:
    if not text:
        return None
    subject, _, reference = text.partition("/")
    try:
        return reference, UUID(subject)
    except ValueError:
        raise fail("--after: give the `next` of the page before, as it was printed.") from None
