"""How commands write alerts: a line in a list, one alert whole, what somebody had not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.position_files import fail
from tipstaff.domain.alerts import Decision
from tipstaff.domain.findings import WHY_WORDS, Why
from tipstaff.domain.protocols import Severity
from tipstaff.monitoring.visits import END_WORDS, Visit

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.alert_pages import AlertLine
    from tipstaff.records.device_requests import RequestLine
    from tipstaff.services.alert_acts import SeenSince
    from tipstaff.services.alert_lists import AlertView

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT", help="The wearer's reference and the number: W000001/3.")
]
MarkOption = Annotated[
    str, typer.Option("--as-of", metavar="MARK", help="The mark that was printed: what you saw.")
]
WearerArgument = Annotated[
    str, typer.Argument(metavar="WEARER", help="The reference of the wearer.")
]


def alert_of(text: str) -> tuple[str, int]:
    """The wearer's reference and the number that name an alert."""
    wearer, _, number = text.rpartition("/")
    if not wearer or not number.isdecimal():
        raise fail("Name an alert as it was printed: W000001/3.")
    return wearer, int(number)


def at(instant: datetime) -> str:
    """An instant, to the minute."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def severity_words(severity: Severity) -> str:
    """A severity, in a word."""
    return severity.name.lower()


def line_words(line: AlertLine) -> str:
    """An alert in a list."""
    marks = [
        *(["late"] if line.late else []),
        *(["EVIDENCE CHANGED"] if line.changed else []),
        *([f"follows {line.follows}"] if line.follows else []),
        *([] if line.goes_on else ["over"]),
        *([f"closed as {line.outcome}"] if line.outcome is not None else []),
    ]
    more = f"  [{', '.join(marks)}]" if marks else ""
    return (
        f"{severity_words(line.severity):<11}  {at(line.opened_at)}  {line.wearer}/{line.number}  "
        f"{line.kind} {line.condition}  {line.level.name.lower()}  {line.state}{more}  "
        f"as of {line.mark}"
    )


def alert_words(view: AlertView) -> Iterator[str]:
    """One alert whole: a line for each thing that is known of it."""
    alert = view.alert
    yield (
        f"{view.wearer}/{alert.number}  {alert.kind} {view.condition}  "
        f"{severity_words(view.severity)}  {alert.state}  as of {alert.mark}"
    )
    late = ", late" if alert.route.late else ""
    yield f"opened {at(alert.opened_at)} for the queue {alert.route.queue}{late}"
    if alert.changed > alert.seen:
        yield "EVIDENCE CHANGED after somebody acted on it or was told: look, then say 'seen'."
    if alert.follows:
        yield f"follows {view.wearer}/{alert.follows}"
    if alert.followed_by:
        yield f"followed by {view.wearer}/{alert.followed_by}"
    yield from _episode_words(view)
    for decision in alert.decisions:
        yield f"  {decision_words(decision, view.names)}"
    for told in view.about.notices:
        key = told.key
        yield (
            f"  {at(told.queued_at)}  notice {key.step} to {key.recipient} by {told.means}, at "
            f"revision {key.revision}: {told.state}"
        )
    for request in view.requests:
        yield from request_words(request, view.names)
    for other in view.about.others:
        yield f"  before: {_visit_words(other.value.visit)} ({other.value.state})"


def _episode_words(view: AlertView) -> Iterator[str]:
    if view.about.episode is not None:
        one = view.about.episode.value
        yield f"episode {one.number}, {one.state}: {_visit_words(one.visit)}"
    for line in view.about.revisions:
        whys = _whys(line.whys)
        yield (
            f"  revision {line.revision}, {line.change}, known {at(line.known_at)}: "
            f"{line.level.name.lower()}; {whys}"
        )


def _visit_words(visit: Visit) -> str:
    ended = "" if visit.ended is None else f" to {at(visit.ended)}"
    return (
        f"{visit.level.name.lower()} from {at(visit.began)}{ended}; {END_WORDS[visit.end]}; "
        f"{_whys(visit.whys)}"
    )


def _whys(whys: tuple[Why, ...]) -> str:
    return ", ".join(WHY_WORDS[why] for why in whys)


def decision_words(one: Decision, names: Mapping[str, str]) -> str:
    """What somebody did: when, who, what, and in what words."""
    by = names.get(one.by, one.by) if one.by else "the program"
    to = f" to {names.get(one.to, one.to)}" if one.to else ""
    shared = f" with {', '.join(one.shared_with)}" if one.shared_with else ""
    reached = f" ({one.reached})" if one.reached is not None else ""
    outcome = f" as {one.outcome}" if one.outcome is not None else ""
    words = f": {one.words}" if one.words else ""
    return f"{at(one.at)}  {by}  {one.act}{to}{shared}{reached}{outcome}{words}"


def request_words(line: RequestLine, names: Mapping[str, str]) -> Iterator[str]:
    """What was asked of a device, and what became of it."""
    asked, by = line.request, names.get(str(line.by), str(line.by))
    yield (
        f"  {at(line.at)}  {by}  asked {asked.kind} of {asked.supplier} {asked.device_id}  "
        f"{line.ref}"
    )
    if not line.steps:
        yield "    nobody has recorded that it was passed to the supplier"
    for step in line.steps:
        yield f"    {at(step.at)}  {step.step}: {step.words}"


def since_words(since: SeenSince) -> Iterator[str]:
    """What the actor had not before them."""
    for decision in since.decisions:
        yield f"since then: {decision_words(decision, since.names)}"
    if since.evidence_moved:
        yield "since then: the evidence moved"
    yield f"now as of {since.mark}"
