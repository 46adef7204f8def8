"""Is the wearer at a place: HOME, AWAY, or UNKNOWN, as the reference says it (ADR 19).

- HOME: a home unit that is in its place hears the tag, or a fix says so. A position by radio is the
  hearing of the unit in whose outline it lies, and says nothing while that is not in its place.
- AWAY: a unit with mains and in its place does not hear the tag, where no fix has said HOME while
  words stand; or two independent witnesses say so: fixes at least τ apart, not one looked-up
  coordinate again. Fixes say nothing against a unit's hearing while that stands.
- Between the two the last stays. After `silent_s` without a word nothing is known.

Whatever comes is a word for what stands, but for what speaks against it and is not enough: where
one coordinate elsewhere is all that comes, it is soon not known whether they are at home.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.facts import Fact, Fix
from tipstaff.monitoring.fix_error import FixError, error_of, laid
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind
from tipstaff.monitoring.outlines import Outline
from tipstaff.monitoring.parameters import EngineParameters, PresenceParameters
from tipstaff.monitoring.presence_evidence import (
    HEARD_THERE,
    NEITHER,
    SAYS_AWAY,
    SAYS_HOME,
    is_within,
    word_of,
)
from tipstaff.monitoring.watches import PlaceToBe


class Where(IntEnum):
    """What is known of the wearer and a place."""

    UNKNOWN = 0
    HOME = 1
    AWAY = 2


@dataclass(frozen=True, slots=True, repr=False)
class PlaceState:
    """What is kept of a place; times in µs, None where there is none.

    `was`: what was known before it fell silent. `word_us`: the last word. `home_fix_us`: the last
    fix that said HOME, if none has said AWAY since. `witness_us`, `witness_network`: the first fix
    that says AWAY, waiting for a second.
    `heard_until_us`: how long fixes say nothing against the unit's hearing. `deaf_us`: its last
    word that it does not hear. `away_us`, `by_network`: since when AWAY is so, and
    whether network fixes alone say it.
    """

    where: Where = Where.UNKNOWN
    was: Where = Where.UNKNOWN
    word_us: int | None = None
    home_fix_us: int | None = None
    witness_us: int | None = None
    witness_network: bool = False
    looked_up: tuple[int, int] | None = None
    heard_until_us: int | None = None
    deaf_us: int | None = None
    mains: bool = True
    in_place: bool = True
    away_us: int = 0
    by_network: bool = False


def take(
    state: PlaceState, fact: Fact, place: PlaceToBe, parameters: EngineParameters
) -> PlaceState:
    """A fix, or an event of this place's unit."""
    if isinstance(fact, Fix):
        return _take_fix(state, fact, place, parameters)
    return _take_event(state, fact, parameters) if fact.address == place.reference else state


def last_known(state: PlaceState) -> Where:
    """What is known, or else what was last."""
    return state.was if state.where is Where.UNKNOWN else state.where


def silent_at(state: PlaceState, parameters: EngineParameters) -> int | None:
    """When nothing is known any more, unless a word comes; None where nothing is known."""
    if state.word_us is None or state.where is Where.UNKNOWN:
        return None
    return state.word_us + round(parameters.presence.silent_s * MICROSECONDS)


def _take_fix(
    state: PlaceState, fix: Fix, place: PlaceToBe, parameters: EngineParameters
) -> PlaceState:
    numbers = parameters.presence
    error = error_of(fix, parameters.error)
    said = _said(fix, place.outline, error, numbers)
    if said == HEARD_THERE:
        heard = _heard(state, fix.at_us, numbers.radio_s)
        return replace(heard, home_fix_us=fix.at_us) if state.in_place else state
    here = (fix.lat_e7, fix.lon_e7)
    repeated = error.network and state.looked_up == here
    state = replace(state, looked_up=here if error.network else state.looked_up)
    if said != SAYS_AWAY or state.where is not Where.HOME:
        state = replace(state, word_us=fix.at_us)
    if said == SAYS_HOME:
        return replace(state, where=Where.HOME, home_fix_us=fix.at_us, witness_us=None)
    is_heard = state.heard_until_us is not None and fix.at_us < state.heard_until_us
    if said != SAYS_AWAY or repeated or is_heard:
        return state
    return _witness(replace(state, home_fix_us=None), fix.at_us, error, numbers)


def _said(fix: Fix, outline: Outline | None, error: FixError, numbers: PresenceParameters) -> int:
    if outline is None:
        return NEITHER
    east, north = laid(fix, outline)
    by_radio = fix.mechanism == Mechanism.RF and numbers.radio_s > 0.0
    if by_radio and is_within(east, north, outline.starts):
        return HEARD_THERE
    return word_of(east, north, outline.starts, error.row, numbers.home, numbers.away)


def _witness(
    state: PlaceState, at_us: int, error: FixError, numbers: PresenceParameters
) -> PlaceState:
    """An independent fix says AWAY: the first waits for a second, or the unit is the second."""
    if state.where is Where.AWAY:
        return replace(state, by_network=state.by_network and error.network)
    if state.deaf_us is not None and _stands(state.deaf_us, at_us, numbers):
        return _away(state, at_us, since_us=state.deaf_us, by_network=False)
    waited = None if state.witness_us is None else at_us - state.witness_us
    if waited is None or waited > numbers.witness_s * MICROSECONDS:
        return replace(state, witness_us=at_us, witness_network=error.network)
    if state.witness_us is None or waited < error.tau_s * MICROSECONDS:
        return state
    alone = state.witness_network and error.network
    return _away(state, at_us, since_us=state.witness_us, by_network=alone)


def _away(state: PlaceState, at_us: int, *, since_us: int, by_network: bool) -> PlaceState:
    state = replace(state, where=Where.AWAY, word_us=at_us)
    return replace(state, away_us=since_us, by_network=by_network)


def _take_event(
    state: PlaceState, event: HomeUnitEvent, parameters: EngineParameters
) -> PlaceState:
    match event.kind:
        case HomeUnitKind.POWER_OFF:
            return replace(state, mains=False, deaf_us=None)
        case HomeUnitKind.POWER_ON:
            return replace(state, mains=True)
        case HomeUnitKind.MOVED:
            return replace(state, in_place=False, heard_until_us=None, deaf_us=None)
        case HomeUnitKind.RETURNED:
            return replace(state, in_place=True)
        case HomeUnitKind.HEARS:
            return _heard(state, event.at_us, parameters.presence.silent_s)
    return _deaf(state, event.at_us, parameters.presence)


def _heard(state: PlaceState, at_us: int, for_s: float) -> PlaceState:
    if not state.in_place:
        return state
    home = replace(state, where=Where.HOME, word_us=at_us, witness_us=None)
    until_us = at_us + round(for_s * MICROSECONDS)
    return replace(home, heard_until_us=until_us, deaf_us=None)


def _deaf(state: PlaceState, at_us: int, numbers: PresenceParameters) -> PlaceState:
    if not (state.in_place and state.mains):
        return replace(state, heard_until_us=None)
    deaf = replace(state, heard_until_us=None, deaf_us=at_us)
    if _stands(state.home_fix_us, at_us, numbers):
        return deaf
    since = state.away_us if state.where is Where.AWAY else at_us
    return _away(deaf, at_us, since_us=since, by_network=False)


def _stands(word_us: int | None, at_us: int, numbers: PresenceParameters) -> bool:
    return word_us is not None and at_us - word_us < numbers.silent_s * MICROSECONDS
