"""One-time codes of wearers: issued, tried, used once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from tipstaff.domain.own_codes import MOST_TRIES
from tipstaff.records.models import OwnPageCode


def issue(wearer: UUID, code: str, *, at: datetime, by: UUID, ends_at: datetime) -> UUID:
    """Record a code by its digest; one that was issued before is good for nothing from now on."""
    before = OwnPageCode.objects.filter(wearer=wearer, used_at__isnull=True, ends_at__gt=at)
    before.update(ends_at=at)
    row = OwnPageCode.objects.create(
        wearer_id=wearer, digest=make_password(code), issued_at=at, issued_by=by, ends_at=ends_at
    )
    return row.id


def use(wearer: str, code: str, *, at: datetime) -> bool:
    """Whether that is the wearer's code, which is used up by it; a wrong one counts as a try.

    It takes as long for a wearer without a code as for one with: nothing tells them apart.
    """
    rows = OwnPageCode.objects.filter(
        wearer__reference=wearer, used_at__isnull=True, ends_at__gt=at, tries__lt=MOST_TRIES
    )
    row = rows.order_by("-issued_at").first()
    if row is None:
        make_password(code)
        return False
    counted = rows.filter(id=row.id).update(tries=F("tries") + 1)  # of many at once, five count
    right = check_password(code, row.digest)
    if not (counted and right):
        return False
    used = OwnPageCode.objects.filter(id=row.id, used_at__isnull=True, ends_at__gt=at)
    return bool(used.update(used_at=at))
