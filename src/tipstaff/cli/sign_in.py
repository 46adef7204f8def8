"""`tipstaff sign-in`: first passwords, resets and lock-outs, for an administrator."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    AuthorityOption,
    on_instance,
)
from tipstaff.domain.purposes import Purpose

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]


@app.callback()
def sign_in() -> None:
    """Look after how people sign in to `tipstaff serve`; each change is recorded."""


@app.command("set-password")
def set_password(name: Name, authority: AuthorityOption = "") -> None:
    """Give an account a first password, which its owner must change at the first sign-in.

    It is asked for, or read as one line from standard input where that is no terminal. Ends the
    account's sessions and its lock-out.

    Try: `tipstaff sign-in set-password ann`

    **Exit codes**: 0 set; 2 no such account, or the password is too weak; 4 refused.
    """
    password = _asked()
    with on_instance() as values:
        from tipstaff.services.sign_in import set_first_password

        done = set_first_password(**_who(values, authority), name=name, password=password)
    _stop_at(done.problems)
    typer.echo(f"First password set; sessions ended: {done.sessions}.")
    typer.echo("Hand it over in person. It opens only the page to choose another.")


@app.command()
def reset(name: Name, authority: AuthorityOption = "") -> None:
    """Take an account's second factors and recovery codes, sessions and tie to a provider away.

    For somebody who lost their phone or key and the recovery codes. Afterwards **the password
    alone** lets somebody set up new ones: make sure who asks, and run `set-password` as well.

    Try: `tipstaff sign-in reset ann`

    **Exit codes**: 0 done; 2 no such account; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.sign_in import reset_sign_in

        done = reset_sign_in(**_who(values, authority), name=name)
    _stop_at(done.problems)
    typer.echo(
        f"Removed: second factors and recovery codes {done.factors}, ties to a provider "
        f"{done.ties}, sessions {done.sessions}."
    )
    typer.secho(
        "WARNING: the password alone now lets somebody set up a new second factor for this "
        "account. Unless you are sure who holds it, run: tipstaff sign-in set-password",
        bold=True,
        err=True,
    )


@app.command()
def unlock(name: Name, authority: AuthorityOption = "") -> None:
    """End the lock-out of an account after failed sign-ins, wherever it was locked out.

    Try: `tipstaff sign-in unlock ann`

    **Exit codes**: 0 done, or there was none; 2 no such account; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.sign_in import unlock_sign_in

        done = unlock_sign_in(**_who(values, authority), name=name)
    _stop_at(done.problems)
    typer.echo(f"Failed sign-ins forgotten, by place: {done.places}.")


def _who(values: Any, authority: str) -> dict[str, Any]:
    return {
        "actor": values.actor,
        "purpose": Purpose.SYSTEM_ADMINISTRATION,
        "authority": authority,
    }


def _asked() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("First password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _stop_at(problems: Iterable[Any]) -> None:
    found = list(problems)
    for problem in found:
        typer.echo(f"{problem.code}: {problem.action}", err=True)
    if found:
        raise typer.Exit(NOTHING_DONE)
