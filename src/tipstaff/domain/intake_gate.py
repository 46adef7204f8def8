"""May this fix be taken in? Asked of every fix, before it is stored.

A fix is kept where an activation says who wore the device at its time, and an order of theirs
supported collection then: active, begun, not ended, and, where it is voluntary, with consent in
force. Where the records say that it was not so, the fix is counted and dropped: nothing may be
collected, so nothing is. Where the records do not say (a device of nobody, a wearer without an
order, an order not yet made), it is quarantined for a person to look at. A victim's device is
judged by the order that protects the victim, and by the victim's own consent.

Late fixes: what was lawful when it happened may arrive when consent has been withdrawn, or the
order is over. What becomes of it then is policy, as data; what is under a legal hold is kept. Trail
data must not be kept once their legal basis ends (ADL v Home Secretary [2024] EWHC 994).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.consents import Consent, ConsentKind, in_force
from tipstaff.domain.intake_words import (
    DeviceFacts,
    GateReason,
    IntakePolicy,
    LateFixes,
    Verb,
    Verdict,
    WearerFacts,
    WithVictim,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import NOT_YET_MADE, OVER, OrderStatus
from tipstaff.domain.periods import from_micros, to_micros


class _Standing(StrEnum):
    """What an order says of collection at an instant."""

    SUPPORTS = "supports"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    SUSPENDED = "suspended"
    NO_CONSENT = "no consent"
    NOT_YET = "not yet"


#: Where no order supports collection: the reason of the first of these that any has.
_WITHOUT: Final = (
    (_Standing.WITHDRAWN, Verdict(Verb.DROP_COUNTED, GateReason.CONSENT_WITHDRAWN)),
    (_Standing.OVER, Verdict(Verb.DROP_COUNTED, GateReason.ORDER_OVER)),
    (_Standing.SUSPENDED, Verdict(Verb.DROP_COUNTED, GateReason.ORDER_SUSPENDED)),
    (_Standing.NO_CONSENT, Verdict(Verb.QUARANTINE, GateReason.NO_CONSENT_KNOWN)),
    (_Standing.NOT_YET, Verdict(Verb.QUARANTINE, GateReason.ORDER_NOT_YET_ACTIVE)),
)
#: From when up to, not including, when; None: without an end.
Supported = tuple[datetime, datetime | None]
_KEPT: Final = Verdict(Verb.KEEP, GateReason.IN_FORCE)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)


def may_collect(
    device: DeviceFacts, fix_time: datetime, received_at: datetime, policy: IntakePolicy
) -> Verdict:
    """What is done with a fix of this device, received at `received_at`."""
    worn = next((w for w in device.worn if w.start <= fix_time < w.end), None)
    if worn is None:
        had = next((h for h in device.with_victims if h.start <= fix_time < h.end), None)
        if had is not None:
            return _of_a_victim(device, had, fix_time, received_at, policy)
        if any(period.end <= fix_time for period in device.had):
            return Verdict(Verb.DROP_COUNTED, GateReason.ACTIVATION_ENDED)
        return Verdict(Verb.QUARANTINE, GateReason.DEVICE_OF_NOBODY)
    facts = device.wearers.get(worn.wearer, WearerFacts())
    if not facts.orders:
        return Verdict(Verb.QUARANTINE, GateReason.NO_ORDER_KNOWN)
    then = _standings(facts, fix_time, since=worn.start)
    if _Standing.SUPPORTS in then.values():
        return _if_late(facts, then, received_at, policy)
    found = (verdict for standing, verdict in _WITHOUT if standing in then.values())
    return next(found, Verdict(Verb.QUARANTINE, GateReason.NO_ORDER_KNOWN))


def verdict_steps(
    device: DeviceFacts, received_at: datetime, policy: IntakePolicy
) -> tuple[tuple[datetime, Verdict], ...]:
    """The verdict on fixes of each time: from each instant on up to the next one, in order."""
    cuts = sorted({_FIRST, *_cuts(device)})
    return tuple((cut, may_collect(device, cut, received_at, policy)) for cut in cuts)


class DeviceVerdicts:
    """The verdicts on one device's fixes, each worked out once.

    Between two instants at which any may change, by the time of a fix and by that of its receipt,
    one verdict stands for all. Times are microseconds since 1970.
    """

    def __init__(self, device: DeviceFacts, policy: IntakePolicy) -> None:
        self._device, self._policy = device, policy
        self._cuts = sorted({to_micros(cut) for cut in _cuts(device)})
        self._known: dict[tuple[int, int], Verdict] = {}

    @property
    def hang_on_time(self) -> bool:
        """See `DeviceFacts`."""
        return self._device.hangs_on_time

    def of(self, fix_us: int, received_us: int) -> Verdict:
        """What is done with a fix of that time, received at that."""
        between = (bisect_right(self._cuts, fix_us), bisect_right(self._cuts, received_us))
        verdict = self._known.get(between)
        if verdict is None:
            times = (from_micros(fix_us), from_micros(received_us))
            verdict = self._known[between] = may_collect(self._device, *times, self._policy)
        return verdict


def supports(facts: WearerFacts, at: datetime) -> bool:
    """Whether any order of the wearer supports collection at `at`."""
    return _Standing.SUPPORTS in _standings(facts, at, since=at).values()


def supported(facts: WearerFacts, since: datetime) -> dict[str, tuple[Supported, ...]]:
    """When each order supports collection from a tag worn since `since`: in order, from then on.

    An end of None is none: it is not known that it will end.
    """
    later = {cut for cut in _cuts(DeviceFacts(wearers={"": facts})) if cut > since}
    cuts = [since, *sorted(later)]
    found: dict[str, list[Supported]] = {name: [] for name in facts.orders}
    for start, end in zip(cuts, [*cuts[1:], None], strict=True):
        for name, standing in _standings(facts, start, since).items():
            if standing is not _Standing.SUPPORTS:
                continue
            before = found[name]
            if before and before[-1][1] == start:
                start_of = before.pop()[0]
                before.append((start_of, end))
            else:
                before.append((start, end))
    return {name: tuple(listed) for name, listed in found.items()}


def _if_late(
    facts: WearerFacts,
    then: Mapping[str, _Standing],
    received_at: datetime,
    policy: IntakePolicy,
) -> Verdict:
    """The verdict on a fix that was lawful at its time."""
    now = {name: _standing(o, facts.consents, received_at) for name, o in facts.orders.items()}
    left = {now[name] for name, before in then.items() if before is _Standing.SUPPORTS}
    if left - {_Standing.WITHDRAWN, _Standing.OVER}:
        return _KEPT
    ended = _Standing.OVER in left
    if ended and _Standing.SUPPORTS in now.values():
        return _KEPT  # another order took over from the one that is over
    return _late(facts, policy, ended=ended)


def _of_a_victim(
    device: DeviceFacts,
    had: WithVictim,
    fix_time: datetime,
    received_at: datetime,
    policy: IntakePolicy,
) -> Verdict:
    """The verdict on a fix of a victim's device: by the order that protects, and their consent."""
    facts = device.wearers.get(had.wearer, WearerFacts())
    order = facts.orders.get(had.order)
    if order is None:
        return Verdict(Verb.QUARANTINE, GateReason.NO_ORDER_KNOWN)
    then = _standing(order, facts.consents, fix_time)
    if then is not _Standing.SUPPORTS:
        return dict(_WITHOUT)[then]
    theirs = [c for c in facts.consents if c.kind is ConsentKind.VICTIM and c.person == had.victim]
    if not in_force(theirs, ConsentKind.VICTIM, fix_time):
        taken_back = _withdrawn(theirs, fix_time)
        return dict(_WITHOUT)[_Standing.WITHDRAWN if taken_back else _Standing.NO_CONSENT]
    if not in_force(theirs, ConsentKind.VICTIM, received_at) and _withdrawn(theirs, received_at):
        return _late(facts, policy, ended=False)
    over = _standing(order, facts.consents, received_at) is _Standing.OVER
    return _late(facts, policy, ended=True) if over else _KEPT


def _late(facts: WearerFacts, policy: IntakePolicy, *, ended: bool) -> Verdict:
    """The verdict on a fix that comes too late: after an order's end, or after a withdrawal."""
    if facts.held:
        return Verdict(Verb.KEEP, GateReason.HELD)
    what = policy.after_end if ended else policy.after_withdrawal
    if what is LateFixes.KEEP:
        return Verdict(Verb.KEEP, GateReason.LATE_KEPT)
    reason = GateReason.LATE_AFTER_END if ended else GateReason.LATE_AFTER_WITHDRAWAL
    return Verdict(Verb.DROP_COUNTED, reason)


def _standings(facts: WearerFacts, at: datetime, since: datetime) -> dict[str, _Standing]:
    """What each order says at `at`, by reference, of a tag worn since `since`.

    A licence that was relaxed for a voluntary order supports nothing while that one runs, nor for
    a tag that was worn then: it was worn by choice. After a withdrawal the licence takes a fitting
    of its own, whatever a supplier says of the old activation.
    """
    chosen = {
        stretch.restores
        for name, order in facts.orders.items()
        for stretch in order
        if stretch.restores != name and _ran(stretch, since, at)
    }
    return {
        name: _standing(order, facts.consents, at)
        for name, order in facts.orders.items()
        if name not in chosen
    }


def _ran(stretch: StatusStretch, since: datetime, at: datetime) -> bool:
    """Whether the order ran at some time from `since` to `at`, by what this stretch says of it."""
    if stretch.status in NOT_YET_MADE | OVER:
        return False
    starts = max(stretch.start, stretch.begins)
    ends = min((end for end in (stretch.end, stretch.ends) if end is not None), default=None)
    return starts <= at and (ends is None or (starts < ends and since < ends))


def _shown(order: tuple[StatusStretch, ...], at: datetime) -> StatusStretch | None:
    return next((s for s in order if s.start <= at and (s.end is None or at < s.end)), None)


def _standing(
    order: tuple[StatusStretch, ...], consents: tuple[Consent, ...], at: datetime
) -> _Standing:
    shown = _shown(order, at)
    if shown is None:
        return _Standing.OVER if any(s.start <= at for s in order) else _Standing.NOT_YET
    if shown.status in NOT_YET_MADE or at < shown.begins:
        return _Standing.NOT_YET
    voluntary = shown.basis is LegalBasis.VOLUNTARY
    if voluntary and not in_force(consents, ConsentKind.VOLUNTARY, at):
        chosen = (c for c in consents if c.kind is ConsentKind.VOLUNTARY)
        if _withdrawn(chosen, at):
            return _Standing.WITHDRAWN
        if shown.status not in OVER:
            return _Standing.NO_CONSENT
    if shown.status in OVER or (shown.ends is not None and at >= shown.ends):
        return _Standing.OVER
    suspended = shown.status is OrderStatus.SUSPENDED
    return _Standing.SUSPENDED if suspended else _Standing.SUPPORTS


def _withdrawn(consents: Iterable[Consent], at: datetime) -> bool:
    return any(c.withdrawn is not None and c.withdrawn.at <= at for c in consents)


def _cuts(device: DeviceFacts) -> Iterator[datetime]:
    """Every instant at which a verdict may change."""
    for had in device.had:
        yield from (had.start, had.end)
    for facts in device.wearers.values():
        for stretch in (s for order in facts.orders.values() for s in order):
            ends = (stretch.start, stretch.end, stretch.begins, stretch.ends)
            yield from (moment for moment in ends if moment is not None)
        for consent in facts.consents:
            yield from _consent_cuts(consent)


def _consent_cuts(consent: Consent) -> Iterator[datetime]:
    """Its own beginning and ends. Where another takes its place, that is the other's beginning."""
    yield consent.given_at
    if consent.ends_at is not None:
        yield consent.ends_at
    if consent.withdrawn is not None:
        yield consent.withdrawn.at
