"""An instance with a supplier, its key, and a device that is worn; requests without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip
#: The device that somebody wears, and one that nobody does.
WORN, UNKNOWN = "T1", "U1"
_BEGUN = datetime.now(UTC).replace(microsecond=0)


def issue_key(supplier: str = "acme", *scopes: str, per_minute: int = 60_000) -> str:
    """A key of a supplier, for positions and events where nothing else is named."""
    from tipstaff.domain.rate_limits import Rate
    from tipstaff.domain.supplier_details import SupplierDetails
    from tipstaff.domain.supplier_keys import KeyScope
    from tipstaff.services.device_inventory import describe_supplier
    from tipstaff.services.supplier_keys import WantedKey
    from tipstaff.services.supplier_keys import issue_key as issue

    assert describe_supplier(**WHO, supplier=SupplierDetails(supplier)) == ()
    wanted = scopes or (KeyScope.WRITE_POSITIONS, KeyScope.WRITE_EVENTS)
    rate = Rate.per_minute(per_minute, 60_000)
    made: Any = issue(
        **WHO, wanted=WantedKey(supplier, "feed", frozenset(map(KeyScope, wanted)), rate=rate)
    )
    return str(made.presented)


def activate(*devices: str, supplier: str = "acme", since: datetime | None = None) -> None:
    """Say that somebody wears each of these devices, from a month ago or `since` on."""
    from django.db import transaction

    from tipstaff.domain.activations import STILL_ACTIVE, Activation
    from tipstaff.records import activations

    now = datetime.now(UTC)
    start = since or now - timedelta(days=30)
    facts = [Activation(f"a-{d}", d, f"W-{d}", start, STILL_ACTIVE) for d in devices]
    with transaction.atomic():
        activations.record(supplier, facts, now)


def position(device: str = WORN, ago_s: float = 60.0, **other: Any) -> dict[str, Any]:
    """A position as our own messages write it."""
    moment = _BEGUN - timedelta(seconds=ago_s)
    return {
        "device_id": device, "fix_time": moment.isoformat(), "latitude": 52.9301,
        "longitude": -1.4802, "precision_m": 8, "mechanism": "GPS", **other,
    }  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What a request was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> tuple[int, str]:
        """The status, and the code of a problem."""
        return self.status, self.json.get("code", "")


@contextmanager
def taking_in(**other: Any) -> Iterator[Any]:
    """The intake of the current instance, with its inbox, and no upkeep."""
    from tipstaff.feeds.http import HttpIntake
    from tipstaff.services.feed_intake import FeedIntake
    from tipstaff.services.inbox import open_inbox

    with open_inbox() as inbox:
        application = HttpIntake(FeedIntake(inbox), **other)
        try:
            yield application
        finally:
            application.close()


def send(
    application: Any, path: str, body: Any = b"", key: str = "", method: str = "POST", **more: Any
) -> Answered:
    """One request, answered."""
    return asyncio.run(asend(application, path, body, key, method, **more))


async def asend(
    application: Any, path: str, body: Any = b"", key: str = "", method: str = "POST", *,
    content_type: str = "application/json", query: str = "", scheme: str = "http",
    pieces: int = 1, **headers: str,
) -> Answered:  # fmt: skip
    """The same within a loop."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}}
    if key:
        sent["authorization"] = f"Bearer {key}"
    step = max(1, -(-len(raw) // pieces))
    chunks = [raw[i : i + step] for i in range(0, len(raw), step)] or [b""]
    events: list[Any] = []

    async def receive() -> Any:
        piece = chunks.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(chunks)}

    async def answer(event: Any) -> None:
        events.append(event)

    scope = {
        "type": "http", "path": path, "method": method, "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
        "client": ("127.0.0.1", 1), "scheme": scheme,
    }  # fmt: skip
    await application(scope, receive, answer)
    start, end = events
    told = {k.decode(): v.decode() for k, v in start["headers"]}
    return Answered(start["status"], told, end["body"])
