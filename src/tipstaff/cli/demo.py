"""`tipstaff demo`: a county in which everybody is made up, to look at while it lives."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from tipstaff import settings
from tipstaff.cli import demo_report
from tipstaff.cli.demo_report import Step, fail, fresh_folder, run

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def demo(
    serve_page: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Show it in a browser at the end.")
    ] = True,
    report: Annotated[
        bool, typer.Option("--report", help="Show a report of matches made from files instead.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Make it anew, also where one was made today.")
    ] = False,
    wearers: Annotated[
        int, typer.Option(min=0, help="How many people wear a tag.", show_default="20; report 60")
    ] = 0,
    days: Annotated[
        int,
        typer.Option(min=0, help="How many days the world lasts.", show_default="56, report 28"),
    ] = 0,
    crimes: Annotated[int, typer.Option(help="Crimes in all, two in three by wearers.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where it is served; 0: any free port.")
    ] = 0,
) -> None:
    """Make a county and open its console: people under orders, alerts, crimes, positions coming.

    Everybody is made up. The sign-in page shows whom you can be and how to sign in. While you look,
    a strap is cut within two minutes and somebody goes into their zone within five. Works in the
    folder `demo` below the data folder; what a demonstration of an earlier day left there is made
    anew. With `--report`: by files alone, each command shown as you would type it.

    **Exit codes**: 0 done; 2 a step failed, or the folder is not a demonstration's; 3 not set up.
    """
    if report:
        plan = ("--wearers", wearers or 60, "--days", days or 28, "--crimes", crimes)
        words = [str(word) for word in (*plan, "--seed", seed)]
        demo_report.show(words, serve_page=serve_page, port=port)
        return
    folder = _county(again, [str(wearers or 20), str(days or 56), str(crimes), str(seed)])
    if serve_page:
        _serve(folder, port)


def _county(again: bool, plan: list[str]) -> Path:
    """The folder of a county that was made today."""
    known = demo_report.made_today()
    if known is not None and not again:
        typer.echo(f"The county of today is there: {known}. Make it anew with --again.")
        return known
    folder = fresh_folder()
    begun = time.monotonic()
    run(Step("Make an instance, as if eight weeks ago", ("demo-county", "init", plan[1])), folder)
    run(Step("Make a county in it", ("demo-county", "make", *plan)), folder)
    (folder / demo_report.COUNTY).write_text(time.strftime("%Y-%m-%d"), encoding="utf-8")
    typer.secho(
        f"\nMade in {time.monotonic() - begun:.0f} seconds. Nobody in it is real.", bold=True
    )
    return folder


def _serve(folder: Path, port: int) -> None:
    """Serve the console, and let the county live, until Ctrl-C or SIGTERM: then both end."""
    chosen = port or _free_port()
    signal.signal(signal.SIGTERM, _interrupt)
    address = f"http://127.0.0.1:{chosen}"
    try:
        with _child(folder, "serve", "--port", str(chosen)) as served:
            while served.poll() is None and not _answers(chosen):
                time.sleep(0.2)
            with _child(folder, "demo-county", "play", address):
                if served.poll() is None:
                    _tell(folder, chosen)
                code = served.wait()
    except KeyboardInterrupt:
        return
    if code:
        raise fail(f"tipstaff demo: serving failed (exit code {code}): see {folder}/serve.log.")


def _tell(folder: Path, port: int) -> None:
    typer.secho(f"\nThe county is at http://localhost:{port}/   (Ctrl-C ends)", bold=True)
    typer.echo(
        "Its sign-in page says whom you can be. A strap is cut within two minutes.\n"
        f"What the programs say meanwhile is in {folder}/*.log"
    )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except OSError:
        return False


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _child(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program itself with those words, in a session of its own, ended with the block."""
    with (folder / f"{words[0]}.log").open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 (this very program, words of our own)
            [sys.executable, "-m", "tipstaff", *words],
            env=settings.environment_of(folder / "instance"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
