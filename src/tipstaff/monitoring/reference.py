"""The engine, slow and obvious: the facts of one wearer one by one, each rule by itself.

The columnar engine must find exactly the same; Hypothesis shows that it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tipstaff.domain.findings import Finding
from tipstaff.monitoring.facts import Fix, Rank, speaking
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import zone
from tipstaff.monitoring.watches import Periods, ZoneWatch


def zone_findings(
    fixes: Iterable[Fix], watch: ZoneWatch, parameters: EngineParameters, horizon_us: int
) -> list[Finding]:
    """What one zone's rule finds up to the horizon, from the beginning, in order."""
    state = zone.new_state(parameters.zone)
    out: list[Finding] = []
    for at_us, rank, fix in sorted(_happenings(fixes, watch.periods), key=lambda h: h[:2]):
        if at_us > horizon_us:
            break
        if rank is Rank.PERIOD_END:
            state, found = zone.end(state, at_us, watch, parameters)
        elif rank is Rank.PERIOD_START:
            state, found = zone.start(state, at_us, watch, parameters)
        elif fix is not None:
            state, found = zone.take(state, fix, watch, parameters)
        else:
            found = []
        out += found
    return out


def _happenings(fixes: Iterable[Fix], periods: Periods) -> Iterator[tuple[int, Rank, Fix | None]]:
    for start_us, end_us in periods:
        yield start_us, Rank.PERIOD_START, None
        yield end_us, Rank.PERIOD_END, None
    yield from ((fix.at_us, Rank.FACT, fix) for fix in speaking(fixes))
