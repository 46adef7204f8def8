"""The protocols in use as pages: of each kind of alert who is told, how, when, and what ends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import (
    Protocol,
    Protocols,
    ProtocolStep,
    Queue,
    Recipient,
    Severity,
)
from tipstaff.domain.transitions import AlertState
from tipstaff.domain.zones import Harm
from tipstaff.services.law_in_force import show_protocols
from tipstaff.web import words
from tipstaff.web.callers import calling
from tipstaff.web.state_words import spoken

_ENDS: Final[dict[AlertState | None, str]] = {
    AlertState.ACKNOWLEDGED: "Not told any more once somebody has acknowledged it",
    AlertState.IN_HAND: "Not told any more once somebody has it in hand",
    AlertState.CLOSED: "Not told any more once it is closed",
    None: "Not told any more once it is closed",
}
_QUEUES: Final[dict[Queue, str]] = {
    Queue.LIVE: "In the live queue",
    Queue.CASE_MANAGER: "In the case managers’ queue",
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step of a protocol in words. `only`: for which alerts alone, empty for all."""

    when: str
    who: str
    means: str
    to_do: str
    only: tuple[str, ...]
    ends: str


@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """Every kind of alert with whom it comes to and how soon; what counts as how severe."""
    found = show_protocols(**calling(request, "show_protocols"))
    page: dict[str, Any] = {
        "protocols": found,
        "kinds": [
            (kind, words.KIND[kind], told_in_short(found.kinds[kind])) for kind in words.KIND
        ],
        "levels": [words.LEVEL[level] for level in Level],
        "severities": _severities(found, Harm),
        "words": words,
    }
    return render(request, "rules_protocols.html.jinja", page)


@require_GET
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """The protocol of one kind of alert, step by step."""
    if kind not in set(FindingKind):
        raise Http404
    found = show_protocols(**calling(request, "show_protocols"))
    protocol = found.kinds[FindingKind(kind)]
    of_zones = protocol.kind is FindingKind.ZONE
    page: dict[str, Any] = {
        "protocols": found,
        "protocol": protocol,
        "of_zones": of_zones,
        "title": words.KIND[protocol.kind],
        "queues": [(_QUEUES[queue], steps_of(protocol, queue)) for queue in Queue],
        "levels": [words.LEVEL[level] for level in Level],
        "severities": _severities(found, Harm if of_zones else (protocol.harm,)),
        "words": words,
    }
    return render(request, "rules_protocol.html.jinja", page)


def steps_of(protocol: Protocol, queue: Queue) -> list[StepWords]:
    """The steps for alerts of a queue in words, in the order in which they come."""
    listed = [step for step in protocol.steps if step.queue is queue]
    return [_in_words(step) for step in sorted(listed, key=lambda step: step.after)]


def told_in_short(protocol: Protocol) -> list[str]:
    """Who is told of an alert of the live queue, each once, with how soon at the earliest."""
    soonest: dict[Recipient, ProtocolStep] = {}
    for step in sorted(protocol.steps, key=lambda step: step.after):
        if step.queue is Queue.LIVE:
            soonest.setdefault(step.to, step)
    return [f"{_who(step)}, {_when(step).lower()}" for step in soonest.values()]


def _in_words(step: ProtocolStep) -> StepWords:
    return StepWords(
        when=_when(step),
        who=_who(step),
        means=f"By {spoken(step.means)}",
        to_do=step.words,
        only=tuple(_only(step)),
        ends=_ENDS[step.unless],
    )


def _who(step: ProtocolStep) -> str:
    return f"The {spoken(step.to)}"


def _when(step: ProtocolStep) -> str:
    if not step.after:
        return "At once"
    minutes = step.after // timedelta(minutes=1)
    if minutes >= 120 and minutes % 60 == 0:
        return f"After {minutes // 60} hours"
    return f"After {minutes} {'minute' if minutes == 1 else 'minutes'}"


def _only(step: ProtocolStep) -> list[str]:
    found = []
    if step.at_least is not Severity.INFORMATION:
        severity = words.SEVERITY[step.at_least].lower()
        more = "" if step.at_least is max(Severity) else " or more severe"
        found.append(f"Only if it is {severity}{more}")
    if step.while_on:
        found.append("Only while it goes on, as far as is known")
    return found


def _severities(found: Protocols, harms: Iterable[Harm]) -> list[tuple[str, list[Severity]]]:
    return [
        (harm.name.lower(), [found.severities[harm, level] for level in Level]) for harm in harms
    ]
