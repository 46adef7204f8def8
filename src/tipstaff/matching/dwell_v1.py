"""The dwell law of model v1. Written by `tipstaff calibrate dwell`; do not edit.

Made from 1 simulated worlds without crimes, seeds 900 to 900, of 200 wearers and 28 days each.
Rows: a strange place, a known one, a usual one.
"""

from __future__ import annotations

from typing import Final

from tipstaff.matching.dwell import DwellLaw

DWELL_V1: Final = DwellLaw(
    from_min=(1, 2, 4, 6, 9, 13, 21, 31, 46, 61, 91),
    weights=(
        (0.0783, 0.0934, 1.06, 3.74, 4.43, 4.75, 2.99, 1.71, 0.874, 0.773, 0.0882),
        (0.125, 0.0645, 0.742, 6.44, 7.74, 5.26, 3.44, 2.53, 1.16, 0.439, 0.0854),
        (9.38, 2.31, 17.4, 20.0, 20.0, 20.0, 20.0, 17.5, 4.88, 1.28, 0.05),
    ),
    within_m=100.0,
    surest_m=75.0,
    seen_min=15.0,
)
