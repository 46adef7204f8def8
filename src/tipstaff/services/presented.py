"""By which token somebody came: said once where it was presented, told of every entry since.

It holds for the request at hand alone: each is answered within `request`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_TOKEN: Final[ContextVar[str]] = ContextVar("presented_token", default="")


@contextmanager
def request() -> Iterator[None]:
    """A request: nobody came by a token until it is said, and nobody did afterwards."""
    before = _TOKEN.set("")
    try:
        yield
    finally:
        _TOKEN.reset(before)


def say(token_id: str) -> None:
    """All that is done from now on in this request is done by that token."""
    _TOKEN.set(token_id)


def told() -> dict[str, Any]:
    """What the audit is told of it: the token's id; nothing where nobody came by one."""
    token_id = _TOKEN.get()
    return {"token": token_id} if token_id else {}
