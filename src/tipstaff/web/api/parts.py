"""A group of operations: each is one use case, needs a scope, and names every way it may end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from ninja import Router

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.api_tokens import Doing, Group
from tipstaff.web import references as _references  # noqa: F401 (declares `ref` of addresses)
from tipstaff.web.api.asking import Token
from tipstaff.web.api.problems import ProblemAnswer

_VIEW = TypeVar("_VIEW", bound=Callable[..., Any])
_LOOKING: Final = (401, 403, 404, 422, 429)
_ACTING: Final = (400, *_LOOKING, 409)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API: its name, and the use case that it is."""

    name: str
    group: Group
    doing: Doing
    use_case: str


#: Every operation by its name.
OPERATIONS: Final[dict[str, Operation]] = {}


class Part:
    """A group with its router; `reads` and `acts` declare operations."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.router = Router(tags=[group.value])

    def reads(
        self, path: str, use_case: str, told: Any, *, name: str = "", summary: str = ""
    ) -> Callable[[_VIEW], _VIEW]:
        """Declare a look: GET, answered with `told`."""
        return self._declare("GET", path, use_case, told, name, summary)

    def files(
        self, path: str, use_case: str, kinds: Iterable[str], *, name: str, summary: str
    ) -> Callable[[_VIEW], _VIEW]:
        """Declare a look that is answered with a file, of one of some media types."""
        return self._declare("GET", path, use_case, None, name, summary, kinds)

    def acts(
        self, path: str, use_case: str, told: Any, *, name: str = "", summary: str = ""
    ) -> Callable[[_VIEW], _VIEW]:
        """Declare an act: POST, answered with `told`."""
        return self._declare("POST", path, use_case, told, name, summary)

    def _declare(
        self,
        method: str,
        path: str,
        use_case: str,
        told: Any,
        name: str,
        summary: str,
        files: Iterable[str] = (),
    ) -> Callable[[_VIEW], _VIEW]:
        doing = Doing.READ if method == "GET" else Doing.ACT
        named = name or use_case
        if named in OPERATIONS:
            raise ValueError(f"there is an operation {named} already")
        OPERATIONS[named] = Operation(named, self.group, doing, use_case)
        refusals = dict.fromkeys(_LOOKING if doing is Doing.READ else _ACTING, ProblemAnswer)
        row = ROWS[use_case].words
        declare: Callable[[_VIEW], _VIEW] = self.router.api_operation(
            [method],
            path,
            auth=Token(self.group, doing),
            response={200: told, **refusals},
            operation_id=named,
            url_name=named,
            summary=summary or row[:1].upper() + row[1:],
            openapi_extra={"x-tipstaff-use-case": use_case} | _files(files),
        )
        return declare


def _files(kinds: Iterable[str]) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in kinds}
    return {"responses": {200: {"content": content}}} if content else {}
