"""Why monitored wearers were not searched for a crime, in counts that point at nobody.

Where few are monitored, a count of one would say of somebody known to wear a tag that they are a
child, or on bail. So a reason that kept out fewer than five is not told by itself: those are told
together, without saying which of the reasons they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Fewer than this are told together.
FEWEST: Final = 5
OTHERS: Final = "other_reasons"


def told(counts: Mapping[str, int]) -> str:
    """Reasons with their counts as one text, the most frequent first; empty where there is none."""
    named = {reason: count for reason, count in counts.items() if count >= FEWEST}
    rest = sum(counts.values()) - sum(named.values())
    ordered = sorted(named.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{reason}: {n}" for reason, n in [*ordered, (OTHERS, rest)] if n)


def read(text: str | None) -> dict[str, int]:
    """What `told` wrote; nothing from a text that is not its own."""
    parts = [part.partition(": ") for part in (text or "").split("; ")]
    return {reason: int(count) for reason, colon, count in parts if colon and count.isdigit()}
