"""Who was searched, in words: for a crime, and for a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tipstaff.documents.run_view import CrimeView
from tipstaff.domain.search_reasons import ALL_SEARCHED, REASON_WORDS, Reason
from tipstaff.matching import kept_out, wording


def searched(crime: CrimeView) -> str | None:
    """How many of the monitored were searched, and why the others were not; None: not known."""
    if not crime.located or crime.counts.get("monitored_wearers") is None:
        return None
    monitored = wording.plural(crime.count("monitored_wearers"), "wearer")
    told = f"{crime.count('searched_wearers'):,} of {monitored} monitored at the time"
    why = [f"{_words(reason)} ({n:,})" for reason, n in crime.not_searched.items()]
    return f"{told}. Not searched: {' '.join(why)}" if why else told


def rule(manifest: Mapping[str, Any]) -> str | None:
    """By what rule people were searched; None where the manifest does not say."""
    said = manifest.get("searchable")
    if said == "all":
        return ALL_SEARCHED
    if not isinstance(said, Mapping):
        return None
    return (
        f"Searched: those whom policy {said.get('policy')}, version {said.get('version')}, permits "
        "for the crime by its type, force and time. Nobody else was compared with it, and that "
        "clears nobody."
    )


def _words(reason: str) -> str:
    if reason == kept_out.OTHERS:
        return f"Other reasons, each for fewer than {kept_out.FEWEST}"
    return REASON_WORDS[Reason(reason)] if reason in set(Reason) else reason
