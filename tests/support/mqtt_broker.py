"""A real MQTT broker (mosquitto) on a port of this machine, to be stopped and started again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

#: As root it would run as another user, who cannot write into a test's folder.
_CONFIGURATION = """
listener {port} 127.0.0.1
user root
persistence true
persistence_location {folder}/
password_file {folder}/passwords
acl_file {folder}/rules
max_queued_messages 0
allow_anonymous false
"""
_RULES = """
user tipstaff
topic read #
user acme
topic write tipstaff/acme/#
topic write owntracks/#
"""
PASSWORD = "a made-up word"


class RealBroker:
    """mosquitto in a folder; what it holds survives `stop` and `start`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("tipstaff", "acme"):
            made = ["-b"] if (folder / "passwords").exists() else ["-b", "-c"]
            subprocess.run(
                ["mosquitto_passwd", *made, str(folder / "passwords"), name, PASSWORD], check=True,
                capture_output=True,
            )  # fmt: skip
        (folder / "rules").write_text(_RULES)
        (folder / "broker.conf").write_text(_CONFIGURATION.format(port=self.port, folder=folder))

    def start(self) -> None:
        log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(
            [_program(), "-c", str(self._folder / "broker.conf")], stdout=log, stderr=log
        )
        log.close()
        until(self._listens)

    def stop(self) -> None:
        """End it in good order: what it holds is written."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def publish(self, messages: list[tuple[str, bytes]], name: str = "acme") -> None:
        """Publish as a supplier, and return once the broker has all of it."""
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(name, PASSWORD)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        sent = [client.publish(topic, body, qos=1) for topic, body in messages]
        for one in sent:
            one.wait_for_publish(10)
        client.disconnect()
        client.loop_stop()


def until(said: Any, patience_s: float = 20.0) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + patience_s
    while not said():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def _program() -> str:
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    return found or "mosquitto"


@contextmanager
def real_broker(folder: Path) -> Iterator[RealBroker]:
    if shutil.which(_program()) is None:
        pytest.skip("no mosquitto on this machine")
    folder.mkdir()
    broker = RealBroker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
