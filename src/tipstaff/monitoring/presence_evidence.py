"""What a fix says of being at a place: HOME, AWAY, or neither. The kernel of both engines.

HOME: P(inside) ≥ `home`. AWAY: the evidence for it, as `zone_evidence` has it below one half, is
at most `away`, which is below one half. With q = P(|e| ≥ distance to the edge), most fixes need no
integral: inside, P is at least 1 − q; outside it is at most q, and so is the evidence.
"""

from __future__ import annotations

from typing import Final

from numba import njit

from tipstaff.monitoring.zone_evidence import (
    F64,
    I64,
    ErrorRow,
    doubt,
    inside,
    survival,
    to_outline,
)

NEITHER: Final = 0
SAYS_HOME: Final = 1
SAYS_AWAY: Final = 2
#: A home unit's radio: the unit that stands there hears the tag.
HEARD_THERE: Final = 3


@njit(cache=True)
def word_of(east: F64, north: F64, starts: I64, row: ErrorRow, home: float, away: float) -> int:
    """What a fix at the origin says of being inside the outline."""
    distance, within = to_outline(east, north, starts)
    reach = survival(distance, row)
    if within:
        sure = reach <= 1.0 - home
        return SAYS_HOME if sure or inside(east, north, starts, row) >= home else NEITHER
    if max(reach, doubt(row)) <= away:
        return SAYS_AWAY
    return NEITHER if reach < home or inside(east, north, starts, row) < home else SAYS_HOME


@njit(cache=True)
def is_within(east: F64, north: F64, starts: I64) -> bool:
    """Whether a fix at the origin lies in the outline as it stands, whatever its error."""
    return bool(to_outline(east, north, starts)[1])
