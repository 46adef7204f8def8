"""Episodes and alerts of many wearers at a time, by the references by which the audit knows them.

As many statements for one wearer as for 500. Whoever means to change something locks first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q

from tipstaff.records import alert_rows, episode_rows
from tipstaff.records.alert_rows import AlertChange, KeptAlert, alert_of
from tipstaff.records.chunks import chunked
from tipstaff.records.episode_rows import EpisodeChange, KeptEpisode, episode_of
from tipstaff.records.models import Alert, AlertDecision, Episode, MonitoringCursor, Wearer

_EVERY: Final = Q()


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """What is on record of a wearer, by number. `row` is the key of the wearer's row.

    `last_episode` and `last_alert` are the highest numbers ever used.
    """

    row: UUID
    episodes: tuple[KeptEpisode, ...] = ()
    alerts: tuple[KeptAlert, ...] = ()
    last_episode: int = 0
    last_alert: int = 0


@dataclass(slots=True)
class _Found:
    row: UUID
    episodes: list[KeptEpisode] = field(default_factory=list)
    alerts: list[KeptAlert] = field(default_factory=list)
    last_episode: int = 0
    last_alert: int = 0


def lock(wearers: Collection[UUID]) -> None:
    """Keep others from changing alerts of these wearers until the caller's transaction ends."""
    for chunk in chunked(sorted(wearers)):
        rows = Wearer.objects.filter(subject_ref__in=chunk).order_by("id")
        list(rows.select_for_update(no_key=True).values_list("id"))


def kept_of(wearers: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, KeptAlerts]:
    """What is on record of each wearer that is; `since`: of episodes that reach that instant.

    Alerts are those on the episodes that are told.
    """
    reaching = _EVERY if since is None else Q(ended__isnull=True) | Q(ended__gte=since)
    return _kept(wearers, reaching)


def to_look_at(wearers: Collection[UUID], *, now: datetime) -> dict[UUID, KeptAlerts]:
    """Of these wearers, what the clock may move: alerts with a notice to come, episodes held."""
    of_alerts = Alert.objects.filter(
        wearer=OuterRef("wearer"), episode=OuterRef("number"), next_notice_at__lte=now
    )
    return _kept(wearers, Q(Exists(of_alerts)) | Q(look_at__lte=now))


def due_at(now: datetime, most: int) -> list[UUID]:
    """Up to `most` wearers of whom the clock may have made something due, the longest due first."""
    due = Alert.objects.filter(next_notice_at__lte=now).order_by("next_notice_at", "id")
    held = Episode.objects.filter(look_at__lte=now).order_by("look_at", "id")
    found = [*due.values_list("wearer__subject_ref", flat=True)[:most]]
    found += held.values_list("wearer__subject_ref", flat=True)[:most]
    return list(dict.fromkeys(found))[:most]


def store(
    episodes: Sequence[EpisodeChange], alerts: Sequence[AlertChange], *, now: datetime
) -> None:
    """Store what changed, in the caller's transaction; what is there takes the new values."""
    episode_rows.store(episodes, now=now)
    alert_rows.store(alerts)


def keep_cursor(reader: str, segment: int, sequence: int, *, now: datetime) -> None:
    """Note how far a reader has come."""
    MonitoringCursor.objects.update_or_create(
        reader=reader, defaults={"segment": segment, "sequence": sequence, "at": now}
    )


def cursor_of(reader: str) -> tuple[int, int] | None:
    """The segment and the number of the last message that a reader has done with."""
    row = MonitoringCursor.objects.filter(reader=reader).first()
    return None if row is None else (row.segment, row.sequence)


def _kept(wearers: Collection[UUID], which: Q) -> dict[UUID, KeptAlerts]:
    out: dict[UUID, KeptAlerts] = {}
    for chunk in chunked(sorted(wearers)):
        rows = Wearer.objects.filter(subject_ref__in=chunk).values_list("id", "subject_ref")
        found = {row: (ref, _Found(row)) for row, ref in rows}
        _fill(found, which)
        for ref, one in found.values():
            out[ref] = KeptAlerts(
                one.row, tuple(one.episodes), tuple(one.alerts), one.last_episode, one.last_alert
            )
    return out


def _fill(found: dict[UUID, tuple[UUID, _Found]], which: Q) -> None:
    rows = Episode.objects.filter(which, wearer__in=list(found)).order_by("number")
    for episode in rows:
        found[episode.wearer_id][1].episodes.append(episode_of(episode))
    told = Episode.objects.filter(which, wearer=OuterRef("wearer"), number=OuterRef("episode"))
    alerts = Alert.objects.filter(Exists(told), wearer__in=list(found)).order_by("number")
    decisions = _decisions(AlertDecision.objects.filter(alert__in=alerts.order_by().values("id")))
    for row in alerts:
        ref, one = found[row.wearer_id]
        one.alerts.append(alert_of(row, decisions.get(row.id, ()), ref))
    for wearer, last in _last(Episode, found):
        found[wearer][1].last_episode = last
    for wearer, last in _last(Alert, found):
        found[wearer][1].last_alert = last


def _decisions(rows: Any) -> dict[UUID, list[Any]]:
    out: dict[UUID, list[Any]] = {}
    for row in rows.order_by("alert", "number"):
        out.setdefault(row.alert_id, []).append(row)
    return out


def _last(model: Any, wearers: Iterable[UUID]) -> Any:
    rows = model.objects.filter(wearer__in=list(wearers)).order_by().values("wearer")
    return rows.annotate(last=Max("number")).values_list("wearer", "last")
