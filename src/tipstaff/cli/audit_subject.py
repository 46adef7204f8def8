"""`tipstaff audit subject`: who looked at a wearer, in words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.domain.looked_at import NOTICE
from tipstaff.domain.wall_time import wall_time

if TYPE_CHECKING:
    from tipstaff.domain.looked_at import Line


def subject(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Print who looked at a wearer's data, when, why and how far, in words for the wearer.

    No member of staff is named. Looks that protect a victim or belong to an investigation are left
    out, and every report says so, whether anything was left out or not.

    Try: `tipstaff audit subject W0001 --purpose subject_access --authority 'request 12'`

    **Exit codes**: 0 printed; 2 nobody of that reference; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.looked_at import looked_at

        found = looked_at(actor=values.actor, purpose=purpose, authority=authority, wearer=wearer)
        if found is None:
            raise fail("Nobody of that reference is on record. Check the reference.")
    typer.echo("Who looked at your data. Times are those of the clock in Great Britain.")
    for line in found:
        typer.echo(_words(line))
    if not found:
        typer.echo("There is no look to tell you of.")
    typer.echo(NOTICE)


def _words(line: Line) -> str:
    did = (
        line.operation
        if line.certain
        else f"may have {_PERHAPS.get(line.operation, line.operation)}"
    )
    others = line.people - 1
    many = f", with {others} other{'s' if others > 1 else ''}" if others > 0 else ""
    return (
        f"{wall_time(line.at):%d %B %Y, %H:%M}: somebody in the role '{line.role}' at "
        f"{line.organisation} {did}{_period(line)}{many}, {line.purpose}."
    )


def _period(line: Line) -> str:
    if line.begin is None or line.end is None:
        return ""
    return f" of {wall_time(line.begin):%d %B %Y, %H:%M} to {wall_time(line.end):%d %B %Y, %H:%M}"


#: What may have been done, where nothing says that it was: requested, and not known to be served.
_PERHAPS = {
    "looked at your data": "seen your data",
    "gave your data to somebody else": "given your data to somebody else",
    "compared your data with other data": "seen your data beside other data",
    "made a copy of your data": "copied your data",
}
