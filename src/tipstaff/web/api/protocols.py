"""The protocols in use, for programs: of each kind of alert who is told, how, when."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import BeforeValidator

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import Means, Protocol, ProtocolStep, Queue, Recipient
from tipstaff.domain.transitions import AlertState
from tipstaff.domain.zones import Harm
from tipstaff.services.law_in_force import show_protocols
from tipstaff.web.api.alerts import PART
from tipstaff.web.api.asking import who
from tipstaff.web.api.shapes import SeverityTold, Told, seconds

HarmName = StrEnum("HarmName", {one.name: one.name for one in Harm})  # type: ignore[misc]
HarmTold = Annotated[HarmName, BeforeValidator(lambda value: value.name)]


class ProtocolStepTold(Told):
    """Tell `to` by `means`, so long after the opening, unless the alert is `unless` by then.

    Of alerts of the `queue`, at least so severe; with `while_on` only while it goes on.
    """

    name: str
    to: Recipient
    means: Means
    after_seconds: float
    words: str
    unless: AlertState
    at_least: SeverityTold
    queue: Queue
    while_on: bool


class ProtocolTold(Told):
    """Of a kind of alert. `harm`: where there is no zone. `always_live`: never aside or paused."""

    kind: FindingKind
    harm: HarmTold
    always_live: bool
    steps: list[ProtocolStepTold]


class SeverityOf(Told):
    """How severe an alert is of that harm, where the evidence goes so far."""

    harm: HarmTold
    level: Level
    severity: SeverityTold


class ProtocolsTold(Told):
    """The version of the protocols that is in use."""

    protocols_id: str
    version: int
    title: str
    source: str
    severities: list[SeverityOf]
    kinds: list[ProtocolTold]


@PART.reads("/protocols", "show_protocols", ProtocolsTold)
def protocols(request: HttpRequest) -> Any:
    """Who is told of which alert, how, after how long, and what ends it."""
    found = show_protocols(**who(request))
    return {
        "protocols_id": found.protocols_id, "version": found.version,
        "title": found.title, "source": found.source,
        "severities": [
            {"harm": harm, "level": level, "severity": severity}
            for (harm, level), severity in found.severities.items()
        ],
        "kinds": [_protocol(one) for one in found.kinds.values()],
    }  # fmt: skip


def _protocol(one: Protocol) -> dict[str, Any]:
    steps = [_step(step) for step in one.steps]
    return {"kind": one.kind, "harm": one.harm, "always_live": one.always_live, "steps": steps}


def _step(one: ProtocolStep) -> dict[str, Any]:
    names = ("name", "to", "means", "words", "at_least", "queue", "while_on")
    told = {name: getattr(one, name) for name in names}
    return told | {"after_seconds": seconds(one.after), "unless": one.unless or AlertState.CLOSED}
