"""Samples of the use cases about alerts: see `use_case_samples`.

Each wearer has an alert that somebody acknowledged, a pause, and a request to their device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from made_accounts import LOCAL
from sample_calls import NONE_SUCH, Aim, Sample, Who, aimed, lately, of, plain

from tipstaff.domain.alerts import AlertOutcome, Reached
from tipstaff.domain.device_requests import RequestStep
from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.zones import Circle, Place, Zone, ZoneKind

_MINUTES = count(1)
#: The newest alert of each wearer: its number, and what whoever acts has before them.
_NEWEST: dict[str, tuple[int, str]] = {}
_PAUSES: dict[str, UUID] = {}
_REQUESTS: dict[str, UUID] = {}
_FROM = datetime(2026, 1, 5, tzinfo=UTC)
_MANAGING = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def furnish_alerts(*names: str) -> None:
    """An alert that was acknowledged, a pause, and a request about each; a tag that was heard."""
    for name in names:
        new_alert(name)
        acknowledged(name)
        _heard(name)
        _pause_of(name)
        asked = of("device_requests.ask_position")(**_MANAGING, wearer=name)
        assert asked.problems == ()
        _REQUESTS[name] = asked.ref


def _heard(name: str) -> None:
    """The wearer's tag was heard a minute ago."""
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs

    at = datetime.now(UTC) - timedelta(minutes=1)
    (ref,) = subject_refs([name])
    fix = last_heard.LastFix(at, 530_000_000, -15_000_000, 800, 1)
    heard = last_heard.Heard(ref, "acme", f"T-{name}", at, fix, timedelta(minutes=10))
    last_heard.keep([heard])


def new_alert(name: str, at: datetime | None = None) -> None:
    """Another strap of the wearer is found to be cut; nothing where nobody is on record.

    It is opened twenty minutes after it was cut `at`.
    """
    from tipstaff.records.models import Wearer

    row = Wearer.objects.filter(reference=name).first()
    if row is None:
        return
    at = at or _FROM + timedelta(hours=next(_MINUTES))
    cut = Finding(at, FindingKind.STRAP, "tag", Step.BEGAN, Level.CONFIRMED, Why.STRAP_CUT, at)
    end = at + timedelta(minutes=20)
    over = Finding(
        end, FindingKind.STRAP, "tag", Step.ENDED, Level.CONFIRMED, Why.TAMPER_CLEARED, at
    )
    told = of("live_telling.WearerTold")
    one = told(row.subject_ref, (cut, over), (at,), end, {}, since=at)
    of("live_telling.keep_told")([one], end, cursor=None)
    number = row.alerts.count()
    _NEWEST[name] = (number, "0.1")


def acknowledged(name: str) -> None:
    """Somebody acknowledges the newest alert."""
    if name in _NEWEST:
        done = of("alert_acts.acknowledge_alert")(**_MANAGING, on=_on(name))
        _NEWEST[name] = (_NEWEST[name][0], done.mark or _NEWEST[name][1])


def _anew(name: str) -> None:
    new_alert(name)
    acknowledged(name)


def _pause_of(name: str) -> None:
    end = datetime.now(UTC) + timedelta(hours=2)
    kinds = frozenset({FindingKind.BATTERY})
    how = {"kinds": kinds, "end": end, "reason": "in hospital", "wearer": name}
    done = of("alert_pauses.pause_alerts")(**_MANAGING, **how)
    if done.ref is not None:
        _PAUSES[name] = done.ref


def _on(name: str) -> Any:
    number, mark = _NEWEST.get(name, (1, "1.1"))
    return of("alert_acts.OnAlert")(name, number, mark)


def _act(path: str, **options: Any) -> Callable[[Who, str], Any]:
    return lambda who, name: of(f"alert_acts.{path}")(**who, on=_on(name), **options)


def _show(who: Who, name: str) -> Any:
    number = _NEWEST.get(name, (1, ""))[0]
    return of("alert_lists.show_alert")(**who, wearer=name, number=number)


def _replay(who: Who, name: str) -> Any:
    then = datetime.now(UTC)
    return of("replay.replay")(**who, wearer=name, period=lately(), known_at=then)


def _pause(who: Who, name: str) -> Any:
    end = datetime.now(UTC) + timedelta(hours=1)
    how = {"kinds": frozenset({FindingKind.BATTERY}), "end": end, "reason": "a test"}
    return of("alert_pauses.pause_alerts")(**who, **how, wearer=name)


def _end(who: Who, name: str) -> Any:
    pause = _PAUSES.get(name, NONE_SUCH)
    return of("alert_pauses.end_pause")(**who, pause=pause, reason="is home again")


def _step(who: Who, name: str) -> Any:
    request = _REQUESTS.get(name, NONE_SUCH)
    how = {"request": request, "step": RequestStep.PASSED, "words": "by phone"}
    return of("device_requests.record_request_step")(**who, **how)


_ZONE = Zone(ZoneKind.EXCLUSION, Circle(Place(53.0, -1.5), 300.0))
_WORDS = {"words": "as seen"}
ALERT_SAMPLES: Mapping[str, Sample] = {
    "alert_lists.list_alerts": Sample(plain("alert_lists.list_alerts"), Aim.LIST),
    "alert_lists.show_alert": Sample(_show, Aim.WEARER),
    "alert_evidence.show_evidence": Sample(
        aimed("alert_evidence.show_evidence", number=1), Aim.WEARER
    ),
    "zone_preview.preview_zone": Sample(aimed("zone_preview.preview_zone", zone=_ZONE), Aim.WEARER),
    "compliance.show_compliance": Sample(aimed("compliance.show_compliance"), Aim.WEARER),
    "replay.replay": Sample(_replay, Aim.WEARER),
    "alert_lists.list_outages": Sample(plain("alert_lists.list_outages")),
    "alert_acts.acknowledge_alert": Sample(_act("acknowledge_alert"), Aim.WEARER, new_alert),
    "alert_acts.take_alert": Sample(_act("take_alert"), Aim.WEARER, _anew),
    "alert_acts.note_alert": Sample(_act("note_alert", **_WORDS), Aim.WEARER, _anew),
    "alert_acts.contact_wearer": Sample(
        _act("contact_wearer", reached=Reached.SPOKE, **_WORDS), Aim.WEARER, _anew
    ),
    "alert_acts.hand_over_alert": Sample(
        _act("hand_over_alert", to="tester", **_WORDS), Aim.WEARER, _anew
    ),
    "alert_acts.share_alert": Sample(
        _act("share_alert", shared_with=[Recipient.CASE_MANAGER], **_WORDS), Aim.WEARER, _anew
    ),
    "alert_acts.see_alert": Sample(_act("see_alert"), Aim.WEARER, _anew),
    "alert_acts.close_alert": Sample(
        _act("close_alert", outcome=AlertOutcome.GENUINE, **_WORDS), Aim.WEARER, _anew
    ),
    "alert_pauses.pause_alerts": Sample(_pause, Aim.WEARER),
    "alert_pauses.end_pause": Sample(_end, Aim.WEARER, _pause_of),
    "alert_pauses.list_pauses": Sample(plain("alert_pauses.list_pauses"), Aim.LIST),
    "device_requests.ask_position": Sample(aimed("device_requests.ask_position"), Aim.WEARER),
    "device_requests.message_device": Sample(
        aimed("device_requests.message_device", words="Please ring us"), Aim.WEARER
    ),
    "device_requests.locate_for_arrest": Sample(
        aimed("device_requests.locate_for_arrest"), Aim.WEARER
    ),
    "device_requests.record_request_step": Sample(_step, Aim.WEARER),
    "device_requests.list_requests": Sample(aimed("device_requests.list_requests"), Aim.WEARER),
    "shift_handovers.hand_over_shift": Sample(plain("shift_handovers.hand_over_shift")),
    "shift_handovers.take_over_shift": Sample(plain("shift_handovers.take_over_shift")),
    "alert_precision.alert_precision": Sample(plain("alert_precision.alert_precision")),
}
