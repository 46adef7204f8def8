"""The gate at the intake: of the fixes of a file, those that may be taken in, and why not the rest.

On an instance without any order on record there is no gate: all is taken in, as it always was.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.intake_gate import verdict_steps
from tipstaff.domain.intake_words import DeviceFacts, GateReason, Verb
from tipstaff.domain.periods import to_micros
from tipstaff.formats.positions_withheld import withheld
from tipstaff.records import case_sets, intake_facts, law

_I64 = NDArray[np.int64]
_REASONS: Final = tuple(GateReason)
_VERBS: Final = tuple(Verb)
_KEEP, _DROP, _ASIDE = (
    _VERBS.index(verb) for verb in (Verb.KEEP, Verb.DROP_COUNTED, Verb.QUARANTINE)
)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The verdicts on a device's fixes: from each of `starts` on, by index of verb and reason."""

    starts: _I64
    verbs: _I64
    reasons: _I64


@dataclass(slots=True)
class Gate:
    """The gate of one import. `dropped` counts by reason what was kept in no form."""

    supplier: str
    received_at: datetime
    dropped: Counter[str] = field(default_factory=Counter)
    _stands: bool = field(init=False)
    _learnt: dict[str, _Steps] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stands = case_sets.any_order()

    def sift(self, table: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The rows that may be taken in, and those to be quarantined; the others are counted."""
        if not self._stands or not table.num_rows:
            return table, withheld(table.slice(0, 0), [])
        verbs, reasons = self._verdicts(table)
        for reason, count in enumerate(np.bincount(reasons[verbs == _DROP]).tolist()):
            if count:
                self.dropped[_REASONS[reason].value] += count
        aside = verbs == _ASIDE
        why = [_REASONS[reason].value for reason in reasons[aside].tolist()]
        kept = table.filter(pa.array(verbs == _KEEP))
        return kept, withheld(table.filter(pa.array(aside)), why)

    def _verdicts(self, table: pa.Table) -> tuple[_I64, _I64]:
        """The verb and the reason of each row, by their index."""
        names = table["device_id"].combine_chunks().dictionary_encode()
        devices = names.dictionary.to_pylist()
        self._learn([device for device in devices if device not in self._learnt])
        times = np.asarray(table["fix_time"].cast(pa.int64()))
        which = np.asarray(names.indices)
        by_device = np.argsort(which, kind="stable")
        bounds = np.searchsorted(which[by_device], np.arange(len(devices) + 1))
        verbs, reasons = np.zeros_like(times), np.zeros_like(times)
        for index, device in enumerate(devices):
            rows = by_device[bounds[index] : bounds[index + 1]]
            steps = self._learnt[device]
            at = np.searchsorted(steps.starts, times[rows], side="right") - 1
            verbs[rows], reasons[rows] = steps.verbs[at], steps.reasons[at]
        return verbs, reasons

    def _learn(self, devices: list[str]) -> None:
        if not devices:
            return
        policy = law.shipped_intake_policy()
        facts = intake_facts.facts_of(self.supplier, devices, now=self.received_at)
        for device in devices:
            found = verdict_steps(facts.get(device, DeviceFacts()), self.received_at, policy)
            self._learnt[device] = _Steps(
                np.array([to_micros(start) for start, _ in found], dtype=np.int64),
                np.array([_VERBS.index(v.verb) for _, v in found], dtype=np.int64),
                np.array([_REASONS.index(v.reason) for _, v in found], dtype=np.int64),
            )
