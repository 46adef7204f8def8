"""The acts of the desks as operations: each with a body made of the fields of its form.

Times are instants with their offset here, where forms have UK time; all else is as in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from http import HTTPStatus
from types import SimpleNamespace
from typing import Annotated, Any, Final, Literal, cast

from django.http import HttpRequest
from pydantic import Field as Entry
from pydantic import create_model

from tipstaff.domain.roles import Role
from tipstaff.services.access import Who
from tipstaff.web.acts import Act, Field, Given, Kind
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import ApiError, Fault
from tipstaff.web.api.shapes import Asked, Day, Instant, Line, Told, Words

#: Whom choices are made for: a role that has every use case; which are open, the use case decides.
_EVERYBODY: Final = SimpleNamespace(user=SimpleNamespace(role=Role.LOCAL.value))


class ActDone(Told):
    """It was done: what a page would say, and what is shown this once, as a key or a password."""

    words: str
    secret: str | None = None


class GivenByProgram(Given):
    """What a program sent: instants stay what they are."""

    def __init__(self, sent: dict[str, Any]) -> None:
        super().__init__({name: _texts(value) for name, value in sent.items()})
        self._sent = sent

    def moment(self, name: str) -> datetime | None:
        """The instant; None where none was sent."""
        found = self._sent.get(name)
        return found if isinstance(found, datetime) else None


def add_acts(part: Part, acts: Iterable[Act], *, but: Sequence[str] = ()) -> None:
    """Declare an operation for each act, under `/do/NAME`; `but`: not for these."""
    for act in acts:
        if act.name not in but:
            _declare(part, act)


def _declare(part: Part, act: Act) -> None:
    made = _body_of(act)

    def run(request: HttpRequest, body: Any) -> dict[str, Any]:
        return _done(act, who(request), body.model_dump(exclude_none=True))

    run.__doc__ = act.warning or None
    run.__annotations__ = {"request": HttpRequest, "body": made}
    told = part.acts(f"/do/{act.name}", act.use_case, ActDone, summary=act.title)
    told(cast(Callable[..., Any], run))


def _done(act: Act, asked: Who, sent: dict[str, Any]) -> dict[str, Any]:
    done = act.do(asked, GivenByProgram(sent))
    if done.problems:
        faults = [
            Fault(pointer=_pointer(act, one.where), code=str(one.code), detail=one.action)
            for one in done.problems
        ]
        detail = "Nothing was done. What is wrong stands in 'problems'."
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, faults[0].code, detail, faults)
    return {"words": done.words or act.done, "secret": done.secret or None}


def _pointer(act: Act, where: str) -> str:
    """The field that a problem belongs to, by the name under which it was sent."""
    names = {one.where or one.name: one.name for one in act.fields}
    part = where.partition(".")[0].partition("[")[0]
    found = names.get(where, names.get(part, ""))
    return f"/body/{found}" if found else "/body"


def _body_of(act: Act) -> Any:
    fields: dict[str, Any] = {one.name: _entry(one) for one in act.fields}
    name = "".join(step.capitalize() for step in act.name.split("-"))
    return create_model(f"{name}Asked", __base__=Asked, **fields)


def _entry(field: Field) -> Any:
    words = " ".join(filter(None, (field.label, field.hint)))
    kind = _type_of(field)
    if field.needed:
        return (kind, Entry(description=words or None))
    return (kind | None, Entry(default=None, description=words or None))


_TYPES: Final[dict[Kind, Any]] = {
    Kind.DAY: Day,
    Kind.MOMENT: Instant,
    Kind.NUMBER: Annotated[int, Entry(ge=0, le=1_000_000)],
}


def _type_of(field: Field) -> Any:
    if field.options and field.kind is not Kind.KNOWN:
        one: Any = Literal[tuple(value for value, _words in field.options(_asker()))]
        several: Any = Annotated[list[one], Entry(min_length=1, max_length=100)]
        return several if field.kind is Kind.SEVERAL else one
    if field.kind in _TYPES:
        return _TYPES[field.kind]
    text: Any = Words if field.kind is Kind.WORDS else Line
    return Annotated[text, Entry(min_length=1)] if field.needed else text


def _asker() -> HttpRequest:
    return cast(HttpRequest, _EVERYBODY)


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [one.isoformat() if isinstance(one, date) else str(one) for one in several]
