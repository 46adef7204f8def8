"""Going on to the next page of a list: by its last line, so that nothing shifts meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from tipstaff.records.alert_pages import After, AlertLine


def begun_after(request: HttpRequest) -> After | None:
    """The line after which the page begins; None: the first page, also where it is none."""
    parts = request.GET.get("after", "").split("/")
    try:
        severity, opened, ref = parts
        at = datetime.fromisoformat(opened)
        return None if at.tzinfo is None else (int(severity), at, UUID(ref))
    except ValueError:
        return None


def next_of(request: HttpRequest, lines: Sequence[AlertLine], most: int) -> str:
    """The address of the next page; empty on the last."""
    if len(lines) < most:
        return ""
    last, query = lines[-1], request.GET.copy()
    query["after"] = f"{int(last.severity)}/{last.opened_at.isoformat()}/{last.ref}"
    return f"?{query.urlencode()}"


def after_of(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """The line after which the page begins, by an instant and a key; None: the first page."""
    at, _, ref = request.GET.get("after", "").partition("/")
    try:
        instant = datetime.fromisoformat(at)
        return None if instant.tzinfo is None else (instant, UUID(ref))
    except ValueError:
        return None


def next_by(request: HttpRequest, at: datetime, ref: UUID) -> str:
    """The address of the page after the line of that instant and key."""
    query = request.GET.copy()
    query["after"] = f"{at.isoformat()}/{ref}"
    return f"?{query.urlencode()}"
