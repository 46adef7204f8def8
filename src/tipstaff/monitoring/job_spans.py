"""Which jobs of a fleet are brought on, and how far, in one call of the kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]


class JobSpans(NamedTuple):
    """The n-th job brought on is `job[n]`, up to `until_us[n]`, over its wearer's rows of facts.

    Rows `fix_low[n]` to `fix_high[n]` of fixes, and likewise of home units' events.
    """

    job: I64
    until_us: I64
    fix_low: I64
    fix_high: I64
    event_low: I64
    event_high: I64
