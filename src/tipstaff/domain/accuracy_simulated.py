"""The error model of the simulation's tags: a supplier of its own, with calibrated parameters.

Fitted by the code behind `tipstaff calibrate errors` to simulated worlds 900–904 (60 wearers, 14
days each; 324 tags), positions that repeat another for the same true place counted once. Those
worlds are for tuning and give no figures. On worlds 910–914 (348 tags) the regions to hold 50, 68,
95 and 99% held:

| fixes | positions | 50% | 68% | 95% | 99% |
|---|---|---|---|---|---|
| satellite | 1,896,022 | 49.6 | 66.8 | 95.2 | 99.2 |
| network, claiming 100 m or less | 4,810 | 47.2 | 67.5 | 95.0 | 99.0 |
| network, claiming over 100 m | 5,727 | 50.1 | 67.2 | 94.8 | 99.0 |

Counted fix by fix, repeats and all, network regions hold more than they promise (55, 77, 99.7%),
since what is repeated most, the look-up of a home, is seldom grossly wrong. RF rests on 23 homes.
"""

from __future__ import annotations

from typing import Final

from tipstaff.domain.accuracy import ClassError, ErrorModel

ERROR_MODEL_SIMULATED: Final = ErrorModel(
    version="error-1-simulated",
    nu=4,
    classes=(
        ClassError(2.387, 2.999, 0.01027, 278.2, 396.3, 15.0),
        ClassError(5.868, 10.03, 0.06926, 1135.0, 22_620.0, 80.0, 1.344),
        ClassError(0.6236, 99.49, 0.07276, 1053.0, 19_040.0, 600.0, 2.86),
        ClassError(1.0, 60.0, 0.00701, 303.1, 790_400.0, 6.943, 2.435),
    ),
)
