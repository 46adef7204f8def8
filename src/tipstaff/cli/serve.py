"""`tipstaff serve`: the pages for browsers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import NOTHING_DONE, on_instance

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="The port; 0 takes a free one.")
    ] = 8000,
) -> None:
    """Serve the pages for browsers until Ctrl-C: sign-in and one's own account, so far.

    On this machine alone it speaks plain http. To be reached from elsewhere it needs a proxy that
    speaks https, and the settings `web_url` and `web_proxy`. `/health` says that it is alive.

    Try: `tipstaff serve --port 8080`

    **Exit codes**: 0 ended; 2 it may not or cannot listen there; 3 not set up.
    """
    with on_instance() as values:
        from tipstaff.services.instance import open_instance
        from tipstaff.services.sign_in_entries import forget_old
        from tipstaff.web import server

        open_instance()
        try:
            listening = server.listen(values, host, port)
        except server.NotServableError as refused:
            typer.echo(refused.action, err=True)
            raise typer.Exit(NOTHING_DONE) from None
        forget_old(datetime.now(UTC))
        where = values.web_url or f"http://localhost:{listening.getsockname()[1]}"
        typer.echo(f"Tipstaff answers at {where}/   (Ctrl-C ends)")
        try:
            server.serve(values, listening)
        except KeyboardInterrupt:
            typer.echo("")
