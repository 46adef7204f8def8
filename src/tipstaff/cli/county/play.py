"""What happens while one looks: positions as they come, a strap that is cut, a zone gone into."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tipstaff.cli.county.make import TO_COME

#: Seconds after the beginning at which things happen.
_CUT_S: Final = 60.0
_SETS_OUT_S: Final = 100.0
_WALK_S: Final = 90.0
_STAYS_S: Final = 420.0
_EVERY_S: Final = 15.0
_AT_ONCE: Final = 500
_TIMEOUT_S: Final = 20.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Script:
    """What is to come, and what is made to happen; `home` and `zone` are of who goes there.

    `visits` is their device, `stays` their home unit, which hears it no more once they set out.
    """

    key: str
    messages: Sequence[Mapping[str, Any]]
    cuts: str
    visits: str
    stays: str
    home: tuple[float, float]
    zone: tuple[float, float]


def read(data: Path) -> Script:
    """The script that was kept when the county was made."""
    told = json.loads((data / TO_COME).read_text(encoding="utf-8"))
    return Script(
        told["key"], told["messages"], told["cuts"], told["visits"], told["stays"],
        tuple(told["home"]), tuple(told["zone"]),
    )  # fmt: skip


def play(script: Script, address: str, say: Say, *, for_s: float | None = None) -> None:
    """Send what comes, as it comes, until interrupted or for some seconds.

    Raises ConnectionError where nobody at the address takes anything in any more.
    """
    began, at = time.time(), 0
    cut = False
    sent_at = 0.0
    while for_s is None or time.time() - began < for_s:
        now = time.time()
        gone = {script.visits, script.stays} if now - began >= _SETS_OUT_S else set()
        bodies: list[dict[str, Any]] = []
        while at < len(script.messages) and script.messages[at]["came"] <= now:
            body = {k: v for k, v in script.messages[at].items() if k != "came"}
            at += 1
            if body["device_id"] not in gone:
                bodies.append(body)
        if not cut and now - began > _CUT_S:
            cut = True
            bodies.append(_event(script.cuts, "strap_cut"))
            say("A strap is cut.")
        if now - sent_at > _EVERY_S:
            sent_at = now
            bodies += _visit(script, now - began)
        for first in range(0, len(bodies), _AT_ONCE):
            _send(script, address, bodies[first : first + _AT_ONCE], say)
        time.sleep(1.0)


def _visit(script: Script, since_s: float) -> Iterator[dict[str, Any]]:
    """Where the one who goes into their zone is, so long after the beginning."""
    gone = since_s - _SETS_OUT_S
    if not 0 < gone < _WALK_S + _STAYS_S:
        return
    share = min(1.0, gone / _WALK_S)
    place = [a + share * (b - a) for a, b in zip(script.home, script.zone, strict=True)]
    wander = (int(gone) % 7) * 8e-6  # a receiver at rest never tells the same place twice
    yield {
        "device_id": script.visits, "fix_time": _now(), "latitude": place[0] + wander,
        "longitude": place[1] - wander, "precision_m": 6.0, "mechanism": "GPS",
    }  # fmt: skip


def _event(device: str, code: str) -> dict[str, Any]:
    return {"device_id": device, "event_time": _now(), "code": code}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _send(script: Script, address: str, bodies: list[dict[str, Any]], say: Say) -> None:
    """Send, and send the same again until it is taken; ConnectionError where it never is."""
    request = urllib.request.Request(  # noqa: S310 (an address of this machine)
        f"{address}/intake/json",
        json.dumps(bodies).encode(),
        {"Authorization": f"Bearer {script.key}", "Content-Type": "application/json"},
    )
    for wait_s in (1.0, 2.0, 4.0, 8.0):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S):  # noqa: S310 (as above)
                return
        except (urllib.error.URLError, TimeoutError) as error:
            say(f"Not taken in yet ({error}); tried again.")
            time.sleep(wait_s)
    raise ConnectionError(address)
