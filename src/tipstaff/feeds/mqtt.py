"""The intake from an MQTT broker: a message is acknowledged once it is on the disk, not before.

MQTT 5, quality of service 1, and a session that the broker keeps while we are away: what is not
acknowledged is delivered again, after a lost connection as after our own death. How many messages
may be without an acknowledgement is told to the broker (Receive Maximum), so memory is bounded and
a full inbox slows the broker, not us. One thread does all of it: an acknowledgement can never reach
another connection than its message came by.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from tipstaff.domain.received import Stored
from tipstaff.formats.brokers import KEPT_DAYS, Broker
from tipstaff.formats.feeds.listed import BROKER_FORMS
from tipstaff.formats.feeds.messages import Message
from tipstaff.positions.inbox import InboxClosedError, InboxFullError
from tipstaff.positions.inbox_tables import InboxWriteError
from tipstaff.services.broker_intake import BrokerIntake

#: Messages without an acknowledgement, and bytes of one: together what may lie in memory.
MOST_UNANSWERED: Final = 200
MOST_BYTES: Final = 1 << 20
#: Seconds between two attempts to connect: doubled from the first up to the last.
FIRST_WAIT_S, LAST_WAIT_S = 1.0, 60.0
_KEEP_ALIVE_S: Final = 30
_IDLE_S, _BUSY_S = 0.5, 0.005
#: After the disk or the inbox refused a message, it is tried again after so long.
_AGAIN_S: Final = 0.5
_LATER_S: Final = 5.0
_log = logging.getLogger(__name__)


class BrokerRefusedError(Exception):
    """The broker refuses us or a subscription: waiting mends nothing."""

    def __init__(self, reason: str) -> None:
        self.action = (
            f"The broker refused ({reason}). Look at the user name, the password and the rules "
            "of topics there and in the file that mqtt_brokers names."
        )
        super().__init__(self.action)


@dataclass(slots=True)
class _Waiting:
    """A message that is not acknowledged yet; `done` once it was handed to the inbox."""

    message: MQTTMessage = field(repr=False)
    done: Future[Stored] | None = None
    settled: bool = False
    again_at_s: float = 0.0


class BrokerClient:
    """One broker's messages, taken into an intake until it is stopped."""

    def __init__(
        self, broker: Broker, intake: BrokerIntake, password: str = "", *,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:  # fmt: skip
        self._broker, self._intake = broker, intake
        self._first_wait_s = self._wait_s = first_wait_s
        self._waiting: deque[_Waiting] = deque()
        self._refused = ""
        self._connected = self._was_connected = False
        self._client = _client(broker, password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    @property
    def connected(self) -> bool:
        """Whether the broker listens to us and has our subscriptions."""
        return self._connected

    def run(
        self, stopped: Callable[[], bool], sleep: Callable[[float], object] = time.sleep
    ) -> None:
        """Take in until `stopped` says so; a broker that is gone is called again and again.

        Raises BrokerRefusedError, and InboxClosedError.
        """
        while not stopped():
            try:
                self._client.connect(
                    self._broker.host, self._broker.port, _KEEP_ALIVE_S, clean_start=False,
                    properties=_session(),
                )  # fmt: skip
                self._serve(stopped)
            except OSError as error:
                _log.warning("broker %s: %s", self._broker.name, type(error).__name__)
            self._leave()
            if self._refused:
                raise BrokerRefusedError(self._refused)
            if not stopped():
                sleep(self._wait_s)
                self._wait_s = min(2 * self._wait_s, LAST_WAIT_S)

    def _serve(self, stopped: Callable[[], bool]) -> None:
        """Until the connection ends: read, hand over, acknowledge."""
        while not stopped() and not self._refused:
            if self._client.loop(_BUSY_S if self._waiting else _IDLE_S) != 0:
                return
            self._settle()
        self._finish()
        self._client.disconnect()
        self._client.loop(_BUSY_S)

    def _settle(self) -> None:
        """Acknowledge what is on the disk, in the order in which it came."""
        now_s = time.monotonic()
        for one in self._waiting:
            self._hand_over(one, now_s)
        while self._waiting and self._is_stored(self._waiting[0], now_s):
            one = self._waiting.popleft()
            self._client.ack(one.message.mid, one.message.qos)

    def _hand_over(self, one: _Waiting, now_s: float) -> None:
        if one.settled or one.done is not None or now_s < one.again_at_s:
            return
        try:
            one.done = self._take_in(one.message)
            one.settled = one.done is None
        except InboxFullError:
            one.again_at_s = now_s + _AGAIN_S
        except InboxClosedError:
            raise
        except Exception:  # the records are busy or stopped: nothing was taken
            _log.exception("a message could not be taken in; it is tried again")
            one.again_at_s = now_s + _LATER_S

    def _is_stored(self, one: _Waiting, now_s: float) -> bool:
        if one.done is not None and one.done.done():
            failed = one.done.exception()
            if failed is None:
                one.settled = True
            elif isinstance(failed, InboxWriteError):  # the disk is full or failing: once more
                one.done, one.again_at_s = None, now_s + _AGAIN_S
            else:
                raise failed
        return one.settled

    def _take_in(self, message: MQTTMessage) -> Future[Stored] | None:
        for topics in self._broker.topics:
            device = topics.device_of(message.topic)
            if device is not None:
                feed = BROKER_FORMS[topics.form]
                given = Message(bytes(message.payload), device=device)
                return self._intake.take_in(topics.supplier, feed, given, datetime.now(UTC))
        return None  # of a subscription made before the file was changed: nobody's any longer

    def _finish(self) -> None:
        """Before leaving: wait for what is being written, and acknowledge it."""
        for one in self._waiting:
            if one.done is not None:
                one.done.exception()
        self._settle()

    def _leave(self) -> None:
        """Forget what is not acknowledged: the broker delivers it again."""
        self._connected = False
        self._waiting.clear()

    def _on_connect(self, client: Client, _data: Any, flags: Any, code: Any, _more: Any) -> None:
        if code.is_failure:
            self._refused = "" if code.getName() in _PASSING else code.getName()
            return
        if self._was_connected and not flags.session_present:
            _log.warning("broker %s forgot us: what came meanwhile is lost", self._broker.name)
        filters = [f for topics in self._broker.topics for f in topics.filters()]
        client.subscribe([(one, SubscribeOptions(qos=1)) for one in filters])

    def _on_subscribe(self, _c: Client, _data: Any, _mid: int, codes: Any, _more: Any) -> None:
        refused = [code.getName() for code in codes if code.is_failure]
        if refused:
            self._refused = refused[0]
            return
        self._connected = self._was_connected = True
        self._wait_s = self._first_wait_s

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._waiting.append(_Waiting(message))


#: Refusals that pass.
_PASSING: Final = frozenset(
    {"Server unavailable", "Server busy", "Server shutting down", "Quota exceeded",
     "Connection rate exceeded", "Use another server", "Unspecified error"}
)  # fmt: skip


def _client(broker: Broker, password: str) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=broker.name,
        protocol=MQTTProtocolVersion.MQTTv5,
        manual_ack=True,
        reconnect_on_failure=False,
    )
    if broker.username:
        client.username_pw_set(broker.username, password or None)
    if broker.tls:
        client.tls_set_context(ssl.create_default_context(cafile=broker.ca_file or None))
    return client


def _session() -> Properties:
    """What the broker is told: keep what comes while we are away, and how much we can hold."""
    properties: Properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = KEPT_DAYS * 86_400
    properties.ReceiveMaximum = MOST_UNANSWERED
    properties.MaximumPacketSize = MOST_BYTES
    return properties
