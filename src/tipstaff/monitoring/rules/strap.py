"""Strap and case: what a device says of itself being cut or opened.

- It begins, confirmed, with the event, whatever else is so. On its charger it is probable until it
  is off it, or has stayed open for `excuse_s`.
- It is over once the device says that it is whole and that stays so for `settle_s`: what flaps is
  one. It is over with the activation too. Time alone ends nothing: a cut strap stays cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.domain.transitions import TAMPER, Row, Tamper, TamperCause
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import DeviceFact, DeviceRule, DeviceWatch, Found, found, us
from tipstaff.monitoring.events import DeviceEvent, EventKind


@dataclass(frozen=True, slots=True)
class Part:
    """What is watched: which events open and close it, and what is said of it."""

    kind: FindingKind
    opens: EventKind
    closes: frozenset[EventKind]
    why: Why
    on_charger: Why


@dataclass(frozen=True, slots=True, repr=False)
class TamperState:
    """`since_us`: when it was opened; `opened_us`, `closed_us`: when last opened, and closed."""

    where: Tamper = Tamper.WHOLE
    level: int = 0
    since_us: int = 0
    opened_us: int = 0
    closed_us: int = 0
    on_charger: bool = False


STRAP_PART: Final = Part(
    FindingKind.STRAP,
    EventKind.STRAP_CUT,
    frozenset({EventKind.STRAP_RESTORED, EventKind.TAMPER_CLEARED}),
    Why.STRAP_CUT,
    Why.CUT_ON_CHARGER,
)
CASE_PART: Final = Part(
    FindingKind.CASE,
    EventKind.CASE_OPENED,
    frozenset({EventKind.CASE_CLOSED, EventKind.TAMPER_CLEARED}),
    Why.CASE_OPENED,
    Why.OPENED_ON_CHARGER,
)


def tamper_rule(part: Part) -> DeviceRule[TamperState]:
    """The rule for a part."""

    def take(
        state: TamperState, fact: DeviceFact, watch: DeviceWatch, parameters: DeviceParameters
    ) -> tuple[TamperState, Found]:
        return _take(state, fact, watch, part)

    def fire(
        state: TamperState, watch: DeviceWatch, parameters: DeviceParameters
    ) -> tuple[TamperState, Found]:
        at_us = _due(state, watch, parameters)
        cause = TamperCause.STAYED if state.where is Tamper.SETTLING else TamperCause.NO_EXCUSE
        why = Why.TAMPER_CLEARED if cause is TamperCause.STAYED else Why.STAYED_OPEN
        return _moved(state, cause, at_us or 0, why, watch, part)

    def end(
        state: TamperState, at_us: int, watch: DeviceWatch, parameters: DeviceParameters
    ) -> tuple[TamperState, Found]:
        over = TamperCause.PERIOD_ENDED
        return _moved(state, over, at_us, Why.PERIOD_ENDED, watch, part)

    return DeviceRule(part.kind.value, TamperState, lambda *_: TamperState(), take, _due, fire, end)


def _take(
    state: TamperState, fact: DeviceFact, watch: DeviceWatch, part: Part
) -> tuple[TamperState, Found]:
    if not isinstance(fact, DeviceEvent):
        return state, []
    out: Found = []
    if fact.kind in {EventKind.CHARGER_ON, EventKind.CHARGER_OFF}:
        state = replace(state, on_charger=fact.kind is EventKind.CHARGER_ON)
    elif fact.kind is part.opens:
        why = part.on_charger if state.on_charger else part.why
        state, out = _moved(state, TamperCause.OPENED, fact.at_us, why, watch, part)
    elif fact.kind in part.closes:
        why = Why.TAMPER_CLEARED
        state, out = _moved(state, TamperCause.CLEARED, fact.at_us, why, watch, part)
    if state.where is Tamper.OPEN and state.level < Level.CONFIRMED and not state.on_charger:
        cause = TamperCause.NO_EXCUSE
        state, more = _moved(state, cause, fact.at_us, Why.STAYED_OPEN, watch, part)
        out = out + more
    return state, out


def _due(state: TamperState, watch: DeviceWatch, parameters: DeviceParameters) -> int | None:
    if state.where is Tamper.SETTLING:
        return state.closed_us + us(parameters.tamper.settle_s)
    if state.where is Tamper.OPEN and state.level < Level.CONFIRMED:
        return state.opened_us + us(parameters.tamper.excuse_s)
    return None


def _moved(
    state: TamperState, cause: TamperCause, at_us: int, why: Why, watch: DeviceWatch, part: Part
) -> tuple[TamperState, Found]:
    row = TAMPER.row(state.where, cause)
    if row is None:
        return state, []
    after = _after(state, row, at_us)
    if row.step is None:
        return after, []
    level = max(after.level, state.level)
    return after, [found(watch, part.kind, at_us, row.step, level, why, after.since_us)]


def _after(state: TamperState, row: Row, at_us: int) -> TamperState:
    state = replace(state, where=Tamper(row.to))
    if row.cause is TamperCause.CLEARED:
        return replace(state, closed_us=at_us)
    if row.cause is TamperCause.NO_EXCUSE:
        return replace(state, level=int(Level.CONFIRMED))
    if row.to is Tamper.WHOLE:
        return replace(state, level=0)
    if row.cause is TamperCause.OPENED:
        state = replace(state, opened_us=at_us)
    if row.state is Tamper.WHOLE:
        level = Level.PROBABLE if state.on_charger else Level.CONFIRMED
        return replace(state, level=int(level), since_us=at_us)
    return state


STRAP: Final = tamper_rule(STRAP_PART)
CASE: Final = tamper_rule(CASE_PART)
