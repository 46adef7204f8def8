"""Sample messages of every feed, with what their own documentation says that they mean."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from tipstaff.domain.received import FIX_COLUMNS
from tipstaff.formats.feeds.listed import FEEDS
from tipstaff.formats.feeds.messages import ACTIONS, Decoded, Message
from tipstaff.formats.positions_reasons import Reason

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DECODE = {feed.address: feed.decode for feed in FEEDS}


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1_000_000)


def read(
    address: str, body: Any = b"", content_type: str = "application/json", **other: Any
) -> Decoded:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return DECODE[address](Message(raw, content_type=content_type, **other), NOW)


def told(decoded: Decoded) -> list[dict[str, Any]]:
    """The fixes by name, what is not given left out."""
    names = ("device_id", "time_us", *FIX_COLUMNS)
    return [
        {name: value for name, value in zip(names, fix, strict=True) if value is not None}
        for fix in decoded.fixes
    ]


def why(decoded: Decoded) -> list[tuple[str, str, int]]:
    return [(one.reason, one.field, one.row) for one in decoded.unread]


OWN = {"device_id": "T1", "fix_time": "2026-05-20T10:00:00Z", "latitude": 52.9301,
       "longitude": -1.4802, "precision_m": 8, "mechanism": "GPS", "speed_kmh": 36}  # fmt: skip
OWN_TOLD = {"device_id": "T1", "time_us": us("2026-05-20T10:00:00Z"), "lat_e7": 529_301_000,
            "lon_e7": -14_802_000, "precision_cm": 800, "precision_level_pct": 95,
            "mechanism": 1, "speed_cmps": 1_000}  # fmt: skip
CUT = {"device_id": "T1", "event_time": "2026-05-20T10:01:00Z", "code": "strap_cut", "cell": 7}


@pytest.mark.parametrize("body", [[OWN, CUT], {"messages": [OWN, CUT]}])
def test_own_json(body: Any) -> None:
    decoded = read("json", body)
    assert told(decoded) == [OWN_TOLD]
    (event,) = decoded.events
    assert (event.device_id, event.code) == ("T1", "strap_cut")
    assert event.time_us == us("2026-05-20T10:01:00Z")
    assert json.loads(event.body) == CUT
    assert decoded.unread == []
    assert "T1" not in repr((decoded, event))


@pytest.mark.parametrize("moment", ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00"])
def test_a_strap_that_was_cut_is_known_however_wrong_the_clock(moment: str) -> None:
    (event,) = read("json", [CUT | {"event_time": moment}]).events
    assert event.time_us == us(moment)


def test_own_json_of_one_message() -> None:
    assert told(read("json", OWN)) == [OWN_TOLD]


def test_a_bad_message_costs_itself_alone() -> None:
    far = OWN | {"latitude": 91}
    decoded = read("json", [far, OWN, 7, CUT | {"code": ""}, CUT | {"event_time": "10:00"}])
    assert told(decoded) == [OWN_TOLD]
    assert sorted(why(decoded), key=lambda one: one[2]) == [
        ("OUT_OF_RANGE", "latitude", 1),
        ("MALFORMED", "", 3),
        ("EVENT_CODE", "code", 4),
        ("INVALID_TIME", "event_time", 5),
    ]
    assert json.loads(next(one.raw for one in decoded.unread if one.row == 1)) == far


def test_own_lines() -> None:
    lines = [json.dumps(OWN).encode(), b"{", b"", b"\xff", json.dumps(CUT).encode()]
    decoded = read("lines", b"\r\n".join(lines))
    assert told(decoded) == [OWN_TOLD]
    assert len(decoded.events) == 1
    assert [(one.reason, one.row, one.raw) for one in decoded.unread] == [
        ("NOT_JSON", 2, b"{\r"),
        ("NOT_JSON", 3, b"\xff\r"),
    ]


def arrow(table: pa.Table, compression: str | None = None) -> bytes:
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def test_own_arrow() -> None:
    table = pa.Table.from_pylist([OWN, OWN | {"latitude": 91.0}])
    decoded = read("arrow", arrow(table))
    assert told(decoded) == [OWN_TOLD]
    assert why(decoded) == [("OUT_OF_RANGE", "latitude", 2)]
    times = table.set_column(1, "fix_time", pa.array([datetime(2026, 5, 20, 10, tzinfo=UTC)] * 2))
    assert told(read("arrow", arrow(times))) == [OWN_TOLD]
    words = table.set_column(0, "device_id", table["device_id"].dictionary_encode())
    assert told(read("arrow", arrow(words))) == [OWN_TOLD]


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
@pytest.mark.parametrize("words", [False, True])
def test_compressed_arrow_is_refused_before_it_is_unpacked(compression: str, words: bool) -> None:
    table = pa.table({"device_id": ["T1"] * 1_000})
    if words:
        table = table.set_column(0, "device_id", table["device_id"].dictionary_encode())
    assert read("arrow", arrow(table, compression)).fault == "COMPRESSED_ARROW"


@pytest.mark.parametrize("length", [0, 3, 90, 200, 400])
def test_arrow_that_is_cut_short(length: int) -> None:
    body = arrow(pa.Table.from_pylist([OWN]))[:length]
    decoded = read("arrow", body)
    assert decoded.fixes == []
    assert decoded.fault == "NOT_ARROW"
    assert decoded.unread[0].raw == body or not body


@pytest.mark.parametrize(
    ("address", "body", "fault"),
    [
        ("json", b"", "NOT_JSON"),
        ("json", b"\xff\xfe", "NOT_JSON"),
        ("json", b"[" * 100_000, "TOO_DEEP"),
        ("json", b"[" * 40 + b"]" * 40, "TOO_DEEP"),
        ("json", b"9" * 5_000, "NOT_JSON"),
        ("json", b"7", "NOT_A_MESSAGE"),
        ("json", json.dumps([1] * 10_001).encode(), "TOO_MANY"),
        ("lines", b"1\n" * 10_001, "TOO_MANY"),
        ("owntracks", b'{"_type": "encrypted", "data": "x"}', "ENCRYPTED"),
        ("owntracks", b"[]", "NOT_A_MESSAGE"),
        ("traccar/positions", b"{}", "NOT_A_MESSAGE"),
        ("traccar/events", b'{"event": 1, "device": {}}', "NOT_A_MESSAGE"),
        ("osmand", b"{}", "NOT_A_MESSAGE"),
        ("osmand", b'{"location": {"coords": []}}', "NOT_A_MESSAGE"),
    ],
)
def test_a_message_of_which_nothing_can_be_read(address: str, body: bytes, fault: str) -> None:
    decoded = read(address, body)
    assert (decoded.fault, decoded.fixes, decoded.events) == (fault, [], [])
    assert ACTIONS[fault]


# --- OsmAnd: https://www.traccar.org/osmand/ ---

OSMAND = {"device_id": "12345", "time_us": us("2021-01-01T00:00:00Z"), "lat_e7": 488_566_000,
          "lon_e7": 23_522_000, "mechanism": 0}  # fmt: skip


def test_osmand_the_documentations_first_example() -> None:
    query = {"id": "12345", "lat": "48.8566", "lon": "2.3522", "timestamp": "1609459200000"}
    assert told(read("osmand", query=query)) == [OSMAND]
    assert told(read("osmand", query=query | {"timestamp": "1609459200"})) == [OSMAND]


def test_osmand_the_documentations_second_example() -> None:
    query = {"deviceid": "12345", "lat": "48.8566", "lon": "2.3522",
             "timestamp": "2021-01-01T00:00:00Z", "speed": "15", "bearing": "270",
             "altitude": "35", "accuracy": "10", "hdop": "0.8", "batt": "75"}  # fmt: skip
    # 15 knots of 1,852 m an hour are 7.7167 m/s
    assert told(read("osmand", query=query)) == [
        OSMAND | {"speed_cmps": 772, "direction_cdeg": 27_000, "precision_cm": 1_000,
                  "precision_level_pct": 68, "hdop_e2": 80}
    ]  # fmt: skip


def test_osmand_as_a_form_and_with_one_location() -> None:
    form = {"id": "12345", "location": "48.8566,2.3522", "timestamp": "1609459200"}
    body = b"id=12345&location=48.8566,2.3522&timestamp=1609459200"
    found = read("osmand", body, "application/x-www-form-urlencoded", query=form)
    assert told(found) == [OSMAND]


def test_osmand_json_of_the_documentation() -> None:
    message = {
        "location": {
            "timestamp": "2021-01-01T00:00:00.000Z",
            "coords": {"latitude": 48.8566, "longitude": 2.3522, "accuracy": 5, "speed": -1,
                       "heading": 90, "altitude": 0},
            "is_moving": False, "odometer": 0, "event": "motionchange",
            "battery": {"level": 1, "is_charging": False},
            "activity": {"type": "still"}, "extras": {},
        },
        "device_id": "12345",
    }  # fmt: skip
    assert told(read("osmand", message)) == [
        OSMAND | {"precision_cm": 500, "precision_level_pct": 68, "direction_cdeg": 9_000}
    ]
    message["location"]["coords"]["speed"] = 2.5  # type: ignore[index]
    assert told(read("osmand", message))[0]["speed_cmps"] == 250  # metres a second here


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"valid": "false"}, ("NO_FIX", "", 1)),
        ({"valid": "0"}, ("NO_FIX", "", 1)),
        ({"lat": "0", "lon": "0.0"}, ("NO_FIX", "", 1)),
        ({"timestamp": None}, ("MISSING_VALUE", "fix_time", 1)),
        ({"timestamp": "2021-01-01 00:00:00"}, ("INVALID_TIME", "fix_time", 1)),
        ({"id": None}, ("MISSING_VALUE", "device_id", 1)),
    ],
)
def test_osmand_what_is_no_position(change: dict[str, Any], reason: tuple[str, str, int]) -> None:
    query = {"id": "12345", "lat": "48.8566", "lon": "2.3522", "timestamp": "1609459200"}
    changed = {name: value for name, value in {**query, **change}.items() if value is not None}
    decoded = read("osmand", query=changed)
    assert (decoded.fixes, why(decoded)) == ([], [reason])
    assert b"48.8566" in decoded.unread[0].raw or "lat" in change


# --- OwnTracks: https://owntracks.org/booklet/tech/json/ ---

OWNTRACKS = {"_type": "location", "lat": 48.85833, "lon": 2.29513, "tst": 1_497_476_456,
             "tid": "JJ", "acc": 75, "vel": 54, "cog": 270, "batt": 12, "t": "u"}  # fmt: skip


def test_owntracks_location() -> None:
    assert told(read("owntracks", OWNTRACKS)) == [
        {"device_id": "JJ", "time_us": 1_497_476_456_000_000, "lat_e7": 488_583_300,
         "lon_e7": 22_951_300, "precision_cm": 7_500, "precision_level_pct": 68, "mechanism": 0,
         "speed_cmps": 1_500, "direction_cdeg": 27_000}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "headers", "device"),
    [
        ("owntracks/jane/phone", {"x-limit-u": "a", "x-limit-d": "b"}, "owntracks/jane/phone"),
        (None, {"x-limit-u": "jane", "x-limit-d": "phone"}, "jane/phone"),
        (None, {"x-limit-u": "jane"}, "JJ"),
    ],
)
def test_owntracks_whose_it_is(topic: str | None, headers: dict[str, str], device: str) -> None:
    message = OWNTRACKS | ({"topic": topic} if topic else {})
    assert told(read("owntracks", message, headers=headers))[0]["device_id"] == device


def test_owntracks_transition_is_an_event() -> None:
    message = {"_type": "transition", "wtst": 1, "lat": 1.0, "lon": 2.0, "tst": 1_497_476_456,
               "acc": 5, "tid": "JJ", "event": "leave", "desc": "home", "t": "c"}  # fmt: skip
    (event,) = read("owntracks", message).events
    assert (event.code, event.time_us) == ("transition:leave", 1_497_476_456_000_000)
    assert json.loads(event.body) == message


@pytest.mark.parametrize("body", [b"", b" ", b'{"_type": "waypoints", "waypoints": []}'])
def test_owntracks_what_tells_nothing(body: bytes) -> None:
    assert read("owntracks", body) == Decoded()


# --- Traccar: https://www.traccar.org/forward/ ---

POSITION = {"id": 1, "deviceId": 134, "protocol": "teltonika", "serverTime": 1_663_378_277_602,
            "deviceTime": 1_663_248_932_000, "fixTime": 1_663_248_932_000, "outdated": False,
            "valid": True, "latitude": -6.1769233, "longitude": 106.99672, "altitude": 21.0,
            "speed": 4.859613, "course": 117.0, "address": None, "accuracy": 0.0, "network": None,
            "attributes": {"sat": 14, "hdop": 0.7, "motion": True}}  # fmt: skip
DEVICE = {"id": 134, "attributes": {}, "name": "x", "uniqueId": "359632106090555"}
TRACCAR = {"device_id": "359632106090555", "time_us": 1_663_248_932_000_000,
           "lat_e7": -61_769_233, "lon_e7": 1_069_967_200, "mechanism": 0, "speed_cmps": 250,
           "direction_cdeg": 11_700, "satellites": 14, "hdop_e2": 70,
           "recorded_us": 1_663_248_932_000_000, "claimed_us": 1_663_378_277_602_000}  # fmt: skip


def forwarded(**change: Any) -> Decoded:
    return read("traccar/positions", {"position": POSITION | change, "device": DEVICE})


def test_traccar_position() -> None:
    assert told(forwarded()) == [TRACCAR]
    text = "2022-09-15T13:35:32.000+00:00"
    assert told(forwarded(fixTime=text, deviceTime=text)) == [TRACCAR]
    assert told(forwarded(fixTime="2022-09-15T13:35:32.000+0000")) == [TRACCAR]
    by_network = forwarded(accuracy=400.0, attributes={"approximate": True})
    assert told(by_network)[0]["mechanism"] == 5
    assert told(by_network)[0]["precision_cm"] == 40_000


def test_traccar_positions_that_are_none() -> None:
    assert why(forwarded(valid=False)) == [("NO_FIX", "", 1)]
    assert why(forwarded(outdated=True)) == [("NO_FIX", "", 1)]


def test_an_alarm_that_rides_on_a_position_is_an_event_even_where_that_is_none() -> None:
    decoded = forwarded(outdated=True, attributes={"alarm": "tampering,lowBattery"})
    assert [event.code for event in decoded.events] == ["alarm:tampering", "alarm:lowBattery"]
    assert {event.time_us for event in decoded.events} == {1_663_248_932_000_000}
    assert decoded.fixes == []


def test_traccar_event() -> None:
    event = {"id": 9, "attributes": {"alarm": "removing"}, "deviceId": 134, "type": "alarm",
             "eventTime": 1_663_248_932_000, "positionId": 1}  # fmt: skip
    decoded = read("traccar/events", {"event": event, "position": POSITION, "device": DEVICE})
    (told_event,) = decoded.events
    assert (told_event.device_id, told_event.code) == ("359632106090555", "alarm:removing")
    assert told_event.time_us == 1_663_248_932_000_000
    assert json.loads(told_event.body) == event
    assert decoded.fixes == []


def test_every_reason_says_what_to_do() -> None:
    from tipstaff.formats.positions_reasons import ACTIONS as OF_POSITIONS

    assert all(OF_POSITIONS.values())
    assert set(ACTIONS).isdisjoint(reason.name for reason in Reason)
