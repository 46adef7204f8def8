"""What matching answers: outcomes, what decided them, and the columns of a result file."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

import pyarrow as pa

from tipstaff.domain.fixes import TIMESTAMP


class Outcome(StrEnum):
    """The answer for one crime and one wearer; exactly one each."""

    CANDIDATE = "candidate"
    EXCLUDED = "excluded"
    NOT_MONITORABLE = "not_monitorable"
    CANNOT_EXCLUDE = "cannot_exclude"


class DecidedBy(IntEnum):
    """What decided the outcome; stored as this code, rendered as a sentence on reading."""

    STRENGTH = 1  # candidate: the likelihood ratio is at least the threshold
    REACH = 2  # excluded: could not have got there and back between trusted fixes
    TRAIL = 3  # excluded: the chance of an unseen visit is below the bound
    NO_FIX = 4  # not monitorable: no fix in the padded window
    GAP = 5  # not monitorable: the scene could be reached only within a gap over 5 minutes
    ACTIVATION = 6  # not monitorable: the activation covers only part of the window
    CLOCK = 7  # not monitorable: the device's clock is in doubt
    CONTRADICTION = 8  # not monitorable: fixes that no journey can join
    NETWORK_ONLY = 9  # cannot be excluded: only network positions, which never exclude by trail
    FRAGILE = 10  # cannot be excluded: it would be, but for one fix, run or block
    NEAR = 11  # cannot be excluded: the trail leaves a visit possible


#: The outcome that each of them decides.
OUTCOME_OF: Final = {
    DecidedBy.STRENGTH: Outcome.CANDIDATE,
    DecidedBy.REACH: Outcome.EXCLUDED,
    DecidedBy.TRAIL: Outcome.EXCLUDED,
    DecidedBy.NO_FIX: Outcome.NOT_MONITORABLE,
    DecidedBy.GAP: Outcome.NOT_MONITORABLE,
    DecidedBy.ACTIVATION: Outcome.NOT_MONITORABLE,
    DecidedBy.CLOCK: Outcome.NOT_MONITORABLE,
    DecidedBy.CONTRADICTION: Outcome.NOT_MONITORABLE,
    DecidedBy.NETWORK_ONLY: Outcome.CANNOT_EXCLUDE,
    DecidedBy.FRAGILE: Outcome.CANNOT_EXCLUDE,
    DecidedBy.NEAR: Outcome.CANNOT_EXCLUDE,
}

#: The columns of a result file, in order: one row per crime version and wearer.
RESULT_SCHEMA: Final = pa.schema(
    [
        ("force", pa.string()),
        ("crime_reference", pa.string()),
        ("crime_version", pa.int32()),
        ("wearer_id", pa.string()),
        ("device_ids", pa.string()),  # ";"-joined, in order
        ("outcome", pa.string()),
        ("rank", pa.int32()),  # 1 is strongest; empty unless candidate
        ("log10_lr", pa.float64()),  # empty for excluded
        ("log10_lr_low", pa.float64()),
        ("log10_lr_high", pa.float64()),
        ("strength", pa.string()),  # the verbal band; empty for excluded
        ("presence_probability", pa.float64()),
        ("expected_chance_matches", pa.float64()),  # empty unless candidate
        ("searched_wearers", pa.int32()),
        ("nearest_m", pa.float64()),
        ("nearest_at", TIMESTAMP),
        ("dwell_s", pa.int32()),
        ("fixes_near", pa.int32()),
        ("coverage", pa.float64()),
        ("decided_by", pa.string()),  # the name of DecidedBy in lower case
        ("legacy_match", pa.bool_()),
        ("legacy_labels", pa.string()),  # ";"-joined A1;A2;B1
        ("explanation", pa.string()),
    ]
)
