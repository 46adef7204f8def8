"""`tipstaff tokens`: by which programs come to the API as an account of the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.api_tokens import LONGEST_LIFE_DAYS, SCOPES
from tipstaff.domain.problems import Problem

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.domain.api_tokens import ApiToken

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def tokens() -> None:
    """Make, list and end tokens of the API. Each is shown once, and does what its account may."""


@app.command("add")
def add(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose it is to be.")],
    label: Annotated[str, typer.Option("--label", help="What it is for.")],
    scopes: Annotated[
        list[str],
        typer.Option("--scope", help=f"What for; once for each. {', '.join(SCOPES)}."),
    ],
    purpose: PurposeOption,
    days: Annotated[
        int, typer.Option("--days", help=f"How long it lives; at most {LONGEST_LIFE_DAYS}.")
    ] = 30,
    authority: AuthorityOption = "",
) -> None:
    """Make a token and print it, once: nothing but a digest is kept. Give it over by a safe way.

    Try: `tipstaff tokens add olive --label dashboard --scope alerts:read --purpose
    system_administration`

    **Exit codes**: 0 made; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.api_tokens import WantedToken, add_token

        wanted = WantedToken(label, frozenset(scopes), days, account)
        done = add_token(actor=values.actor, purpose=purpose, authority=authority, wanted=wanted)
    if isinstance(done, Problem):
        stop_if_refused((done,))
        return
    typer.echo(done.presented)
    typer.echo(
        f"Token {done.token.token_id} of {done.token.username} works until "
        f"{done.token.expires_at:%Y-%m-%d}. It is shown this once: nobody can show it again.",
        err=True,
    )


@app.command("list")
def list_(
    purpose: PurposeOption,
    own: Annotated[bool, typer.Option("--own", help="Your own alone.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 100,
    authority: AuthorityOption = "",
) -> None:
    """List tokens: whose, what for, what they may be used for, until when, the day of last use.

    **Exit codes**: 0 listed; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.api_tokens import list_tokens

        found = list_tokens(
            actor=values.actor, purpose=purpose, authority=authority, every=not own, limit=limit
        )
    now = datetime.now(UTC)
    for token in found:
        typer.echo(_words(token, now))
    if not found:
        typer.echo("No token is on record.", err=True)


@app.command("end")
def end(
    token_id: Annotated[
        str, typer.Argument(metavar="TOKEN_ID", help="The id of a token, as 'list' has it.")
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Let a token work no longer, at once and for good.

    **Exit codes**: 0 ended; 2 no such token; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.api_tokens import end_token

        problem = end_token(
            actor=values.actor, purpose=purpose, authority=authority, token_id=token_id
        )
        stop_if_refused(() if problem is None else (problem,))
    typer.echo(f"{token_id}: ended")


def _words(token: ApiToken, now: datetime) -> str:
    """A token in a line: never its secret, of which nothing is kept."""
    over = "ended" if token.ended_at else "expired" if token.expires_at <= now else "works"
    used = "never" if token.last_used_on is None else token.last_used_on.isoformat()
    return (
        f"{token.token_id}  {token.username}  {token.label}  {over}  "
        f"{', '.join(sorted(token.scopes))}  until {token.expires_at:%Y-%m-%d}  last used {used}"
    )
