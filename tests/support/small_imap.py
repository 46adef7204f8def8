"""A small IMAP server in this process: one account, its folders; what `feeds.mailbox` needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class SmallImap(socketserver.ThreadingTCPServer):
    """Mails by folder and number; `no` are commands that are answered with NO."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}, "Taken": {}, "Refused": {}}
        self.deleted: set[int] = set()
        self.no: set[str] = set()
        self._next = 0

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self._next += 1
        self.folders[folder][self._next] = raw


class _Session(socketserver.StreamRequestHandler):
    server: SmallImap

    def handle(self) -> None:
        self._say(b"* OK ready")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            name = command.removeprefix("UID ").split()[0].upper()
            if name in self.server.no:
                self._say(f"{tag} NO not here".encode())
                continue
            getattr(self, f"_{name.lower()}", lambda _rest: None)(command)
            self._say(f"{tag} OK {name} done".encode())
            if name == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def _capability(self, _command: str) -> None:
        self._say(b"* CAPABILITY IMAP4REV1")

    def _select(self, _command: str) -> None:
        self._say(f"* {len(self.server.folders['INBOX'])} EXISTS".encode())

    def _search(self, _command: str) -> None:
        self._say(" ".join(["* SEARCH", *map(str, self.server.folders["INBOX"])]).encode())

    def _fetch(self, command: str) -> None:
        found: Any = re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command)
        number, most = int(found[1]), int(found[2])
        raw = self.server.folders["INBOX"][number][:most]
        self._say(f"* 1 FETCH (UID {number} BODY[]<0> {{{len(raw)}}}".encode())
        self.wfile.write(raw + b")\r\n")

    def _copy(self, command: str) -> None:
        found: Any = re.fullmatch(r'UID COPY (\d+) "(.*)"', command)
        self.server.deliver(self.server.folders["INBOX"][int(found[1])], found[2])

    def _store(self, command: str) -> None:
        self.server.deleted.add(int(command.split()[2]))

    def _expunge(self, _command: str) -> None:
        for number in self.server.deleted:
            self.server.folders["INBOX"].pop(number, None)


@contextmanager
def small_imap() -> Iterator[SmallImap]:
    """The server, running; ended afterwards."""
    with SmallImap() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
