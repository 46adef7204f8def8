"""What the records say that decides who may be searched: all wearers and orders, as known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.orders import Order
from tipstaff.domain.search_orders import ShownOrder
from tipstaff.domain.versions import Stated, timeline
from tipstaff.domain.wearers import Wearer
from tipstaff.formats.case_forms import says_limited_access
from tipstaff.records.case_versions import says_limited, stated, value_of
from tipstaff.records.models import Subject, Version

_ROWS_A_ROUND: Final = 2_000


@dataclass(slots=True)
class CaseFacts:
    """What is known of one wearer.

    `record`: what shows now; None where nothing does. `limited`: the record says limited access,
    now or at a time to come. `orders`: each order, as it shows through time. `versions`: the
    digest of each version that says so.
    """

    record: Wearer | None = None
    limited: bool = False
    orders: list[tuple[ShownOrder, ...]] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)


def any_on_record() -> bool:
    """Whether there is any case record at all: a wearer's, or an order."""
    return Subject.objects.exists()


def all_known(*, now: datetime) -> dict[str, CaseFacts]:
    """Every wearer of whom there is a case record, by reference, in one statement."""
    found: dict[str, CaseFacts] = defaultdict(CaseFacts)
    for rows in _by_subject():
        subject = rows[0].subject
        facts = found[subject.wearer.reference]
        facts.versions += [row.digest for row in rows]
        if subject.kind == Kind.WEARER:
            facts.limited = says_limited(
                [(stated(row), says_limited_access(row.content)) for row in rows], now
            )
            shown = [value for start, end, value in _shown(rows) if _shows(start, end, now)]
            facts.record = next((value for value in shown if isinstance(value, Wearer)), None)
        elif subject.kind == Kind.ORDER:
            stretches = (ShownOrder(s, e, v) for s, e, v in _shown(rows) if isinstance(v, Order))
            facts.orders.append(tuple(stretches))
    return dict(found)


def _by_subject() -> Iterator[list[Any]]:
    """Versions of one subject after another, in the order of recording."""
    rows = Version.objects.filter(subject__kind__in=(Kind.WEARER, Kind.ORDER))
    rows = rows.select_related("subject__wearer").order_by("subject_id", "number")
    listed: Iterable[Any] = rows.iterator(chunk_size=_ROWS_A_ROUND)
    for _subject, own in groupby(listed, key=lambda row: row.subject_id):
        yield list(own)


def _shown(rows: list[Any]) -> Iterator[tuple[datetime, datetime | None, CaseValue]]:
    """The current timeline of one subject: each stretch with what shows in it."""
    by_number = {row.number: row for row in rows}
    facts: list[Stated] = [stated(row) for row in rows]
    for stretch in timeline(facts):
        row = by_number[stretch.number]
        yield (
            stretch.start,
            stretch.end,
            value_of(row.subject.kind, row.content, row.digest),
        )


def _shows(start: datetime, end: datetime | None, now: datetime) -> bool:
    return start <= now and (end is None or now < end)
