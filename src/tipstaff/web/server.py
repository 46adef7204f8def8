"""The server: one process that answers browsers, on this machine or behind a proxy with https."""

from __future__ import annotations

import ipaddress
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import uvicorn

from tipstaff import settings
from tipstaff.services.long_lived import left_out
from tipstaff.web import log_lines
from tipstaff.web.request_ids import with_request_ids

#: How long requests that run are waited for at the end.
_PATIENCE_S: Final = 3
_APPLICATION: Final = "tipstaff.web.asgi:application"
_PAGES: Final = "tipstaff.web.urls"


class NotServableError(Exception):
    """It may not or cannot listen there; `action` says what to do."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


def listen(values: settings.Settings, host: str, port: int) -> socket.socket:
    """A socket on `host` and `port`; NotServableError where that is not safe or not to be had."""
    if values.web_url and not values.web_proxy:
        raise NotServableError(
            "web_url is set and web_proxy is not: name the proxy's addresses there, or nobody "
            "can tell who came by https."
        )
    if not values.web_url and not is_loopback(host):
        raise NotServableError(
            f"{host} can be reached from other machines, and without https passwords could be "
            "read on the way. Set web_url and web_proxy, or use --host 127.0.0.1."
        )
    try:
        listening = socket.create_server((host, port), family=_family(host))
        # asyncio sets it on sockets that name TCP, which those of create_server do not: without it
        # a short answer waits for the client's delayed acknowledgement, 40 ms
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise NotServableError(
            f"{host}, port {port}: {error.strerror}. Choose another with --port."
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`; a name other than localhost is not looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def made_ready(*, pages: bool = True) -> Iterator[None]:
    """Read every page's code before the first is asked for, and keep it out of searches."""
    if pages:
        import_module(_PAGES)
    with left_out():
        yield


def serve(
    values: settings.Settings,
    listening: socket.socket,
    application: Any = _APPLICATION,
    *,
    pages: bool = True,
) -> None:
    """Answer until interrupted. Logs name places in the code, not people or machines.

    `pages`: whether the application has pages for browsers.
    """
    log_lines.to_stderr()
    # style sheet and script are a few kilobytes in memory: no need to read them asynchronously
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume")
    config = uvicorn.Config(
        application if isinstance(application, str) else with_request_ids(application),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(values.web_proxy),
        forwarded_allow_ips=values.web_proxy or None,
        # pages that follow what changes hold a connection for minutes
        timeout_graceful_shutdown=_PATIENCE_S,
    )
    with made_ready(pages=pages):
        uvicorn.Server(config).run(sockets=[listening])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
