"""The page of reference about live monitoring: machines, kinds, reasons, protocols, events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from typing import Any, Final

from tipstaff.domain.findings import WHY_WORDS, Level
from tipstaff.domain.protocols import Protocol, ProtocolStep
from tipstaff.domain.transitions import MACHINES, Machine, Row
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.events import EVENT_WORDS
from tipstaff.records.shipped_monitoring import shipped_codes, shipped_protocols

_INTRO: Final = (
    "How findings, episodes and alerts move, who is told of what, and the numbers behind it. What "
    "an alert means for whoever gets it: [alerts](../alerts.md).\n"
)


def monitoring_reference() -> str:
    """The whole page, without the notice above it."""
    parts = ["# Live monitoring\n", _INTRO, "## State machines\n"]
    for machine in MACHINES:
        parts += _machine(machine)
    return "\n".join([*parts, *_protocols(), *_events(), *_reasons(), *_numbers()])


def _machine(machine: Machine) -> list[str]:
    arrows = [f"    {row.state} --> {row.to}: {_label(row)}" for row in machine.rows]
    drawn = ["```mermaid", "stateDiagram-v2", f"    [*] --> {machine.start}", *arrows, "```", ""]
    return [f"### {machine.title}\n", *drawn]


def _label(row: Row) -> str:
    cause = row.cause.replace("_", " ")
    return cause if row.step is None else f"{cause} / {row.step}"


def _protocols() -> list[str]:
    protocols = shipped_protocols()
    severities = [
        [harm.name.lower(), *(protocols.severities[harm, lvl].name.lower() for lvl in Level)]
        for harm in Harm
    ]
    rows = [
        _step(protocol, step) for protocol in protocols.kinds.values() for step in protocol.steps
    ]
    heads = ["kind", "told", "by", "when", "unless it is", "from severity", "queue", "to do"]
    return [
        f"## Protocols: {protocols.title}\n",
        f"`{protocols.protocols_id}`, version {protocols.version}. {protocols.source}.\n",
        *_table(["harm", *(level.name.lower() for level in Level)], severities),
        "Where there is no zone, the harm is that of the kind: "
        f"{', '.join(_harm(protocol) for protocol in protocols.kinds.values())}.\n",
        *_table(heads, rows),
    ]


def _harm(protocol: Protocol) -> str:
    always = ", always live" if protocol.always_live else ""
    return f"{protocol.kind.replace('_', ' ')} ({protocol.harm.name.lower()}{always})"


def _step(protocol: Protocol, step: ProtocolStep) -> list[str]:
    after = step.after // timedelta(minutes=1)
    while_on = ", while it goes on" if step.while_on else ""
    return [
        protocol.kind.replace("_", " "),
        step.to.replace("_", " "),
        step.means,
        (f"after {after} min" if after else "at once") + while_on,
        "closed" if step.unless is None else step.unless.replace("_", " "),
        step.at_least.name.lower(),
        step.queue.replace("_", " "),
        step.words,
    ]


def _events() -> list[str]:
    codes = shipped_codes()
    known: dict[str, list[str]] = {}
    for code, kind in codes.kinds.items():
        known.setdefault(kind, []).append(code)
    rows = [
        [f"`{kind}`", words, ", ".join(f"`{code}`" for code in known.get(kind, []))]
        for kind, words in EVENT_WORDS.items()
    ]
    return ["## Events of devices\n", *_table(["kind", "the device is, or has", codes.title], rows)]


def _reasons() -> list[str]:
    rows = [[f"`{why}`", words] for why, words in WHY_WORDS.items()]
    return ["## Reasons of findings\n", *_table(["reason", "in words"], rows)]


def _numbers() -> list[str]:
    rows = []
    for group in fields(DEVICES_V2):
        values = getattr(DEVICES_V2, group.name)
        if group.name != "version":
            rows += [[group.name, f.name, _value(getattr(values, f.name))] for f in fields(values)]
    return [
        "## Numbers of the rules about devices\n",
        f"`{DEVICES_V2.version}`; the reason of each is beside it in the code.\n",
        *_table(["rule", "number", "value"], rows),
    ]


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]
