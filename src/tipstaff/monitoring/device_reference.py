"""The rules about devices, run slowly and obviously: fact by fact, the clock between them.

World rules take facts by their instants. The silence rule takes them as they came in, since it is
about what was known (`monitoring.rules.silence`).
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final, TypeVar

from tipstaff.domain.findings import Finding
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import (
    DeviceFact,
    DeviceRule,
    DeviceWatch,
    Found,
    once,
    order_of,
)
from tipstaff.monitoring.rules import (
    battery,
    charger,
    charging,
    clock,
    equipment,
    home_unit,
    shielding,
    silence,
    strap,
)

State = TypeVar("State")

#: Every rule about devices that goes by the instants of facts.
DEVICE_RULES: Final[tuple[DeviceRule[Any], ...]] = (
    strap.STRAP,
    strap.CASE,
    battery.BATTERY,
    charging.CHARGING,
    charger.CHARGER,
    home_unit.HOME_UNIT,
    shielding.SHIELDING,
    equipment.EQUIPMENT,
)
#: Every rule about devices that goes by when facts came in.
KNOWLEDGE_RULES: Final[tuple[DeviceRule[Any], ...]] = (
    silence.SILENCE,
    silence.NO_POSITION,
    clock.CLOCK,
)


def device_findings(
    facts: Iterable[DeviceFact],
    watch: DeviceWatch,
    rule: DeviceRule[State],
    parameters: DeviceParameters,
    horizon_us: int,
) -> list[Finding]:
    """What one rule finds up to the horizon, from the beginning of each period, in order."""
    ordered = once(facts)
    out: list[Finding] = []
    for start_us, end_us in watch.periods:
        if start_us > horizon_us:
            break
        state = rule.begin(start_us, watch, parameters)
        for fact in ordered:
            if start_us <= fact.at_us < end_us and fact.at_us <= horizon_us:
                state, ticked = ticked_to(state, fact.at_us - 1, watch, rule, parameters)
                state, taken = rule.take(state, fact, watch, parameters)
                out += ticked + taken
        state, ticked = ticked_to(state, min(end_us - 1, horizon_us), watch, rule, parameters)
        out += ticked
        if end_us <= horizon_us:
            out += rule.end(state, end_us, watch, parameters)[1]
    return out


def knowledge_findings(
    facts: Iterable[DeviceFact],
    watch: DeviceWatch,
    rule: DeviceRule[State],
    parameters: DeviceParameters,
    known_us: int,
) -> list[Finding]:
    """What a rule about what was known finds up to `known_us`: facts taken as they came in.

    What comes in after a period, about it, is taken too: it may fill a silence.
    """
    ordered = sorted(once(facts), key=lambda fact: (fact.ingested_us, order_of(fact)))
    out: list[Finding] = []
    for start_us, end_us in watch.periods:
        if start_us > known_us:
            break
        state, over = rule.begin(start_us, watch, parameters), False
        for fact in ordered:
            came_us = fact.ingested_us
            if came_us > known_us or not _concerns(fact, start_us, end_us):
                continue
            if came_us >= end_us and not over:
                state, closed = _closed(state, end_us, watch, rule, parameters)
                over, out = True, out + closed
            state, ticked = ticked_to(state, came_us - 1, watch, rule, parameters)
            state, taken = rule.take(state, fact, watch, parameters)
            out += ticked + taken
        if end_us <= known_us and not over:
            out += _closed(state, end_us, watch, rule, parameters)[1]
        elif not over:
            out += ticked_to(state, known_us, watch, rule, parameters)[1]
    return out


def _concerns(fact: DeviceFact, start_us: int, end_us: int) -> bool:
    """Whether a fact came in during the period, or is of it and came later."""
    came_us = fact.ingested_us
    return start_us <= came_us < end_us or (came_us >= end_us and start_us <= fact.at_us < end_us)


def _closed(
    state: State,
    end_us: int,
    watch: DeviceWatch,
    rule: DeviceRule[State],
    parameters: DeviceParameters,
) -> tuple[State, Found]:
    state, ticked = ticked_to(state, end_us - 1, watch, rule, parameters)
    state, ended = rule.end(state, end_us, watch, parameters)
    return state, ticked + ended


def ticked_to(
    state: State,
    until_us: int,
    watch: DeviceWatch,
    rule: DeviceRule[State],
    parameters: DeviceParameters,
) -> tuple[State, Found]:
    """Let the clock run to `until_us`, included. Run twice, it finds nothing more."""
    out: Found = []
    while (due := rule.due(state, watch, parameters)) is not None and due <= until_us:
        before = state
        state, fired = rule.fire(before, watch, parameters)
        if state == before:
            raise ValueError(f"the rule {rule.name} would ask for the same instant for ever")
        out += fired
    return state, out


def all_device_findings(
    facts: Iterable[DeviceFact], watch: DeviceWatch, parameters: DeviceParameters, horizon_us: int
) -> list[Finding]:
    """What every rule finds up to the horizon, which is also what is known by, in order."""
    listed = list(facts)
    out: list[Finding] = []
    for rule in DEVICE_RULES:
        out += device_findings(listed, watch, rule, parameters, horizon_us)
    for rule in KNOWLEDGE_RULES:
        out += knowledge_findings(listed, watch, rule, parameters, horizon_us)
    return sorted(out, key=attrgetter("at"))
