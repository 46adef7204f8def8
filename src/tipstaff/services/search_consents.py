"""What wearers consented to, as far as searching goes.

Nobody's consent is on record yet, so nobody is searched on the strength of one: `consents_at` is
where matching asks, and finds none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tipstaff.domain.search_facts import Consent


def consents_at(
    wearers: Iterable[str],  # noqa: ARG001 (consents will be looked up by them)
    *,
    known_at: datetime,  # noqa: ARG001
) -> Mapping[str, tuple[Consent, ...]]:
    """By wearer, every consent that was known at `known_at`, the withdrawn and ended ones too.

    A consent given again after it was withdrawn is another one.
    """
    return {}
