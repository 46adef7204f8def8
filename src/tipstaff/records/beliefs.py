"""Which rows of activations and holdings are believed: now, or as was known at an instant."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q


def as_known(known_at: datetime | None) -> Q:
    """Rows that say what is believed now, or what was at `known_at`."""
    if known_at is None:
        return Q(superseded_at__isnull=True)
    standing = Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at)
    return standing & Q(recorded_at__lte=known_at)
