"""Whatever is sent, the intake answers, keeps what it could not read, and takes the next one."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

from fed_instance import WORN, activate, asend, issue_key, position, taking_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["location", WORN, "2026-05-20T10:00:00Z", 52.9, -1.48, 10**400]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["device_id", "fix_time", "latitude", "longitude", "location", "coords",
                         "messages", "code", "event_time", "_type", "tst", "lat", "lon", "tid",
                         "position", "device", "uniqueId", "event", "attributes", "alarm",
                         "fixTime", "type", "eventTime", "speed_kmh", "mechanism", "timestamp"]),
        inner, max_size=6,
    ),
    max_leaves=14,
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON_VALUES.map(lambda value: json.dumps(value).encode()),
    st.lists(JSON_VALUES, max_size=3).map(
        lambda values: b"\n".join(json.dumps(value).encode() for value in values)
    ),
    st.binary(max_size=60).map(gzip.compress),
)
REQUESTS = st.tuples(
    st.sampled_from(["json", "lines", "arrow", "osmand", "owntracks", "traccar/positions",
                     "traccar/events"]),
    BODIES,
    st.sampled_from(["", "gzip"]),
    st.text(st.characters(max_codepoint=255), max_size=20),
)  # fmt: skip


def test_no_message_stops_the_intake(sqlite_instance: Any) -> None:
    from tipstaff.formats.feeds.listed import FEEDS
    from tipstaff.services.inbox import inbox_reader

    kinds = {feed.address: feed.content_types[0] for feed in FEEDS}
    key = issue_key()
    activate(WORN)
    with taking_in() as application, asyncio.Runner() as runner:

        @settings(
            max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow],
            database=None,
        )  # fmt: skip
        @given(st.lists(REQUESTS, min_size=1, max_size=6))
        def poison(requests: list[Any]) -> None:
            for address, body, encoding, query in requests:
                answer = runner.run(
                    asend(application, f"/intake/{address}", body, key, query=query,
                          content_type=kinds[address], content_encoding=encoding)
                )  # fmt: skip
                assert answer.status in {200, 400, 413}, answer.body
                assert WORN.encode() not in answer.body

        poison()
        good = runner.run(asend(application, "/intake/json", [position(ago_s=7)], key))
        assert good.json == {"received": 1, "unread": 0}
        assert inbox_reader().state().unread > 20
