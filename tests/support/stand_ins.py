"""A real SMTP relay and small HTTP services on this machine, to which notices are sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
from aiosmtpd.controller import Controller

NOTIFY_SERVICE, NOTIFY_SECRET = str(uuid4()), str(uuid4())
NOTIFY_KEY = f"stand_in-{NOTIFY_SERVICE}-{NOTIFY_SECRET}"


@dataclass
class Relay:
    """An SMTP relay: what it took, and what it answers to addresses (else it takes them)."""

    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    to_data: str = ""
    port: int = 0

    async def handle_RCPT(  # noqa: N802 (the library names it)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_data:
            return self.to_data
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.to += envelope.rcpt_tos
        return f"250 2.0.0 queued as Q{len(self.taken)}"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


@contextmanager
def relaying(relay: Relay | None = None) -> Iterator[Relay]:
    """A relay that listens; an old one listens again where it did."""
    relay = relay or Relay()
    controller = Controller(relay, hostname="127.0.0.1", port=relay.port or _free_port())
    controller.start()
    relay.port = controller.port
    try:
        yield relay
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Post:
    """A request that a service was sent."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A receiver of webhooks; `status` is what it answers."""

    status: int = 204
    posts: list[Post] = field(default_factory=list)
    url: str = ""


@dataclass
class Notify:
    """A stand-in of GOV.UK Notify: it takes messages, lists them by reference, tells of each."""

    status: int = 201
    messages: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            receiver.posts.append(Post(self.path, named, body))
            self.answer(receiver.status, b"")

    with _serving(Handler) as receiver.url:
        yield receiver


@contextmanager
def notifying() -> Iterator[Notify]:
    notify = Notify()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            self.check()
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if notify.status != 201:
                error = {"error": "BadRequestError", "message": "phone_number 07700900123 wrong"}
                self.say(notify.status, {"errors": [error], "status_code": notify.status})
                return
            made = {"id": str(uuid4()), "status": "created", **told}
            notify.messages.append(made)
            self.say(201, made)

        def do_GET(self) -> None:
            self.check()
            notify.asked.append(self.path)
            parts = urlsplit(self.path)
            last = parts.path.rpartition("/")[2]
            if last == "notifications":
                wanted = parse_qs(parts.query)["reference"][0]
                found = [one for one in notify.messages if one["reference"] == wanted]
                self.say(200, {"notifications": found, "links": {}})
                return
            self.say(200, next(one for one in notify.messages if one["id"] == last))

        def check(self) -> None:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            told = jwt.decode(token, NOTIFY_SECRET, algorithms=["HS256"])
            assert told["iss"] == NOTIFY_SERVICE

    with _serving(Handler) as notify.url:
        yield notify


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def say(self, status: int, answer: Any) -> None:
        self.answer(status, json.dumps(answer).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
