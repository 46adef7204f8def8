"""What is done under a plan: reviews, tasks and contacts. All of it is about a person.

A contact is never edited: what was wrong in it is told again in a later version, and both show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Benefit(StrEnum):
    """Whether the wearer benefits from the plan and the tag."""

    YES = "yes"
    NO = "no"
    NOT_YET_CLEAR = "not_yet_clear"


class ReviewOutcome(StrEnum):
    """What a review decided."""

    CONTINUE = "continue"
    VARY = "vary"
    END = "end"


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How a contact was made."""

    VISIT = "visit"
    OFFICE = "office"
    PHONE = "phone"
    VIDEO = "video"
    MESSAGE = "message"
    LETTER = "letter"
    OTHER = "other"


class Party(StrEnum):
    """With whom a contact was."""

    WEARER = "wearer"
    FAMILY = "family"
    AGENCY = "agency"
    VICTIM = "victim"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Participant:
    """Who took part in a review; `agency` is an agency's reference, or empty."""

    name: str
    agency: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """A review of a plan: does the wearer benefit, and what follows.

    `wearer_view`: the wearer's own view in their own words. Without it `no_view_because` says why:
    a review is not to be held over somebody's head. `next_due` is None where the plan ends.
    """

    reference: str
    wearer: str
    plan: str
    held_on: date
    benefit: Benefit
    outcome: ReviewOutcome
    reasons: str
    took_part: tuple[Participant, ...] = ()
    wearer_took_part: bool = False
    wearer_view: str = ""
    no_view_because: str = ""
    next_due: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """A task under a plan: for which agency (its reference) and whom there, what, and by when.

    `result` says what came of it, once it is no longer open.
    """

    reference: str
    wearer: str
    plan: str
    agency: str
    what: str
    set_on: date
    due: date
    assignee: str = ""
    state: TaskState = TaskState.OPEN
    result: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """An entry of the contact log: when, who made it, how, with whom, and what was said.

    `party_name` is who it was with, where it was not the wearer.
    """

    reference: str
    wearer: str
    at: datetime
    made_by: str
    channel: Channel
    party: Party
    note: str
    party_name: str = ""
