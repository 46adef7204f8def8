"""`tipstaff intake mqtt`: a thread for each broker, all into one inbox, until interrupted."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from tipstaff import settings
from tipstaff.cli.exit_codes import NOTHING_DONE
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.brokers import Broker, read_brokers

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.feeds.mqtt import BrokerClient

_LOOK_S: Final = 0.5


def take_from_brokers(values: settings.Settings, purpose: Purpose, authority: str) -> None:
    """Take in from every broker until Ctrl-C; typer.Exit where one refuses."""
    from tipstaff.feeds.mqtt import BrokerClient
    from tipstaff.feeds.upkeep import kept_up
    from tipstaff.services.broker_intake import open_broker_intake
    from tipstaff.services.feed_intake import FeedIntake
    from tipstaff.services.inbox import open_inbox
    from tipstaff.web import log_lines

    log_lines.to_stderr()
    brokers = _brokers(values)
    passwords = [_password(broker) for broker in brokers]
    with open_inbox() as inbox, ExitStack() as held:
        clients = []
        for broker, password in zip(brokers, passwords, strict=True):
            intake = open_broker_intake(
                actor=values.actor, purpose=purpose, authority=authority,
                broker=broker.name, suppliers=broker.suppliers, inbox=inbox,
            )  # fmt: skip
            clients.append(BrokerClient(broker, intake, password))
        held.enter_context(kept_up(FeedIntake(inbox)))
        typer.echo(f"Tipstaff takes in from {', '.join(b.name for b in brokers)}   (Ctrl-C ends)")
        _run(clients)


def _run(clients: list[BrokerClient]) -> None:
    """A thread each, until one fails or Ctrl-C; each finishes what it is writing."""
    stopped = threading.Event()
    failed: list[Exception] = []
    threads = [
        threading.Thread(target=_serve, args=(client, stopped, failed), name="broker")
        for client in clients
    ]
    for thread in threads:
        thread.start()
    try:
        while not stopped.wait(_LOOK_S):
            pass
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


def _serve(client: BrokerClient, stopped: threading.Event, failed: list[Exception]) -> None:
    from tipstaff.records.connections import close_own

    try:
        client.run(stopped.is_set, stopped.wait)
    except Exception as error:
        failed.append(error)
    finally:
        stopped.set()
        close_own()


def _brokers(values: settings.Settings) -> tuple[Broker, ...]:
    if not values.mqtt_brokers:
        raise _nothing("The setting mqtt_brokers names no file: docs/intake.md says what is in it.")
    path = Path(values.mqtt_brokers)
    try:
        read = read_brokers(path.read_bytes())
    except OSError as error:
        raise _nothing(f"{path}: {error.strerror}.") from None
    if isinstance(read, list):
        raise _nothing("\n".join(f"{path}: {fault}" for fault in read))
    return read


def _password(broker: Broker) -> str:
    if not broker.password_file:
        return ""
    try:
        return Path(broker.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _nothing(f"{broker.password_file}: {error.strerror}.") from None


def _nothing(told: str) -> typer.Exit:
    typer.echo(told, err=True)
    return typer.Exit(NOTHING_DONE)
