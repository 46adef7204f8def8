"""Is the wearer at a place, over columns: what `monitoring.rules.presence` says, exactly.

A place's state is a row of whole numbers, times in µs and -1 where there is none.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.monitoring.fix_columns import FixAt
from tipstaff.monitoring.home_unit import HomeUnitKind
from tipstaff.monitoring.outline_rows import OutlineAt, lay_round
from tipstaff.monitoring.presence_evidence import (
    HEARD_THERE,
    NEITHER,
    SAYS_AWAY,
    SAYS_HOME,
    is_within,
    word_of,
)
from tipstaff.monitoring.rules.presence import Where

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

UNKNOWN, HOME, AWAY = int(Where.UNKNOWN), int(Where.HOME), int(Where.AWAY)
_OFF, _ON = int(HomeUnitKind.POWER_OFF), int(HomeUnitKind.POWER_ON)
_MOVED, _RETURNED = int(HomeUnitKind.MOVED), int(HomeUnitKind.RETURNED)
_HEARS = int(HomeUnitKind.HEARS)
NEVER: Final[int] = 1 << 62
#: The columns of a place's state.
(
    WHERE, WAS, WORD_US, HOME_FIX_US, WITNESS_US, WITNESS_NETWORK, LOOKED_UP, HEARD_TO_US, DEAF_US,
    MAINS, IN_PLACE, AWAY_US, BY_NETWORK, PLACE_WIDTH,
) = range(14)  # fmt: skip


class PresenceNumbers(NamedTuple):
    """`monitoring.parameters.PresenceParameters` as kernels take them."""

    home: float
    away: float
    away_odds: float
    silent_us: int
    witness_us: int
    stay_us: int
    radio_us: int


def new_places(count: int) -> I64:
    """States of places of which nothing is known."""
    places = np.full((count, PLACE_WIDTH), -1, dtype=np.int64)
    places[:, [WHERE, WAS, WITNESS_NETWORK, AWAY_US, BY_NETWORK]] = 0
    places[:, [MAINS, IN_PLACE]] = 1
    places[:, LOOKED_UP] = NEVER
    return places


@njit(cache=True)
def word(
    fix: FixAt, errors: F64, outline: OutlineAt, numbers: PresenceNumbers, east: F64, north: F64
) -> int:
    """What a fix near an outline says of being in it; of one without places nothing."""
    if len(outline.latitude) == 0:
        return NEITHER
    row = errors[fix.claim]
    error = (row[0], row[1], row[2], row[3], row[4], row[5])
    lay_round(fix, outline, east, north)
    if fix.radio and numbers.radio_us > 0 and is_within(east, north, outline.rings):
        return HEARD_THERE
    return word_of(east, north, outline.rings, error, numbers.home, numbers.away)


@njit(cache=True)
def take_fix(fix: FixAt, said: int, place: I64, numbers: PresenceNumbers) -> None:
    """A fix that says HOME, AWAY or neither; one by radio is the hearing of the unit there."""
    at = fix.at_us
    if said == HEARD_THERE:
        if place[IN_PLACE] == 1:
            _hears(at, place, numbers.radio_us)
            place[HOME_FIX_US] = at
        return
    repeated = fix.network and place[LOOKED_UP] == fix.code
    if said != SAYS_AWAY or place[WHERE] != HOME:
        place[WORD_US] = at
    if fix.network:
        place[LOOKED_UP] = fix.code
    if said == SAYS_HOME:
        place[WHERE], place[HOME_FIX_US], place[WITNESS_US] = HOME, at, -1
    elif said == SAYS_AWAY and not repeated and at >= place[HEARD_TO_US]:
        place[HOME_FIX_US] = -1
        _witness(at, fix.network, fix.tau_s, place, numbers)


@njit(cache=True)
def _witness(at: int, network: bool, tau_s: float, place: I64, numbers: PresenceNumbers) -> None:
    """An independent fix says AWAY: the first waits for a second, or the unit is the second."""
    waited = at - place[WITNESS_US]
    if place[WHERE] == AWAY:
        place[BY_NETWORK] = place[BY_NETWORK] == 1 and network
    elif place[DEAF_US] >= 0 and _stands(place[DEAF_US], at, numbers):
        _become_away(at, place[DEAF_US], False, place)
    elif place[WITNESS_US] < 0 or waited > numbers.witness_us:
        place[WITNESS_US], place[WITNESS_NETWORK] = at, network
    elif waited >= tau_s * 1_000_000:
        alone = place[WITNESS_NETWORK] == 1 and network
        _become_away(at, place[WITNESS_US], alone, place)


@njit(cache=True)
def _become_away(at: int, since: int, by_network: bool, place: I64) -> None:
    place[WHERE], place[WORD_US] = AWAY, at
    place[AWAY_US], place[BY_NETWORK] = since, by_network


@njit(cache=True)
def take_event(at: int, kind: int, place: I64, numbers: PresenceNumbers) -> None:
    """An event of the place's home unit."""
    if kind == _OFF:
        place[MAINS], place[DEAF_US] = 0, -1
    elif kind == _ON:
        place[MAINS] = 1
    elif kind == _MOVED:
        place[IN_PLACE], place[HEARD_TO_US], place[DEAF_US] = 0, -1, -1
    elif kind == _RETURNED:
        place[IN_PLACE] = 1
    elif kind == _HEARS:
        _hears(at, place, numbers.silent_us)
    else:
        _deaf(at, place, numbers)


@njit(cache=True)
def _hears(at: int, place: I64, for_us: int) -> None:
    if place[IN_PLACE] == 1:
        place[WHERE], place[WORD_US], place[WITNESS_US] = HOME, at, -1
        place[HEARD_TO_US], place[DEAF_US] = at + for_us, -1


@njit(cache=True)
def _deaf(at: int, place: I64, numbers: PresenceNumbers) -> None:
    place[HEARD_TO_US] = -1
    if place[IN_PLACE] == 0 or place[MAINS] == 0:
        return
    place[DEAF_US] = at
    if not _stands(place[HOME_FIX_US], at, numbers):
        since = place[AWAY_US] if place[WHERE] == AWAY else at
        _become_away(at, since, False, place)


@njit(cache=True)
def _stands(word_us: int, at: int, numbers: PresenceNumbers) -> bool:
    return word_us >= 0 and at - word_us < numbers.silent_us


@njit(cache=True)
def silent_at(places: I64, numbers: PresenceNumbers) -> int:
    """When the next of the places falls silent; NEVER where none can."""
    at = NEVER
    for i in range(len(places)):
        if places[i, WHERE] != UNKNOWN:
            at = min(at, places[i, WORD_US] + numbers.silent_us)
    return at


@njit(cache=True)
def silence(at: int, places: I64, numbers: PresenceNumbers) -> None:
    """Places of which there was no word for too long are not known."""
    for i in range(len(places)):
        if places[i, WHERE] != UNKNOWN and places[i, WORD_US] + numbers.silent_us <= at:
            places[i, WAS], places[i, WHERE] = places[i, WHERE], UNKNOWN


@njit(cache=True)
def overall(places: I64, wanted: int) -> int:
    """Where the wearer is, over the places of a mask."""
    known, away = 0, 0
    for i in range(len(places)):
        if wanted >> i & 1:
            if places[i, WHERE] == HOME:
                return HOME
            known += 1
            away += places[i, WHERE] == AWAY
    return AWAY if known > 0 and away == known else UNKNOWN


@njit(cache=True)
def last_away(places: I64, wanted: int) -> bool:
    """Whether the wearer was last known to be AWAY of all places of a mask."""
    known, away = 0, 0
    for i in range(len(places)):
        if wanted >> i & 1:
            silent = places[i, WHERE] == UNKNOWN
            known += 1
            away += (places[i, WAS] if silent else places[i, WHERE]) == AWAY
    return known > 0 and away == known
