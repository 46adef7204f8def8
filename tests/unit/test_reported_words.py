"""What a device reported beside its positions, in words: what is repeated is said once."""

from __future__ import annotations

from tipstaff.monitoring.events import DeviceEvent, EventKind


def test_what_is_repeated_in_turn_is_said_once_with_how_often() -> None:
    from tipstaff.web.alert_evidence import reported

    minute = 60_000_000
    kinds = [EventKind.HOME_HEARS] * 3 + [EventKind.HOME_DEAF] + [EventKind.HOME_HEARS]
    events = [DeviceEvent(5 * n * minute, kind) for n, kind in enumerate(kinds)]
    assert reported(events) == [
        "1 January 1970 at 00:00 to 1 January 1970 at 00:10, 3 times: home unit hears the tag",
        "1 January 1970 at 00:15: home unit does not hear the tag",
        "1 January 1970 at 00:20: home unit hears the tag",
    ]
