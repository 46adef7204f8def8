"""Lists of alerts, and one alert with all that is about it, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tipstaff.domain.alerts import AlertOutcome, Evidence
from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.notices import NoticeKey
from tipstaff.domain.protocols import Means, Queue, Recipient, Severity
from tipstaff.domain.transitions import AlertState
from tipstaff.records.alert_rows import KeptAlert, alert_of
from tipstaff.records.episode_rows import KeptEpisode, RevisionLine, episode_of, revisions_of
from tipstaff.records.models import Alert, AlertDecision, Episode, Notice, User, Wearer
from tipstaff.records.reach import ListReach, count_up_to, of_those_reached, with_limits

MOST_LINES: Final = 1000
#: Severity, opening and key of the last line of the page before.
After = tuple[int, datetime, UUID]


@dataclass(frozen=True, slots=True)
class AlertsWanted:
    """Which alerts a list shows. Of a queue those that need a person; `closed`: the others too.

    `holder`: in whose hands, an account; `wearer`: of one alone; `people`: of these alone.
    `opened_after`: those opened later than that.
    `one_each`: of each wearer's the first one alone; of `people` then all, without a limit.
    """

    reach: ListReach
    queue: Queue | None = None
    kinds: frozenset[FindingKind] = frozenset()
    state: AlertState | None = None
    at_least: Severity = Severity.INFORMATION
    holder: UUID | None = None
    wearer: str | None = field(default=None, repr=False)
    people: frozenset[str] | None = field(default=None, repr=False)
    closed: bool = False
    opened_after: datetime | None = None
    one_each: bool = False
    after: After | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert in a list. `mark` is what whoever acts on it has before them.

    `next_step_at`: when its protocol goes on if nobody does anything; None where it does not.
    """

    ref: UUID
    subject_ref: UUID
    wearer: str = field(repr=False)
    number: int
    kind: FindingKind
    condition: str
    severity: Severity
    level: Level
    evidence: Evidence
    goes_on: bool
    state: AlertState
    queue: Queue
    late: bool
    changed: bool
    opened_at: datetime
    holder: UUID | None
    outcome: AlertOutcome | None
    follows: int
    mark: str
    holder_name: str
    next_step_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundAlert:
    """One alert: `row` is the key of the wearer's row, `ref` that of its own."""

    row: UUID
    ref: UUID
    subject_ref: UUID
    kept: KeptAlert


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice about the alert's episode: to whom, by what, and where its sending stands."""

    key: NoticeKey
    means: Means
    state: NoticeState
    queued_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AboutAlert:
    """What is known of an alert's episode, who was told of it; the condition's other episodes.

    Notices are in the order of queueing; other episodes newest first.
    """

    episode: KeptEpisode | None
    revisions: tuple[RevisionLine, ...] = ()
    notices: tuple[NoticeLine, ...] = ()
    others: tuple[KeptEpisode, ...] = ()


#: Counted alert by alert: joined and grouped, every wearer would be read for a page of fifty.
_DECIDED: Final = Coalesce(
    Subquery(
        AlertDecision.objects.filter(alert=OuterRef("pk"))
        .order_by()
        .values("alert")
        .annotate(count=Count("id"))
        .values("count")
    ),
    0,
)


_HOLDER: Final = Coalesce(
    Subquery(User.objects.filter(id=OuterRef("holder")).values("username")[:1]), Value("")
)


def page(wanted: AlertsWanted, *, now: datetime) -> tuple[AlertLine, ...]:
    """A page of alerts: the most severe first, of the same severity the oldest. Two statements."""
    rows = _rows(wanted, now)
    if wanted.one_each:
        rows = rows.filter(~Exists(_before_it(wanted)))
    if wanted.after is not None:
        rows = rows.filter(_beyond(wanted.after))
    rows = rows.annotate(decided=_DECIDED, holder_name=_HOLDER).prefetch_related("wearer")
    return tuple(_line(row) for row in rows[: _most(wanted)])


def _most(wanted: AlertsWanted) -> int:
    if wanted.one_each and wanted.people is not None:
        return len(wanted.people)
    return min(wanted.limit, MOST_LINES)


def _before_it(wanted: AlertsWanted) -> QuerySet[Alert]:
    """Alerts of the same wearer that would come before it in the list."""
    severity, opened = OuterRef("severity"), OuterRef("opened_at")
    sooner = Q(opened_at__lt=opened) | Q(opened_at=opened, id__lt=OuterRef("id"))
    first = Q(severity__gt=severity) | (Q(severity=severity) & sooner)
    rows = Alert.objects.filter(_kinds(wanted), wearer=OuterRef("wearer"))
    return rows.filter(first)


def count(wanted: AlertsWanted, *, now: datetime) -> int:
    """How many alerts that list has, up to its `limit`."""
    return count_up_to(_rows(wanted, now), wanted.limit)


def _rows(wanted: AlertsWanted, now: datetime) -> Any:
    rows = with_limits(Alert.objects.filter(_which(wanted)))
    rows = rows.order_by("-severity", "opened_at", "id")
    return of_those_reached(rows, wanted.reach, now=now)


def _which(wanted: AlertsWanted) -> Q:
    which = _kinds(wanted)
    if wanted.wearer is not None:
        which &= Q(wearer__reference=wanted.wearer)
    if wanted.people is not None:
        which &= Q(wearer__reference__in=sorted(wanted.people))
    return which


def _kinds(wanted: AlertsWanted) -> Q:
    """What is wanted of alerts, whosoever they are."""
    which = Q(severity__gte=int(wanted.at_least))
    if not wanted.closed:
        which &= Q(needs_a_person=True)
    if wanted.kinds:
        which &= Q(kind__in=sorted(wanted.kinds))
    if wanted.opened_after is not None:
        which &= Q(opened_at__gt=wanted.opened_after)
    named = {
        "queue": wanted.queue,
        "state": wanted.state,
        "holder": wanted.holder,
    }
    return which & Q(**{name: value for name, value in named.items() if value is not None})


def _beyond(after: After) -> Q:
    severity, opened, ref = after
    later = Q(opened_at__gt=opened) | Q(opened_at=opened, id__gt=ref)
    return Q(severity__lt=severity) | (Q(severity=severity) & later)


def _line(row: Any) -> AlertLine:
    return AlertLine(
        ref=row.id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        number=row.number,
        kind=FindingKind(row.kind),
        condition=row.condition,
        severity=Severity(row.severity),
        level=Level(row.told_level),
        evidence=Evidence(row.told_evidence),
        goes_on=row.told_goes_on,
        state=AlertState(row.state),
        queue=Queue(row.queue),
        late=row.late,
        changed=row.changed > row.seen,
        opened_at=row.opened_at,
        holder=row.holder,
        outcome=AlertOutcome(row.outcome) if row.outcome else None,
        follows=row.follows,
        mark=f"{row.decided}.{row.told_revision}",
        holder_name=row.holder_name,
        next_step_at=row.next_notice_at if row.needs_a_person else None,
    )


def hold(reference: str) -> None:
    """Keep others from changing the wearer's alerts until the caller's transaction ends."""
    rows = Wearer.objects.filter(reference=reference)
    list(rows.select_for_update(no_key=True).values_list("id"))


def find(reference: str, number: int) -> FoundAlert | None:
    """An alert of the wearer of that reference; None where there is none. Two statements."""
    row = Alert.objects.filter(wearer__reference=reference, number=number)
    alert = row.select_related("wearer").first()
    decisions = list(AlertDecision.objects.filter(alert__in=row).order_by("number"))
    if alert is None:
        return None
    ref = alert.wearer.subject_ref
    return FoundAlert(alert.wearer_id, alert.id, ref, alert_of(alert, decisions, ref))


def about(found: FoundAlert, *, most: int = 20) -> AboutAlert:
    """What is known of the alert's episode, and of others of its condition and kind."""
    alert = found.kept.value
    own = Episode.objects.filter(wearer=found.row, number=alert.opened.episode).first()
    others = Episode.objects.filter(
        wearer=found.row, condition=found.kept.condition, kind=alert.kind
    ).exclude(number=alert.opened.episode)
    return AboutAlert(
        None if own is None else episode_of(own),
        revisions_of(found.row, alert.opened.episode),
        _notices(found.row, alert.opened.episode),
        tuple(episode_of(row) for row in others.order_by("-began", "-number")[:most]),
    )


def _notices(wearer: UUID, episode: int) -> tuple[NoticeLine, ...]:
    rows = Notice.objects.filter(wearer=wearer, episode=episode)
    return tuple(
        NoticeLine(
            NoticeKey(row.episode, row.revision, row.step, Recipient(row.recipient)),
            Means(row.means),
            NoticeState(row.state),
            row.queued_at,
            row.settled_at,
        )
        for row in rows.order_by("queued_at", "step", "recipient")
    )


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """The names of accounts by their references, of those there are."""
    refs = {UUID(ref) for ref in accounts if ref}
    rows = User.objects.filter(id__in=refs).values_list("id", "username")
    return {str(ref): name for ref, name in rows}
