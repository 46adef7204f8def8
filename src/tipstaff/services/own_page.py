"""The wearer's own page: what is on record of them, and what is demanded in the days to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.consents import Consent, ConsentKind
from tipstaff.domain.looked_at import Line
from tipstaff.domain.orders import NOT_YET_MADE, OVER, Order
from tipstaff.domain.own_week import cut, days_from
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.versions import timeline
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearers import Wearer
from tipstaff.formats.own_view import OWN
from tipstaff.records import case_versions, wearers
from tipstaff.records.case_versions import SubjectHistory, showing
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import sees
from tipstaff.services.looked_at import told_of
from tipstaff.services.own_alerts import OwnWatching, own_watching
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True, repr=False)
class OwnPage:
    """What a wearer sees of themselves: nothing of others, and no look that may not be told.

    `orders`: made, and not over, as they stand. `ahead`: the same for the seven days from `today`
    on, each as its version will say it, cut to that version's time.
    """

    wearer: Wearer | None
    orders: tuple[Order, ...]
    ahead: tuple[Order, ...]
    today: date
    consents: tuple[Consent, ...]
    absences: tuple[Absence, ...]
    watching: OwnWatching
    looks: tuple[Line, ...]


def own_page(*, actor: str, purpose: Purpose, authority: str, wearer: str) -> OwnPage | None:
    """What is on a wearer's own page; None for anybody but themselves."""
    access = admit_to(actor, purpose, authority, "own_page", wearer)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={}, subjects=subjects) as looked:
        subject = next(iter(subjects), None)
        if not sees(access, wearer) or subject is None:
            return None
        now = clock()
        today = wall_time(now).date()
        known = _known(wearer, now)
        values = [value for one in known if (value := _own(one, now)) is not None]
        watching = own_watching(subject)
        looks = told_of(subject, leave_out=access.request_ref)
        looked.rows = len(values) + len(watching.alerts)
    people = [one for one in values if isinstance(one, Wearer)]
    return OwnPage(
        people[0] if people else None,
        tuple(one for one in values if isinstance(one, Order) and one.status not in _NO_ORDER),
        tuple(order for one in known for order in _ahead(one, today)),
        today,
        tuple(one for one in values if isinstance(one, Consent)),
        tuple(one for one in values if isinstance(one, Absence)),
        watching,
        looks,
    )


def to_take_back(consents: tuple[Consent, ...]) -> tuple[Consent, ...]:
    """The wearer's own consents that they can take back: not a householder's, none superseded.

    One that merely ran out is among them: it still covers the crimes of its time until then.
    """
    own = [c for c in consents if c.kind is ConsentKind.VOLUNTARY]
    replaced = {c.supersedes for c in own if c.withdrawn is None}
    return tuple(c for c in own if c.withdrawn is None and c.reference not in replaced)


_NO_ORDER = OVER | NOT_YET_MADE


def _known(wearer: str, now: datetime) -> tuple[SubjectHistory, ...]:
    found = case_versions.find(wearer, now=now)
    return () if found is None else case_versions.known_of(found.row, known_at=now)


def _own(subject: SubjectHistory, now: datetime) -> CaseValue | None:
    """A record as it stands, as the wearer's own copy has it."""
    shown = showing(subject.versions, valid_at=now, known_at=now)
    own = OWN.get(subject.kind)
    return None if shown is None or own is None else own(shown.value)


def _ahead(subject: SubjectHistory, today: date) -> Iterator[Order]:
    """An order as each version says it that shows in the days from `today` on."""
    if subject.kind is not Kind.ORDER:
        return
    during = days_from(today)
    by_number = {fact.stated.number: fact.value for fact in subject.versions}
    for stretch in timeline(fact.stated for fact in subject.versions):
        value = OWN[Kind.ORDER](by_number[stretch.number])
        apart = stretch.start >= during.end or (stretch.end or during.end) <= during.start
        if isinstance(value, Order) and not apart:
            yield cut(value, stretch.start, stretch.end)
