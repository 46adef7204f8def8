"""How a use case is called by a test that proves whom each refuses, and at what it aims.

Imports are made inside: importing a use case makes Django ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tipstaff.domain.periods import Period

Who = dict[str, Any]
NONE_SUCH = UUID(int=7)
FOLDER: list[Path] = []  # where files of samples go, set by the test
HOLDS: dict[str, UUID] = {}  # the legal hold on each wearer, set by the test


class Aim(Enum):
    """What a use case aims at, and so how it must treat whoever is out of reach.

    WEARER: answers as for nobody. REFERENCE: refuses a reference that stands for them. LIST: leaves
    them out. FORCE, SUPPLIER: refuses what is another's. NOTHING: concerns no wearer.
    """

    WEARER = "wearer"
    REFERENCE = "reference"
    LIST = "list"
    FORCE = "force"
    SUPPLIER = "supplier"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Sample:
    """`call` carries the use case out; a LIST's result is lines with a `wearer`.

    `before`: what has to be so for the call on that wearer to find anything.
    """

    call: Callable[[Who, str], Any]
    aim: Aim = Aim.NOTHING
    before: Callable[[str], None] = lambda _wearer: None


def of(path: str) -> Callable[..., Any]:
    module, name = path.split(".")
    found: Callable[..., Any] = getattr(import_module(f"tipstaff.services.{module}"), name)
    return found


def plain(path: str, **options: Any) -> Callable[[Who, str], Any]:
    """A call with these options, whomever it is aimed at."""
    return lambda who, _wearer: of(path)(**who, **options)


def aimed(path: str, **options: Any) -> Callable[[Who, str], Any]:
    """A call with these options and `wearer`."""
    return lambda who, wearer: of(path)(**who, wearer=wearer, **options)


def lately() -> Period:
    """The last hour: within everybody's routine."""
    now = datetime.now(UTC)
    return Period(now - timedelta(hours=1), now)


def key() -> Path:
    """A key to encrypt to; the public part is beside it."""
    from tipstaff.backups.keys import make_key

    found = FOLDER[0] / "sample.key"
    if not found.exists():
        make_key(found, "", datetime(2026, 1, 1, tzinfo=UTC))
    return found


def fresh(name: str) -> Path:
    """A path at which there is nothing yet."""
    return FOLDER[0] / f"{uuid4()}-{name}"
