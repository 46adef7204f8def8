"""T7: a widely used server discards what it filters, so that no evidence of it remains.

Here every message is in exactly one place afterwards: kept, held, unread with its bytes, or, where
the law lets us keep nothing of it, counted.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tipstaff.domain.device_clocks import ClockFault
from tipstaff.formats.feeds.messages import Message
from tipstaff.formats.feeds.own import decode_json

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
GOOD = {"device_id": "T1", "fix_time": "2026-05-20T10:00:00Z", "latitude": 52.9, "longitude": -1.4}

#: What a filter of the kind drops → where it is here.
CASES = [
    ("a fix with a poor radius", GOOD | {"precision_m": 5_000}, "kept"),
    ("a jump of 500 km in a minute", GOOD | {"latitude": 57.4}, "kept"),
    ("the same place once more", GOOD | {"fix_time": "2026-05-20T10:01:00Z"}, "kept"),
    ("an hour in the future", GOOD | {"fix_time": "2026-05-20T13:00:00Z"}, "kept"),
    ("a clock in 2019", GOOD | {"fix_time": "2019-01-01T00:00:00Z"}, "kept"),
    ("a week roll-over ago", GOOD | {"fix_time": "2006-10-04T10:00:00Z"}, "kept"),
    ("a late fix", GOOD | {"fix_time": "2026-05-01T10:00:00Z"}, "kept"),
    ("no latitude", {k: v for k, v in GOOD.items() if k != "latitude"}, "unread"),
    ("a latitude of 91", GOOD | {"latitude": 91}, "unread"),
    ("next week", GOOD | {"fix_time": "2026-05-27T10:00:00Z"}, "unread"),
    ("a device of nobody", GOOD | {"device_id": "U1"}, "held"),
    ("consent withdrawn", GOOD | {"device_id": "X1"}, "dropped"),
]


@pytest.mark.parametrize(("what", "sent", "where"), CASES, ids=[case[0] for case in CASES])
def test_a_message_is_somewhere(what: str, sent: dict[str, Any], where: str) -> None:
    from tipstaff.domain.intake_words import GateReason, Verb, Verdict
    from tipstaff.services.feed_intake import sift

    verdicts = {
        "T1": Verdict(Verb.KEEP, GateReason.IN_FORCE),
        "U1": Verdict(Verb.QUARANTINE, GateReason.DEVICE_OF_NOBODY),
        "X1": Verdict(Verb.DROP_COUNTED, GateReason.CONSENT_WITHDRAWN),
    }
    decoded = decode_json(Message(json.dumps([sent]).encode()), NOW)
    batch = sift(
        "acme", "json", decoded, NOW, lambda _s, asked, _at: [verdicts[d] for d, _ in asked]
    )
    counts = {
        "kept": len(batch.kept),
        "held": len(batch.held),
        "unread": len(batch.unread),
        "dropped": sum(count for _reason, count in batch.dropped),
    }
    assert counts == {"kept": 0, "held": 0, "unread": 0, "dropped": 0} | {where: 1}, what
    if where == "unread":
        assert json.loads(batch.unread[0].raw) == sent
    clocks = {"an hour in the future": ClockFault.AHEAD, "a clock in 2019": ClockFault.BEHIND,
              "a week roll-over ago": ClockFault.WEEK_ROLLOVER}  # fmt: skip
    if where == "kept":
        assert batch.kept[0].clock == clocks.get(what, ClockFault.NONE)
