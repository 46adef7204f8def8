"""What became of a change about accounts and access: done, or the problems for which it was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tipstaff.domain.access_checks import AccessCode
from tipstaff.domain.access_facts import ActorFacts
from tipstaff.domain.problems import Problem
from tipstaff.services.recording import Looked


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: `ref` of what was recorded, or why nothing was."""

    ref: UUID | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it was recorded."""
        return not self.problems


def refused(looked: Looked, problems: Iterable[Problem]) -> Outcome:
    """Nothing was recorded; that it was tried is in the audit, with the codes of the problems."""
    told = tuple(problems)
    looked.extent["problems"] = sorted({str(problem.code) for problem in told})
    return Outcome(problems=told)


def recorded(looked: Looked, ref: UUID | None = None) -> Outcome:
    """It was recorded; the audit names it by its key."""
    looked.rows = 1
    if ref is not None:
        looked.extent["recorded"] = str(ref)
    return Outcome(ref)


def account_problems(account: ActorFacts | UUID | None, where: str = "user") -> list[Problem]:
    """What is wrong with an account that was named: there must be one."""
    if account is not None:
        return []
    action = "name an account that 'tipstaff accounts list' shows"
    return [Problem(AccessCode.ACCOUNT_NOT_KNOWN, where, action)]


def clock() -> datetime:
    """The time by the clock of this machine, aware UTC."""
    return datetime.now(UTC)
