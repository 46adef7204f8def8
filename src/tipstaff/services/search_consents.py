"""What wearers consented to, as far as searching goes: what matching asks of consents on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tipstaff.domain import consents as rules
from tipstaff.domain import search_facts
from tipstaff.domain.case_kinds import Kind
from tipstaff.records import case_sets


def consents_at(
    wearers: Iterable[str], *, known_at: datetime
) -> Mapping[str, tuple[search_facts.Consent, ...]]:
    """By wearer, every consent that was known at `known_at`, the withdrawn and ended ones too.

    A consent given again after it was withdrawn is another one. For use cases that were admitted;
    it writes no entry of its own.
    """
    standing = case_sets.standing(wearers, {Kind.CONSENT}, valid_at=known_at)
    found = {
        wearer: tuple(_searched(v for v in values if isinstance(v, rules.Consent)))
        for wearer, values in standing.items()
    }
    return {wearer: given for wearer, given in found.items() if given}


def _searched(consents: Iterable[rules.Consent]) -> Iterator[search_facts.Consent]:
    """What was given at each time it was, narrowed by what took its place."""
    every = tuple(consents)
    for given_at in sorted({consent.given_at for consent in every}):
        consent = rules.search_consent(every, given_at)
        if consent is not None and consent.given_at == given_at:
            yield consent
