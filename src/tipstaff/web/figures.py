"""How the worker fares, over http on this machine alone: for Prometheus and for supervisors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

HOST: Final = "127.0.0.1"
#: What is wrong, in words; empty where the worker does its work.
Ready = Callable[[], str]
Start = Callable[[str, list[tuple[str, str]]], Any]


class _Quiet(WSGIRequestHandler):
    """Logs no requests."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Nothing."""


def application(registry: CollectorRegistry, ready: Ready) -> Callable[..., Iterable[bytes]]:
    """`/metrics`, `/health/live` and `/health/ready`; 503 with what is wrong where it is not."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest(registry)]
        if path == "/health/live":
            return _text(start, HTTPStatus.OK, "alive")
        if path == "/health/ready":
            wrong = ready()
            status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
            return _text(start, status, wrong or "ready")
        return _text(start, HTTPStatus.NOT_FOUND, "there is nothing here")

    return answer


@contextmanager
def figures_told(port: int, registry: CollectorRegistry, ready: Ready) -> Iterator[int]:
    """While this lasts, the figures are to be had on a port of this machine; which it is.

    OSError where the port is taken. 0 as `port` takes a free one.
    """
    server = make_server(HOST, port, application(registry, ready), WSGIServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, name="figures", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _text(start: Start, status: HTTPStatus, words: str) -> Iterable[bytes]:
    start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{words}\n".encode()]
