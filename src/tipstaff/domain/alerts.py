"""Alerts: an episode that a person must look at, and what people did about it.

A decision is never changed: `decisions` only grows. What moves by itself is the evidence.

- Retracted, and nobody touched it or was told: it closes itself. Touched, or told of: its evidence
  *changed*, a person has to look, and everyone who was told is told again.
- Weaker, or merged into another: the same.
- Stronger after it was closed: a linked alert opens; the closed one stays as it was decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Recipient, Route
from tipstaff.domain.transitions import ALERT, Act, AlertState
from tipstaff.domain.zones import Harm


class AlertOutcome(StrEnum):
    """What an alert turned out to be. The last two are the program's: nobody had touched it."""

    GENUINE = "genuine"
    NOT_GENUINE = "not_genuine"
    EQUIPMENT = "equipment"
    AUTHORISED = "authorised"
    REASONABLE_EXCUSE = "reasonable_excuse"
    RETRACTED = "retracted"
    MERGED = "merged"


#: What puts an alert into somebody's hands.
_TAKES: Final = frozenset({Act.ACKNOWLEDGE, Act.TAKE_IN_HAND, Act.HAND_OVER})
OWN_OUTCOMES: Final = frozenset({AlertOutcome.RETRACTED, AlertOutcome.MERGED})
#: With whom an alert may be shared; with the shift lead it is escalated.
SHARED_WITH: Final = (Recipient.CASE_MANAGER, Recipient.INTELLIGENCE_TEAM, Recipient.SHIFT_LEAD)
_IN_WORDS: Final = frozenset({Act.CLOSE, Act.HAND_OVER, Act.NOTE, Act.SHARE, Act.CONTACT})


class Reached(StrEnum):
    """What came of an attempt to reach the wearer."""

    SPOKE = "spoke"
    MESSAGE_LEFT = "message_left"
    NO_ANSWER = "no_answer"
    NOT_POSSIBLE = "not_possible"


class AlertCode(StrEnum):
    """Why something cannot be done to an alert."""

    NOT_NOW = "NOT_NOW"
    NO_OUTCOME = "NO_OUTCOME"
    NO_REASON = "NO_REASON"
    NOBODY = "NOBODY"
    LOOK_FIRST = "LOOK_FIRST"
    CHANGED_SINCE = "CHANGED_SINCE"
    NOT_KNOWN = "NOT_KNOWN"


class Evidence(StrEnum):
    """What is so of an alert's episode now."""

    STANDS = "stands"
    MERGED = "merged"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class EpisodeNow:
    """What an episode says at one revision; `goes_on` is whether it has no end yet."""

    episode: int
    revision: int
    level: Level
    evidence: Evidence = Evidence.STANDS
    goes_on: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody did, with their words. `by` is a reference of an account, empty: the program.

    `revision` and `level` are those of the evidence which they had before them. `to` is the account
    to which it was handed over, `reached` what came of an attempt to reach the wearer,
    `shared_with` those with whom it was shared, by their part.
    """

    at: datetime
    by: str
    act: Act
    revision: int
    level: Level
    words: str = field(default="", repr=False)
    outcome: AlertOutcome | None = None
    to: str = ""
    reached: Reached | None = None
    shared_with: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert on an episode, opened at one of its revisions.

    `harm` is the zone's, None where there is none. `changed` is the revision of evidence that
    changed after it was acted on, 0 where none did; `seen` the last such that a person looked at.
    `follows` is the number of the closed alert that this one followed, `followed_by` that of the
    one which followed this; 0 if none.
    """

    number: int
    wearer: str = field(repr=False)
    kind: FindingKind
    harm: Harm | None
    route: Route
    opened_at: datetime
    opened: EpisodeNow
    told: EpisodeNow
    state: StrEnum = ALERT.start
    decisions: tuple[Decision, ...] = ()
    changed: int = 0
    seen: int = 0
    follows: int = 0
    followed_by: int = 0

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody still has to look: not closed, or changed since and not looked at."""
        return self.state is not AlertState.CLOSED or self.changed > self.seen

    @property
    def outcome(self) -> AlertOutcome | None:
        """What it was closed as; None where it is open."""
        return next((d.outcome for d in reversed(self.decisions) if d.outcome is not None), None)

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed; None where it is open."""
        return next((d.at for d in reversed(self.decisions) if d.outcome is not None), None)

    @property
    def holder(self) -> str:
        """The account in whose hands it is: the last that it was given to or took it; or empty."""
        for one in reversed(self.decisions):
            if one.act in _TAKES:
                return one.to or one.by
        return ""

    @property
    def mark(self) -> str:
        """What somebody has before them who looks at it: "DECISIONS.REVISION"."""
        return f"{len(self.decisions)}.{self.told.revision}"


def decided(
    alert: Alert,
    act: Act,
    by: str,
    now: datetime,
    words: str = "",
    outcome: AlertOutcome | None = None,
) -> Alert | Problem:
    """The alert after somebody did something to it, or why that cannot be done."""
    problem = _problem(alert, act, by, words, outcome)
    row = ALERT.row(alert.state, act)
    if problem is not None:
        return problem
    if row is None:
        action = f"an alert that is {alert.state} cannot be given this; look at it again"
        return Problem(AlertCode.NOT_NOW, "act", action)
    told = alert.told
    decision = Decision(now, by, act, told.revision, told.level, words, outcome)
    seen = alert.changed if act is Act.SEEN else alert.seen
    return replace(alert, state=row.to, decisions=(*alert.decisions, decision), seen=seen)


def shared(
    alert: Alert, by: str, now: datetime, words: str, recipients: Collection[Recipient]
) -> Alert | Problem:
    """The alert after somebody shared it, or why that cannot be done. Each is told once."""
    if not recipients or not set(recipients) <= set(SHARED_WITH):
        action = f"say with whom: {', '.join(SHARED_WITH)}"
        return Problem(AlertCode.NOBODY, "shared_with", action)
    after = decided(alert, Act.SHARE, by, now, words)
    if isinstance(after, Problem):
        return after
    told = tuple(one for one in SHARED_WITH if one in recipients)
    last = replace(after.decisions[-1], shared_with=told)
    return replace(after, decisions=(*after.decisions[:-1], last))


def with_detail(alert: Alert, *, to: str = "", reached: Reached | None = None) -> Alert:
    """The alert with more said of its last decision: to whom it went, what came of a contact."""
    last = replace(alert.decisions[-1], to=to, reached=reached)
    return replace(alert, decisions=(*alert.decisions[:-1], last))


def _problem(
    alert: Alert, act: Act, by: str, words: str, outcome: AlertOutcome | None
) -> Problem | None:
    if act is Act.LAPSE or outcome in OWN_OUTCOMES:
        return Problem(AlertCode.NOT_NOW, "act", "leave this to the program")
    if not by:
        return Problem(AlertCode.NOBODY, "by", "say who does this")
    if (outcome is not None) is not (act is Act.CLOSE):
        action = "give an outcome when closing, and only then"
        return Problem(AlertCode.NO_OUTCOME, "outcome", action)
    if act in _IN_WORDS and not words.strip():
        return Problem(AlertCode.NO_REASON, "words", "say why, in a sentence")
    if act is Act.CLOSE and alert.changed > alert.seen:
        action = "its evidence changed: say first that you have looked at it"
        return Problem(AlertCode.LOOK_FIRST, "act", action)
    return None


def moved(alert: Alert, told: EpisodeNow, now: datetime, *, notified: bool) -> Alert:
    """The alert after its episode was told of anew. `notified`: as `domain.notices.has_told` says.

    An older revision than the one known changes nothing: messages may cross.
    """
    if told.episode != alert.told.episode or told.revision <= alert.told.revision:
        return alert
    withdrawn = told.evidence is not Evidence.STANDS
    weaker = withdrawn or told.level < alert.told.level
    after = replace(alert, told=told)
    if weaker and (notified or alert.decisions):
        return replace(after, changed=told.revision)
    return _lapsed(after, now) if withdrawn else after


def _lapsed(alert: Alert, now: datetime) -> Alert:
    """Nobody touched it and nobody was told: it closes itself, and says so."""
    row = ALERT.row(alert.state, Act.LAPSE)
    if row is None:
        raise ValueError("only a new alert closes itself")
    told, outcome = alert.told, AlertOutcome(alert.told.evidence)
    decision = Decision(now, "", Act.LAPSE, told.revision, told.level, "", outcome)
    return replace(alert, state=row.to, decisions=(*alert.decisions, decision))


def is_outgrown(alert: Alert) -> bool:
    """Whether evidence went further than what a closed alert was decided on, and none follows."""
    if alert.state is not AlertState.CLOSED or alert.followed_by:
        return False
    level = next(d.level for d in reversed(alert.decisions) if d.outcome is not None)
    return alert.told.evidence is Evidence.STANDS and alert.told.level > level


def linked(alert: Alert, number: int, route: Route, now: datetime) -> tuple[Alert, Alert]:
    """The closed alert and the one that opens because the evidence outgrew it."""
    if not is_outgrown(alert):
        raise ValueError("an alert is followed by another only once the evidence outgrew it")
    new = Alert(
        number=number,
        wearer=alert.wearer,
        kind=alert.kind,
        harm=alert.harm,
        route=route,
        opened_at=now,
        opened=alert.told,
        told=alert.told,
        follows=alert.number,
    )
    return replace(alert, followed_by=number), new
