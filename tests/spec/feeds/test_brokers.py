"""The file of MQTT brokers, topics and whose they are, and messages that come by a topic."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tipstaff.formats.brokers import Broker, Topics, read_brokers
from tipstaff.formats.feeds.listed import BROKER_FORMS
from tipstaff.formats.feeds.messages import ACTIONS, Message

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
GOOD = """
[[broker]]
name = "tipstaff-hub"
host = "broker.example"
username = "tipstaff"
password_file = "/etc/tipstaff/broker"
[[broker.topics]]
form = "tipstaff"
supplier = "acme"
[[broker.topics]]
form = "owntracks"
supplier = "phones"
[[broker.topics]]
form = "traccar/positions"
supplier = "zenith"
root = "traccar/zenith/positions"
"""


def test_a_file_of_brokers() -> None:
    (broker,) = read_brokers(GOOD.encode())
    assert isinstance(broker, Broker)
    assert (broker.port, broker.tls, broker.suppliers) == (8883, True, ("acme", "phones", "zenith"))
    assert [one.filters() for one in broker.topics] == [
        ("tipstaff/acme/+/fix", "tipstaff/acme/+/event"),
        ("owntracks/+/+", "owntracks/+/+/event"),
        ("traccar/zenith/positions",),
    ]
    assert "/etc/tipstaff" not in repr(broker)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("name =", "nam ="), "broker[0].nam"),
        (('"broker.example"', '""'), "broker[0].host"),
        (('"owntracks"', '"owntracs"'), "broker[0].topics[1].form"),
        (('supplier = "acme"', ""), "broker[0].topics[0].supplier"),
        (("traccar/zenith/positions", "traccar/#"), "broker[0].topics[2].root"),
        (("traccar/zenith/positions", "tipstaff/acme/T1/fix"), "broker[0].topics"),
        (("[[broker.topics]]", "[[broker.topic]]"), "broker[0].topic"),
        (("host =", 'port = "no"\nhost ='), "broker[0].port"),
        (("host =", "tls = 1\nhost ="), "broker[0].tls"),
    ],
)
def test_what_is_wrong_with_a_file(change: tuple[str, str], where: str) -> None:
    faults: Any = read_brokers(GOOD.replace(*change).encode())
    assert isinstance(faults, list)
    assert where in {fault.where for fault in faults}


def test_two_brokers_of_one_name() -> None:
    assert isinstance(read_brokers(GOOD.encode() * 2), list)


@pytest.mark.parametrize(
    ("topics", "topic", "device"),
    [
        (Topics("tipstaff", "acme", "tipstaff/acme"), "tipstaff/acme/T1/fix", "T1"),
        (Topics("tipstaff", "acme", "tipstaff/acme"), "tipstaff/acme/T1/event", "T1"),
        (Topics("tipstaff", "acme", "tipstaff/acme"), "tipstaff/other/T1/fix", None),
        (Topics("tipstaff", "acme", "tipstaff/acme"), "tipstaff/acme//fix", None),
        (Topics("owntracks", "x", "owntracks"), "owntracks/jane/phone", "owntracks/jane/phone"),
        (Topics("owntracks", "x", "owntracks"), "owntracks/j/p/event", "owntracks/j/p"),
        (Topics("owntracks", "x", "owntracks"), "owntracks/jane/phone/cmd", None),
        (Topics("traccar/positions", "z", "p/z"), "p/z", ""),
    ],
)
def test_whose_a_topic_is(topics: Topics, topic: str, device: str | None) -> None:
    assert topics.device_of(topic) == device


def read(form: str, value: Any, device: str = "T1") -> Any:
    return BROKER_FORMS[form].decode(Message(json.dumps(value).encode(), device=device), NOW)


FIX = {"fix_time": "2026-05-20T10:00:00Z", "latitude": 52.9301, "longitude": -1.4802}


@pytest.mark.parametrize("told", [FIX, {**FIX, "device_id": "T1"}, [FIX], {"messages": [FIX]}])
def test_our_own_are_of_the_topics_device(told: Any) -> None:
    decoded = read("tipstaff", told)
    assert [fix[0] for fix in decoded.fixes] == ["T1"]
    assert decoded.unread == []


@pytest.mark.parametrize(
    ("told", "reason"),
    [({**FIX, "device_id": "T2"}, "OTHER_DEVICE"), (7, "NOT_A_MESSAGE"),
     ([FIX, {"device_id": None}], "OTHER_DEVICE")],
)  # fmt: skip
def test_our_own_that_are_not(told: Any, reason: str) -> None:
    decoded = read("tipstaff", told)
    assert (decoded.fixes, decoded.fault) == ([], reason)
    assert ACTIONS[reason]


def test_a_retained_message_that_is_taken_back_is_nothing() -> None:
    for form in ("tipstaff", "owntracks"):
        decoded = BROKER_FORMS[form].decode(Message(b"", device="T1"), NOW)
        assert (decoded.fixes, decoded.events, decoded.unread) == ([], [], [])


def test_owntracks_is_whose_topic_it_came_on_whatever_it_says() -> None:
    told = {"_type": "location", "lat": 52.9, "lon": -1.4, "tst": 1779271200, "tid": "zz",
            "topic": "owntracks/somebody/else"}  # fmt: skip
    decoded = read("owntracks", told, "owntracks/jane/phone")
    assert [fix[0] for fix in decoded.fixes] == ["owntracks/jane/phone"]
