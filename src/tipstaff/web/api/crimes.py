"""Crime files: which came, what became of their crimes, and sending one."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, UploadedFile

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.batches import ChangeKind
from tipstaff.formats.crimes import MAX_FILE_BYTES, Mode
from tipstaff.formats.crimes_problems import Problem
from tipstaff.records.crime_lists import BatchLine
from tipstaff.services.crime_lists import list_batches, list_crimes
from tipstaff.services.crimes import import_crimes
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import ApiError, Fault, not_found
from tipstaff.web.api.shapes import USUAL, Asked, At, Cursor, Limit, Page, Told, page_of

PART: Final = Part(Group.CRIMES)
#: Of what is wrong with a file, so much is told.
MOST_PROBLEMS: Final = 200


class BatchTold(Told):
    """A crime file that came. `kind`: empty for the first of a day, R replaces, A adds."""

    ref: UUID
    force: str
    batch_id: str
    kind: str
    status: str
    rows: int
    accepted: int
    received_at: At


class CrimeTold(Told):
    """A crime of a file: whether it is located, stands, and was matched."""

    reference: str
    version: int
    crime_type: str
    start: At
    end: At
    located: bool
    stands: bool
    matched: bool


class BatchWithCrimes(Told):
    """A crime file with its crimes, by reference; at most 1,000."""

    batch: BatchTold
    crimes: list[CrimeTold]


class RowTold(Told):
    """Something wrong with a row, counted from 1; what stands in the row is not said again."""

    row: int | None
    line: int | None
    field: str | None
    code: str
    detail: str


class TakenIn(Told):
    """What became of a file that was taken in, whole or but for some rows."""

    batch: str
    status: str
    rows: int
    accepted: int
    already_held: bool
    changes: dict[ChangeKind, int]
    errors: list[RowTold]
    warnings: list[RowTold]


class BatchesAsked(Asked):
    """Which page."""

    after: Cursor = ""
    limit: Limit = USUAL


class SendingAsked(Asked):
    """`lenient` forgives some deviations from the format, each with a warning."""

    mode: Mode = Mode.STRICT


@PART.reads("/crime-files", "list_batches", Page[BatchTold])
def batches(request: HttpRequest, asked: Annotated[BatchesAsked, Query()]) -> Any:
    """The crime files that came, the last first; to an account of a force its force's alone."""
    after = cursors.read(asked.after, cursors.at_and_ref)
    lines = list_batches(**who(request), after=after, limit=asked.limit)
    return page_of(lines, cursors.next_page(request, lines, asked.limit, _cursor))


@PART.reads("/crime-files/{batch}", "list_crimes", BatchWithCrimes)
def batch(request: HttpRequest, batch: UUID) -> Any:
    """One crime file with its crimes."""
    found = list_crimes(**who(request), batch=batch)
    if found is None:
        raise not_found()
    return found


@PART.acts("/crime-files", "import_crimes", TakenIn)
def send(
    request: HttpRequest,
    asked: Annotated[SendingAsked, Query()],
    file: Annotated[UploadedFile, File()],
) -> Any:
    """Send a crime file; 422 where no row of it was taken in."""
    done = import_crimes(**who(request), content=_content(file), mode=asked.mode)
    if not done.file.crimes:
        raise _not_taken_in(done.file.errors)
    return {
        "batch": "" if done.file.batch is None else str(done.file.batch),
        "status": str(done.file.status),
        "rows": done.file.rows,
        "accepted": len(done.file.crimes),
        "already_held": done.already_held,
        "changes": dict(done.changes),
        "errors": [_row(one) for one in done.file.errors[:MOST_PROBLEMS]],
        "warnings": [_row(one) for one in done.file.warnings[:MOST_PROBLEMS]],
    }


def _content(file: UploadedFile) -> bytes:
    if file.size and file.size <= MAX_FILE_BYTES:
        return bytes(file.read())
    detail = f"Send a file of 1 byte to {MAX_FILE_BYTES // 1024**2} MB."
    fault = Fault(pointer="/file", code="FILE", detail=detail)
    raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "FILE", detail, [fault])


def _not_taken_in(errors: Sequence[Problem]) -> ApiError:
    faults = [
        Fault(pointer=_pointer(one), code=str(one.code), detail=one.action)
        for one in errors[:MOST_PROBLEMS]
    ]
    detail = "Nothing was taken in. What is wrong stands in 'problems'."
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "NOT_TAKEN_IN", detail, faults)


def _pointer(one: Problem) -> str:
    steps = ["", "file", *(["rows", str(one.row)] if one.row else []), one.field or ""]
    return "/".join(steps).rstrip("/")


def _row(one: Problem) -> dict[str, Any]:
    return {
        "row": one.row, "line": one.line, "field": one.field, "code": str(one.code),
        "detail": one.action,
    }  # fmt: skip


def _cursor(line: BatchLine) -> str:
    return cursors.written(line.received_at, line.ref)
