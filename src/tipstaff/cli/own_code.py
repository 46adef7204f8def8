"""`tipstaff own-code`: a code with which a wearer opens their own page."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.own_codes import in_groups

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def own_code(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Issue a code for a wearer's own page and print it, once: hand it to the wearer themselves.

    It works once, within 24 hours, at the address `/own`; five wrong tries end it, and so does the
    next code. Nobody can show it again.

    Try: `tipstaff own-code W0001 --purpose offender_management`

    **Exit codes**: 0 issued; 2 there is no such wearer; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.own_codes import issue_own_code

        done = issue_own_code(
            actor=values.actor, purpose=purpose, authority=authority, wearer=wearer
        )
    stop_if_refused(done.problems)
    typer.echo(in_groups(done.code))
    typer.echo(f"Works once, until {done.ends_at:%Y-%m-%dT%H:%M:%SZ}.", err=True)
