"""One page on this machine's own address until Ctrl-C, and nothing else."""

from __future__ import annotations

import signal
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import typer

from tipstaff.cli.instance_errors import NOTHING_DONE

_ADDRESS: Final = "127.0.0.1"


def serve(page: Path, port: int) -> None:
    """Serve `page` on 127.0.0.1 until interrupted; port 0 takes any free one."""
    content = page.read_bytes()
    try:
        server = ThreadingHTTPServer((_ADDRESS, port), _handler(content))
    except OSError as error:
        typer.echo(f"Port {port}: {error.strerror}. Choose another with --port.", err=True)
        raise typer.Exit(NOTHING_DONE) from None
    with server:
        typer.secho(
            f"\nThe report: http://{_ADDRESS}:{server.server_port}/   (Ctrl-C ends)", bold=True
        )
        # started in the background, a shell has both ignored or deadly; here both end it calmly
        for ends in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ends, signal.default_int_handler)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def _handler(content: bytes) -> type[BaseHTTPRequestHandler]:
    class OnePage(BaseHTTPRequestHandler):
        """Answers / with the page and everything else with 404; logs nothing."""

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            if self.path != "/":
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            pass

    return OnePage
