"""A simulated world's fixes beside the truth of each, read in columns: a world has a million.

Fixes of a removed tag are left out: the tag was right about itself, and the error model speaks of
worn tags (π, the chance that one was not, is apart).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.fixes import Mechanism
from tipstaff.matching.error_sample import ErrorSample, error_sample


def simulated_errors(truth_fixes: pa.Table, world: str = "") -> ErrorSample:
    """The errors of every fix of a worn tag; `world` goes before each device's name."""
    worn = truth_fixes.filter(_words(truth_fixes, "error_kind") != "removed")
    codes = {m.name: int(m) for m in Mechanism}
    names, kind = np.unique(_words(worn, "mechanism"), return_inverse=True)
    mechanism = np.array([codes.get(str(name), int(Mechanism.UNKNOWN)) for name in names])[kind]
    return error_sample(
        np.char.add(f"{world} " if world else "", _words(worn, "device_id")),
        np.asarray(worn.column("fix_time").cast(pa.int64()).to_numpy()),
        mechanism,
        (_floats(worn, "precision_m"), 0.95),
        (_floats(worn, "latitude"), _floats(worn, "longitude")),
        (_floats(worn, "true_latitude"), _floats(worn, "true_longitude")),
    )


def _words(table: pa.Table, name: str) -> NDArray[np.str_]:
    return np.array(table.column(name).to_pylist(), dtype=np.str_)


def _floats(table: pa.Table, name: str) -> NDArray[np.float64]:
    return np.asarray(table.column(name).cast(pa.float64()).to_numpy(), dtype=np.float64)
