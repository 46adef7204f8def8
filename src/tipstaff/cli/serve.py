"""`tipstaff serve`: the pages for browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from tipstaff.cli.instance_errors import NOTHING_DONE, on_instance
from tipstaff.settings import Settings

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="The port; 0 takes a free one.")
    ] = 8000,
    takes_in: Annotated[
        bool,
        typer.Option("--intake/--no-intake", help="Whether it takes suppliers' messages in too."),
    ] = True,
    works: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Whether it runs the worker too.")
    ] = True,
) -> None:
    """Serve the pages for browsers, take suppliers' messages in, and monitor, until Ctrl-C.

    All that a force needs on one machine. The worker is a process of its own, begun again if it
    dies, so that neither holds the other up.

    On this machine alone it speaks plain http. To be reached from elsewhere it needs a proxy that
    speaks https, and the settings `web_url` and `web_proxy`. `/health` says that it is alive,
    `/intake/openapi.json` how to send. One process of an instance takes messages in: where
    `tipstaff intake serve` does, add `--no-intake`; where `tipstaff worker` runs, `--no-worker`.

    Try: `tipstaff serve --port 8080`

    **Exit codes**: 0 ended; 2 it may not or cannot listen there, or another process takes messages
    in; 3 not set up.
    """
    with on_instance() as values:
        from tipstaff.services.error_models import instance_error_model
        from tipstaff.services.instance import open_instance
        from tipstaff.services.sign_in_entries import forget_old
        from tipstaff.web import server

        open_instance()
        instance_error_model()  # here rather than on a page, or in a worker begun again and again
        try:
            listening = server.listen(values, host, port)
        except server.NotServableError as refused:
            typer.echo(refused.action, err=True)
            raise typer.Exit(NOTHING_DONE) from None
        forget_old(datetime.now(UTC))
        from tipstaff.cli.worker_child import worker_beside

        beside = worker_beside() if works else nullcontext()
        with beside, _application(values, takes_in) as application:
            where = values.web_url or f"http://localhost:{listening.getsockname()[1]}"
            typer.echo(f"Tipstaff answers at {where}/   (Ctrl-C ends)")
            try:
                server.serve(values, listening, application)
            except KeyboardInterrupt:
                typer.echo("")


@contextmanager
def _application(values: Settings, takes_in: bool) -> Iterator[Any]:
    """The pages, with the intake beside them where that is wanted."""
    from tipstaff.web.asgi import application as pages

    if not takes_in:
        yield pages
        return
    from tipstaff.cli.intake_serving import taking_in
    from tipstaff.feeds.http import beside

    with taking_in(values) as intake:
        yield beside(intake, pages)
