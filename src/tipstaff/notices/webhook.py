"""Webhooks: a POST of JSON to a receiver's address, signed as Standard Webhooks asks.

The signature is HMAC-SHA256 over `id.timestamp.body` by the secret that is agreed with the
receiver. The id is the message's, so a receiver can drop repeats.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import requests

from tipstaff.domain.deliveries import AttemptCode
from tipstaff.notices.carriers import PATIENCE_S, Message, Secret, Sent
from tipstaff.notices.letters import Told

#: What a secret is written with.
PREFIX: Final = "whsec_"
_LEAST_BYTES: Final = 24
_GONE: Final = 410
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Receivers' secrets, by origin (`https://host:port`)."""

    secrets: Mapping[str, Secret] = field(repr=False)
    patience_s: float = PATIENCE_S
    gives_receipts: ClassVar[bool] = False

    def send(self, message: Message, address: str) -> Sent:
        """Post it. An answer of 2xx is the receiver's own word that it has it."""
        secret = self.secrets.get(origin_of(address))
        if secret is None:
            return Sent(AttemptCode.NOT_SET_UP, words="no secret for this receiver")
        body = body_of(message)
        headers = signed(message, body, secret)
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    address,
                    data=body,
                    headers=headers,
                    timeout=self.patience_s,
                    allow_redirects=False,
                    stream=True,  # the body of an answer is of no use, and may be endless
                )
                answer.close()
        except requests.RequestException as error:
            return Sent(AttemptCode.FAILED, words=type(error).__name__)
        return _sent(answer.status_code, headers["webhook-id"])

    def receipt(self, reference: str) -> Sent | None:  # noqa: ARG002 (a carrier's form)
        """None is needed: the answer was the receiver's own."""
        return None


def _sent(status: int, message_id: str) -> Sent:
    words = f"HTTP {status}"
    if status // 100 == 2:
        return Sent(AttemptCode.DELIVERED, message_id, words)
    return Sent(AttemptCode.REFUSED if status == _GONE else AttemptCode.FAILED, words=words)


def body_of(message: Message) -> bytes:
    """The JSON that is sent: the same however often it is, but for what `since` says."""
    told, letter = message.told, message.letter
    content: dict[str, Any] = {
        "type": _type(told),
        "timestamp": told.queued_at.isoformat(),
        "data": {
            "notice": str(told.notice),
            "reference": letter.reference,
            "severity": told.severity.name.lower(),
            "kind": told.kind.value,
            "step": told.step,
            "recipient": told.recipient.value,
            "late": told.late,
            "since": told.since.value,
            "to_do": letter.to_do,
            "link": letter.link,
        },
    }
    if told.digest is not None:
        content["data"]["digest"] = {
            "force": told.digest.force,
            "day": told.digest.day.isoformat(),
            "files": [asdict(one) | {"refused": one.refused} for one in told.digest.files],
        }
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def _type(told: Told) -> str:
    if told.digest is not None:
        return "crimes.digest"
    return "match.notice" if told.run else "alert.notice"


def signed(message: Message, body: bytes, secret: Secret) -> dict[str, str]:
    """The headers of a request; the time is that of sending."""
    message_id = f"msg_{message.message_id.hex}"
    stamp = str(int(message.at.timestamp()))
    content = f"{message_id}.{stamp}.".encode() + body
    digest = hmac.new(key_of(secret.value), content, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def key_of(secret: str) -> bytes:
    """The key of a secret, `whsec_` and at least 24 bytes in base64; ValueError otherwise."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is not base64") from None
    if not secret.startswith(PREFIX) or len(key) < _LEAST_BYTES:
        raise ValueError(f"a webhook secret is {PREFIX} and {_LEAST_BYTES} bytes or more in base64")
    return key


def origin_of(address: str) -> str:
    """`https://host:port` of an address, in small letters; empty where it cannot be used.

    Plain http is for this machine alone.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    local = parts.scheme == "http" and host in _LOCAL
    if not host or parts.username is not None or not (parts.scheme == "https" or local):
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
