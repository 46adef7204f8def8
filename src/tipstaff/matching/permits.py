"""Who may be searched for which crime, as the match heeds it.

A pair that is not permitted is no pair at all: it is neither looked at, nor scored, excluded or
counted, and its wearer is nobody to match a scene by chance. Why not is a code that the match
counts and does not understand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.matching.gate import NOT_SEARCHED

I8 = NDArray[np.int8]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

PERMITTED: Final = 0


@dataclass(frozen=True, slots=True)
class Permits:
    """`codes` (C, W) of crimes by their keys and wearers: 0 where permitted, else a reason.

    `reasons` names the codes. `answered` (W,): whose answers are wanted; the others are searched,
    so that they count where chance is reckoned, and no answer about them is made.
    """

    codes: I8
    reasons: tuple[str, ...]
    answered: Bools

    @classmethod
    def everybody(cls, crimes: int, wearers: int) -> Permits:
        """All may be searched for all."""
        codes = np.broadcast_to(np.int8(PERMITTED), (crimes, wearers))
        return cls(codes, ("permitted",), np.ones(wearers, np.bool_))

    def may(self, crime: int) -> Bools:
        """Who may be searched for a crime (W,)."""
        return np.asarray(self.codes[crime] == PERMITTED)

    def anybody(self) -> Bools:
        """Who may be searched for one of the crimes at least (W,)."""
        found = np.zeros(self.codes.shape[1], np.bool_)
        for crime in range(len(self.codes)):
            found |= self.may(crime)
        return found

    def narrow(self, classes: I8, index: I64) -> I64:
        """Take out of `classes` (C, W), in place, who may not be searched for these crimes.

        `index` says which crimes they are. Returns how many monitored wearers each reason kept
        out of each (C, reasons); the first column is of those searched.
        """
        told = np.zeros((len(index), len(self.reasons)), np.int64)
        for scene, crime in enumerate(index.tolist()):
            row = classes[scene]
            monitored = row != NOT_SEARCHED
            told[scene] = np.bincount(self.codes[crime][monitored], minlength=len(self.reasons))
            row[~self.may(crime)] = NOT_SEARCHED
        return told
