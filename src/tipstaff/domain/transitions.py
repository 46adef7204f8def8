"""Every state machine of live monitoring, as tables: of findings, of episodes, of alerts.

The code moves by these tables and the page `docs/reference/monitoring.md` is drawn from them, so
that what is drawn is what is done. What a table does not name moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tipstaff.domain.findings import Step


@dataclass(frozen=True, slots=True)
class Row:
    """In `state`, `cause` leads to `to`, and `step` is found; None where nothing is told."""

    state: StrEnum
    cause: StrEnum
    to: StrEnum
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine: where it starts, and every move there is."""

    name: str
    title: str
    start: StrEnum
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if len({(row.state, row.cause) for row in self.rows}) != len(self.rows):
            raise ValueError(f"the machine {self.name} has two rows for one state and cause")

    def row(self, state: StrEnum, cause: StrEnum) -> Row | None:
        """The move from a state for a cause; None where there is none."""
        return next((r for r in self.rows if r.state == state and r.cause == cause), None)


class Tamper(StrEnum):
    """A strap or a case."""

    WHOLE = "whole"
    OPEN = "open"
    SETTLING = "settling"


class TamperCause(StrEnum):
    """What moves a strap or a case."""

    OPENED = "opened"
    NO_EXCUSE = "no_excuse"
    CLEARED = "cleared"
    STAYED = "stayed"
    PERIOD_ENDED = "period_ended"


class Standing(StrEnum):
    """A thing of which it is only asked whether it is so, and how far it has gone."""

    CLEAR = "clear"
    STANDS = "stands"


class StandingCause(StrEnum):
    """What moves it."""

    SAID = "said"
    SAID_MORE = "said_more"
    OVER = "over"
    PERIOD_ENDED = "period_ended"


class Silence(StrEnum):
    """Whether a device is heard, or its position known."""

    HEARD = "heard"
    SILENT = "silent"
    UNFILLED = "unfilled"
    FILLED = "filled"


class SilenceCause(StrEnum):
    """What moves a silence."""

    OVERDUE = "overdue"
    LONGER = "longer"
    HEARD = "heard"
    ALL_TOLD = "all_told"
    PERIOD_ENDED = "period_ended"


class EpisodeState(StrEnum):
    """An episode: what belongs to one visit."""

    STANDS = "stands"
    MERGED = "merged"
    RETRACTED = "retracted"


class EpisodeCause(StrEnum):
    """What moves an episode when all is computed again."""

    AMENDED = "amended"
    ABSORBED = "absorbed"
    GONE = "gone"


class AlertState(StrEnum):
    """Where an alert is in people's hands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_HAND = "in_hand"
    CLOSED = "closed"


class Act(StrEnum):
    """What a person does to an alert; the last is the program's: the evidence went, all untouched.

    `SEEN` is that a person has looked at evidence that changed after it was acted on; `SHARE` tells
    others of it, or the shift lead, and moves nothing: it stays with whoever has it.
    """

    ACKNOWLEDGE = "acknowledge"
    TAKE_IN_HAND = "take_in_hand"
    HAND_OVER = "hand_over"
    NOTE = "note"
    SHARE = "share"
    CONTACT = "contact"
    SEEN = "seen"
    CLOSE = "close"
    LAPSE = "lapse"


_S, _T, _U, _E, _A = Silence, Tamper, Standing, EpisodeState, AlertState

TAMPER: Final = Machine(
    "tamper",
    "Strap and case",
    _T.WHOLE,
    (
        Row(_T.WHOLE, TamperCause.OPENED, _T.OPEN, Step.BEGAN),
        Row(_T.OPEN, TamperCause.NO_EXCUSE, _T.OPEN, Step.GREW),
        Row(_T.OPEN, TamperCause.CLEARED, _T.SETTLING),
        Row(_T.OPEN, TamperCause.PERIOD_ENDED, _T.WHOLE, Step.ENDED),
        Row(_T.SETTLING, TamperCause.OPENED, _T.OPEN),
        Row(_T.SETTLING, TamperCause.STAYED, _T.WHOLE, Step.ENDED),
        Row(_T.SETTLING, TamperCause.PERIOD_ENDED, _T.WHOLE, Step.ENDED),
    ),
)

STANDING: Final = Machine(
    "standing",
    "Battery, charging, charger, home unit, shielding, equipment",
    _U.CLEAR,
    (
        Row(_U.CLEAR, StandingCause.SAID, _U.STANDS, Step.BEGAN),
        Row(_U.STANDS, StandingCause.SAID_MORE, _U.STANDS, Step.GREW),
        Row(_U.STANDS, StandingCause.OVER, _U.CLEAR, Step.ENDED),
        Row(_U.STANDS, StandingCause.PERIOD_ENDED, _U.CLEAR, Step.ENDED),
    ),
)

SILENCE: Final = Machine(
    "silence",
    "No communication, and no position",
    _S.HEARD,
    (
        Row(_S.HEARD, SilenceCause.OVERDUE, _S.SILENT, Step.BEGAN),
        Row(_S.SILENT, SilenceCause.LONGER, _S.SILENT, Step.GREW),
        Row(_S.SILENT, SilenceCause.HEARD, _S.UNFILLED, Step.ENDED),
        Row(_S.SILENT, SilenceCause.PERIOD_ENDED, _S.UNFILLED, Step.ENDED),
        Row(_S.UNFILLED, SilenceCause.ALL_TOLD, _S.FILLED, Step.FILLED),
    ),
)

EPISODE: Final = Machine(
    "episode",
    "Episodes, when all is computed again",
    _E.STANDS,
    (
        Row(_E.STANDS, EpisodeCause.AMENDED, _E.STANDS),
        Row(_E.STANDS, EpisodeCause.ABSORBED, _E.MERGED),
        Row(_E.STANDS, EpisodeCause.GONE, _E.RETRACTED),
    ),
)

_WORKED: Final = (Act.HAND_OVER, Act.NOTE, Act.SHARE, Act.CONTACT, Act.SEEN)

ALERT: Final = Machine(
    "alert",
    "Alerts in people's hands",
    _A.NEW,
    (
        Row(_A.NEW, Act.ACKNOWLEDGE, _A.ACKNOWLEDGED),
        Row(_A.NEW, Act.TAKE_IN_HAND, _A.IN_HAND),
        Row(_A.NEW, Act.NOTE, _A.NEW),
        Row(_A.NEW, Act.SHARE, _A.NEW),
        Row(_A.NEW, Act.SEEN, _A.ACKNOWLEDGED),
        Row(_A.NEW, Act.LAPSE, _A.CLOSED),
        Row(_A.ACKNOWLEDGED, Act.TAKE_IN_HAND, _A.IN_HAND),
        Row(_A.ACKNOWLEDGED, Act.CLOSE, _A.CLOSED),
        *(Row(_A.ACKNOWLEDGED, act, _A.ACKNOWLEDGED) for act in _WORKED),
        Row(_A.IN_HAND, Act.CLOSE, _A.CLOSED),
        *(Row(_A.IN_HAND, act, _A.IN_HAND) for act in _WORKED),
        Row(_A.CLOSED, Act.NOTE, _A.CLOSED),
        Row(_A.CLOSED, Act.SHARE, _A.CLOSED),
        Row(_A.CLOSED, Act.SEEN, _A.CLOSED),
    ),
)

MACHINES: Final = (TAMPER, STANDING, SILENCE, EPISODE, ALERT)
