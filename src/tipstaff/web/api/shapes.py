"""What values look like on the wire: instants in UTC, severities by name, lists with a next link.

What is shown is written out field by field in the groups' modules: a field that a use case gains
is not told to programs by accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field

from tipstaff.domain.protocols import Severity

_ANY = TypeVar("_ANY")
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
#: The most lines of one page.
MOST: Final = 200
USUAL: Final = 50

SeverityName = StrEnum("SeverityName", {one.name: one.name for one in Severity})  # type: ignore[misc]


class Told(Schema):
    """Something told, taken from a value's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Asked(Schema):
    """Something asked for; what is not in it is refused."""

    model_config = ConfigDict(extra="forbid")


class Page(Schema, Generic[_ANY]):
    """A page of a list. `next`: the address of the next page, null on the last."""

    items: list[_ANY]
    next: str | None = None


class Done(Schema):
    """It was done. `ref`: the key of what was recorded, where it has one."""

    ref: str | None = None
    words: str = ""


def _instant(value: datetime) -> datetime:
    if not _FIRST <= value < _LAST:
        raise ValueError("must lie between 2000 and 2100")
    return value.astimezone(UTC)


def _day(value: date) -> date:
    if not _FIRST_DAY <= value < _LAST.date():
        raise ValueError("must lie between 1900 and 2100")
    return value


def _named(value: Any) -> Any:
    return value.name if isinstance(value, Severity) else value


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


#: An instant that is asked for, with its offset.
Instant = Annotated[
    AwareDatetime,
    AfterValidator(_instant),
    Field(description="With an offset, as 2026-11-26T17:00:00Z; between 2000 and 2100"),
]
Day = Annotated[date, AfterValidator(_day), Field(description="A UK day, from 1900 to 2100")]
At = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Line = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]
Reference = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Field(ge=1, le=MOST)]
Cursor = Annotated[str, Field(max_length=1200, description="As the 'next' link has it")]
SeverityTold = Annotated[SeverityName, BeforeValidator(_named)]


def severity_of(name: SeverityName | None) -> Severity:
    """The severity of that name; the least where none is given."""
    return Severity.INFORMATION if name is None else Severity[name.value]


def seconds(length: timedelta) -> float:
    """A length of time as seconds."""
    return length.total_seconds()


Seconds = Annotated[
    float, BeforeValidator(lambda value: seconds(value) if isinstance(value, timedelta) else value)
]


def page_of(lines: Iterable[Any], next_page: str | None = None) -> dict[str, Any]:
    """A page of lines, with where it goes on."""
    return {"items": list(lines), "next": next_page}
