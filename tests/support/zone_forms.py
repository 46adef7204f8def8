"""The two forms of the zone rule: what each finds, and that it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from tipstaff.domain.findings import Finding
from tipstaff.monitoring.facts import Fix, speaking
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.reference import zone_findings
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_columns import findings_of, new_states, watch_zones
from tipstaff.monitoring.zone_jobs import fix_columns, zone_jobs, zone_numbers


def by_columns(
    lived: list[list[Fix]], watched: list[ZoneWatch], horizons: list[int]
) -> list[list[Finding]]:
    """What the columns find, the horizon moved in steps and each state taken up again."""
    numbers = zone_numbers(PARAMETERS_V1)
    states = new_states(len(watched), numbers)
    found: list[list[Finding]] = [[] for _ in watched]
    after = -1
    for horizon in horizons:
        pieces = [[f for f in speaking(x) if after < f.at_us <= horizon] for x in lived]
        ends = list(accumulate(map(len, pieces), initial=0))
        rows = list(pairwise(ends))
        columns = fix_columns([fix for fixes in pieces for fix in fixes], PARAMETERS_V1)
        jobs = zone_jobs(watched, rows, PARAMETERS_V1)
        steps, states = watch_zones(columns, jobs, numbers, horizon, states)
        for job, new in enumerate(findings_of(steps, [watch.condition for watch in watched])):
            found[job] += new
        after = horizon
    return found


def found(fixes: Sequence[Fix], watch: ZoneWatch, horizon_us: int) -> list[Finding]:
    """What the reference finds, which the columns find too."""
    by_reference = zone_findings(fixes, watch, PARAMETERS_V1, horizon_us)
    assert by_columns([list(fixes)], [watch], [horizon_us]) == [by_reference]
    return by_reference
