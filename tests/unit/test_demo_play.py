"""What happens while one looks at the demonstration, on a clock that the test moves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tipstaff.cli.county import play

SCRIPT = play.Script(
    key="k",
    messages=[
        {"device_id": "other", "came": 1_030.0},
        {"device_id": "u", "came": 1_030.0},
        {"device_id": "v", "came": 1_250.0},
        {"device_id": "u", "came": 1_250.0},
    ],
    cuts="c",
    visits="v",
    stays="u",
    home=(53.0, -1.5),
    zone=(53.02, -1.52),
)


class Clock:
    """A clock that goes on by what is slept."""

    now = 1_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Taken:
    """A server that takes in everything from some time on."""

    def __init__(self, clock: Clock, since: float = 0.0) -> None:
        self.clock, self.since = clock, since
        self.came: list[tuple[float, dict[str, Any]]] = []

    def __call__(self, request: Any, *, timeout: float) -> Any:
        assert timeout > 0
        if self.clock.now < self.since:
            raise TimeoutError
        told = json.loads(request.data)
        self.came += [(self.clock.now - 1_000.0, body) for body in told]
        return Answer()


class Answer:
    """What is answered."""

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_error: object) -> None: ...


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(play, "time", made)
    return made


def test_a_strap_is_cut_within_two_minutes_and_a_zone_entered_within_five(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Taken(clock, since=1_006.0)
    monkeypatch.setattr(play.urllib.request, "urlopen", server)
    said: list[str] = []
    play.play(SCRIPT, "http://here", said.append, for_s=400)
    (cut,) = [at for at, body in server.came if body.get("code") == "strap_cut"]
    assert cut <= 120
    within = [
        at
        for at, body in server.came
        if body["device_id"] == "v" and abs(body["latitude"] - 53.02) < 1e-3
    ]
    assert min(within) <= 240
    assert len([at for at in within if at <= 300]) >= 4, "enough to believe it"
    assert [at for at, body in server.came if body["device_id"] == "other"] == [30.0]
    assert [at for at, body in server.came if body["device_id"] == "u"] == [30.0]
    assert "A strap is cut." in said


def test_where_nobody_answers_it_ends(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play.urllib.request, "urlopen", Taken(clock, since=1e9))
    with pytest.raises(ConnectionError):
        play.play(SCRIPT, "http://here", lambda _words: None)
    assert clock.now < 1_200.0
