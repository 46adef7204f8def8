"""The error model of the simulation's tags: a supplier of its own, with calibrated parameters.

Fitted by the code behind `tipstaff calibrate errors` to simulated worlds 900–904 (60 wearers, 14
days each; 324 tags), positions that repeat another for the same true place counted once. Those
worlds are for tuning and give no figures. On worlds 910–914 (348 tags) the regions to hold 50, 68,
95 and 99% held:

| fixes | positions | 50% | 68% | 95% | 99% |
|---|---|---|---|---|---|
| satellite | 1,896,022 | 49.6 | 66.8 | 95.2 | 99.2 |
| network, claiming 100 m or less | 4,810 | 47.7 | 66.6 | 95.0 | 99.2 |
| network, claiming over 100 m | 5,727 | 50.2 | 67.2 | 94.8 | 99.0 |

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
        ClassError(2.387, 2.989, 0.01052, 275.6, 396.3, 15.0),
        ClassError(5.632, 7.997, 0.0677, 1207.0, 22_620.0, 80.0, 1.515),
        ClassError(0.6235, 100.5, 0.0726, 1056.0, 19_040.0, 600.0, 2.872),
        ClassError(1.0, 60.0, 0.006007, 297.5, 790_400.0, 6.763, 2.983),
    ),
)
