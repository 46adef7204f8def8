"""`tipstaff worker`: live monitoring, and what has to be done now and then."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tipstaff.cli.figures_port import figures_at
from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    AuthorityOption,
    PurposeOption,
    on_instance,
)

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.live_work import Worked
    from tipstaff.settings import Settings

app = typer.Typer(rich_markup_mode="markdown")

#: Without a turn for so long a worker is not ready: a turn over a full page takes a second or two.
_STUCK_S: Final = 60.0


@app.command()
def worker(
    purpose: PurposeOption,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what is there, without waiting, and end.")
    ] = False,
    chores: Annotated[
        bool,
        typer.Option("--chores/--no-chores", help="Whether it does the chores and sends notices."),
    ] = True,
    until_parent_ends: Annotated[
        bool, typer.Option("--until-parent-ends", hidden=True, help="Ends with its parent.")
    ] = False,
    authority: AuthorityOption = "",
) -> None:
    """Judge positions as they come in, and open, amend and close alerts, until Ctrl-C.

    Whoever wears a device under an active order is watched: zones, curfews, attendances, and the
    device itself. A worker that is ended, or dies, goes on where it was; nobody is told twice. One
    process of an instance does this; with the setting `worker_shards`, on PostgreSQL, several share
    it, and take over from one that dies.

    Beside it, it brings what came in into the archive, sends notices, raises alarms, matches again
    what late data changed, erases what is due, and draws the audit's sample: each in its time
    (`tipstaff health` says when). With --once it does what is due of these, once.

    With the setting `metrics_port` it answers /metrics, /health/live and /health/ready there.

    Try: `tipstaff worker --purpose system_administration`

    **Exit codes**: 0 ended; 2 another process monitors already, or the port is taken; 3 not set
    up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.live_work import Rounds, Worked, monitor
        from tipstaff.services.long_lived import rarely_searched
        from tipstaff.services.measures import Measures
        from tipstaff.services.shared_work import SharedWork
        from tipstaff.web import log_lines

        log_lines.to_stderr()
        ended, parent = threading.Event(), os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())

        def is_over() -> bool:
            return ended.is_set() or (until_parent_ends and os.getppid() != parent)

        measures, done = Measures(), Worked()
        with ExitStack() as beside, rarely_searched():
            beside.enter_context(
                figures_at(values.metrics_port, "metrics_port", measures.registry, _ready(done))
            )
            if values.worker_shards > 1:
                of = _shards(values, once=once)
                typer.echo(f"One of several workers, {of} shards (Ctrl-C ends)")
                work = SharedWork(
                    values.actor, purpose, authority, of, is_over, done, measures.told
                )
                with _chores(values, authority) if chores else nullcontext():
                    work.run()
            else:
                with monitor(actor=values.actor, purpose=purpose, authority=authority) as watch:
                    typer.echo(f"{len(watch.ready)} lives are watched (Ctrl-C ends)")
                    with _chores(values, authority) if chores and not once else nullcontext():
                        Rounds(watch, is_over, done, measures.told).run(once=once)
                        watch.put_down()  # a chore that runs may take its time to end
        if chores and once:
            _chores_once(values, authority)
    typer.echo(
        f"{done.messages} messages, {done.facts} facts of those who are watched: {done.opened} "
        f"alerts opened, {done.moved} amended, {done.retracted} retracted, {done.notices} notices"
    )


def _shards(values: Settings, *, once: bool) -> int:
    from tipstaff import settings

    if values.database == settings.SQLITE:
        typer.echo("worker_shards: with SQLite one worker watches all. Set it to 1.", err=True)
        raise typer.Exit(NOTHING_DONE)
    if once:
        typer.echo("--once is for one worker that watches all: set worker_shards to 1.", err=True)
        raise typer.Exit(NOTHING_DONE)
    return values.worker_shards


def _ready(done: Worked) -> Callable[[], str]:
    from tipstaff.services.readiness import what_is_away

    def wrong() -> str:
        still = time.time() - done.last_turn_at
        stuck = f"no turn for {still:.0f} seconds" if still > _STUCK_S else ""
        vain = f"turns fail ({done.failing}); is the disk full?" if done.failing else ""
        return what_is_away() or vain or stuck

    return wrong


@contextmanager
def _chores(values: Settings, authority: str) -> Iterator[None]:
    """Chores and notices, beside the turns, until they end."""
    from tipstaff.services.beside import beside
    from tipstaff.services.chores import chores_done
    from tipstaff.services.notice_worker import keep_delivering

    with (
        beside({"notices": keep_delivering}),
        chores_done(values.actor, authority, alone=values.worker_shards == 1),
    ):
        yield


def _chores_once(values: Settings, authority: str) -> None:
    from tipstaff.services.chores import CHORES, do_if_due
    from tipstaff.services.notice_worker import deliver_all

    for chore in CHORES:
        do_if_due(chore, values.actor, authority)
    deliver_all()
