"""Where a person's key in the audit is destroyed, so that what it enciphers can be read no more.

The keys are not built yet: until `tipstaff.records.subject_keys` is there, the audit's own text
(authorities) stays readable, and this says that nothing was destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Final
from uuid import UUID

_KEYS: Final = "tipstaff.records.subject_keys"


def destroy(subject_refs: Iterable[UUID]) -> int | None:
    """Destroy these people's keys; how many, None where there are no such keys in this version."""
    if find_spec(_KEYS) is None:
        return None
    wanted = sorted(set(subject_refs))
    import_module(_KEYS).destroy(wanted)
    return len(wanted)
