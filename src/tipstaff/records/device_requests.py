"""What was asked of suppliers about wearers' devices, and what became of it, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.device_requests import Request, RequestKind, RequestStep
from tipstaff.records.models import DeviceRequest, DeviceRequestStep

_COLUMNS: Final = (
    "id", "wearer__reference", "wearer__subject_ref", "what", "supplier", "device_id", "words",
    "purpose", "authority", "asked_at", "asked_by",
)  # fmt: skip
_STEP: Final = ("at", "by", "step", "words")


@dataclass(frozen=True, slots=True)
class StepLine:
    """What became of a request: by whom it is told, and their words."""

    at: datetime
    by: UUID
    step: RequestStep
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request on record, with what became of it in the order of telling."""

    ref: UUID
    wearer: str = field(repr=False)
    subject_ref: UUID
    request: Request
    purpose: str
    authority: str = field(repr=False)
    at: datetime
    by: UUID
    steps: tuple[StepLine, ...]


def ask(
    request: Request,
    *,
    wearer: UUID,
    alert: UUID | None,
    purpose: str,
    authority: str,
    at: datetime,
    by: UUID,
) -> UUID:
    """Record what is asked; `wearer` and `alert` are keys of rows."""
    row = DeviceRequest.objects.create(
        wearer_id=wearer,
        alert_id=alert,
        supplier=request.supplier,
        device_id=request.device_id,
        what=request.kind,
        words=request.words,
        purpose=purpose,
        authority=authority,
        asked_at=at,
        asked_by=by,
    )
    return row.id


def add_step(request: UUID, step: RequestStep, words: str, *, at: datetime, by: UUID) -> None:
    """Record what became of a request."""
    DeviceRequestStep.objects.create(request_id=request, at=at, by=by, step=step, words=words)


def about(request: UUID) -> tuple[str, UUID] | None:
    """About whom a request is: the wearer's reference, and the audit's; None: there is none."""
    rows = DeviceRequest.objects.filter(id=request)
    return rows.values_list("wearer__reference", "wearer__subject_ref").first()


def of_wearer(reference: str, *, alert: UUID | None = None) -> tuple[RequestLine, ...]:
    """What was asked about a wearer, newest first; about one alert alone, by its row's key."""
    rows = DeviceRequest.objects.filter(wearer__reference=reference)
    return tuple(_lines(rows if alert is None else rows.filter(alert=alert)))


def _lines(rows: Any) -> list[RequestLine]:
    """The requests with their steps, by one statement: a row for each step."""
    told: dict[UUID, tuple[Any, list[StepLine]]] = {}
    columns = [*_COLUMNS, *(f"steps__{name}" for name in _STEP)]
    for row in rows.order_by("-asked_at", "id", "steps__at", "steps__id").values(*columns):
        steps = told.setdefault(row["id"], (row, []))[1]
        if row["steps__at"] is not None:
            step = RequestStep(row["steps__step"])
            steps.append(StepLine(row["steps__at"], row["steps__by"], step, row["steps__words"]))
    return [_line(row, steps) for row, steps in told.values()]


def _line(row: Any, steps: Iterable[StepLine]) -> RequestLine:
    kind = RequestKind(row["what"])
    return RequestLine(
        ref=row["id"],
        wearer=row["wearer__reference"],
        subject_ref=row["wearer__subject_ref"],
        request=Request(kind, row["supplier"], row["device_id"], row["words"]),
        purpose=row["purpose"],
        authority=row["authority"],
        at=row["asked_at"],
        by=row["asked_by"],
        steps=tuple(steps),
    )
