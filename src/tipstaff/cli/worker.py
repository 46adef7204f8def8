"""`tipstaff worker`: live monitoring, and what has to be done now and then."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def worker(
    purpose: PurposeOption,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what is there, without waiting, and end.")
    ] = False,
    authority: AuthorityOption = "",
) -> None:
    """Judge positions as they come in, and open, amend and close alerts, until Ctrl-C.

    Whoever wears a device under an active order is watched: zones, curfews, attendances, and the
    device itself. A worker that is ended, or dies, goes on where it was; nobody is told twice. One
    process of an instance does this.

    Try: `tipstaff worker --purpose system_administration`

    **Exit codes**: 0 ended; 2 another process monitors already; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.live_work import Rounds, monitor

        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        with monitor(actor=values.actor, purpose=purpose, authority=authority) as watch:
            typer.echo(f"{len(watch.ready)} lives are watched (Ctrl-C ends)")
            done = Rounds(watch, ended.is_set).run(once=once)
    typer.echo(
        f"{done.messages} messages, {done.facts} facts of those who are watched: {done.opened} "
        f"alerts opened, {done.moved} amended, {done.retracted} retracted, {done.notices} notices"
    )
