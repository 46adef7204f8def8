"""Protocols: one TOML file a version. No code.

Keys at the top: `id`, `version`, `title`, `source`; a table `[severity]` with a line for each harm:
the severities of suspected, probable and confirmed. Then `[[protocol]]`, one for every kind of
finding:

- `kinds`; `harm` of those without a zone; `always_live` = true: never put aside, never paused;
- `[[protocol.step]]`: `name`, `to`, `means`, `words`; `after_min` (left out: at once); `unless`, a
  state of the alert; `at_least`, a severity; `queue` (left out: live); `while_on` = true: only
  while it goes on.

Of every kind somebody is told at once, in each queue that its alerts can come to, however little
severe they are: a file in which one could pass unseen is refused.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import (
    Means,
    Protocol,
    Protocols,
    ProtocolStep,
    Queue,
    Recipient,
    Severity,
)
from tipstaff.domain.transitions import AlertState
from tipstaff.domain.zones import Harm
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

_KEYS: Final = ("id", "version", "title", "source", "severity", "protocol")
_PROTOCOL_KEYS: Final = ("kinds", "harm", "always_live", "step")
_STEP_KEYS: Final = (
    "name", "to", "means", "words", "after_min", "unless", "at_least", "queue", "while_on",
)  # fmt: skip
_SEVERITIES: Final = {severity.name.lower(): severity for severity in Severity}
_HARMS: Final = {harm.name.lower(): harm for harm in Harm}


def parse_protocols(source: bytes) -> Protocols | tuple[TomlFault, ...]:
    """Read one version of the protocols; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    protocols = Protocols(
        protocols_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        title=reader.text("title", values.get("title")),
        source=reader.text("source", values.get("source")),
        severities=_severities(reader),
        kinds=_kinds(reader),
    )
    return tuple(reader.faults) or protocols


def _severities(reader: Checker) -> dict[tuple[Harm, Level], Severity]:
    table = reader.table("severity")
    reader.known_fields("severity", table, _HARMS)
    found: dict[tuple[Harm, Level], Severity] = {}
    for name, harm in _HARMS.items():
        listed = table.get(name)
        if not isinstance(listed, list) or len(listed) != len(Level):
            action = "list three severities: of suspected, probable, confirmed"
            reader.fault(f"severity.{name}", "is not three severities", action)
            continue
        for level, value in zip(Level, listed, strict=True):
            found[harm, level] = _SEVERITIES[reader.choice(f"severity.{name}", value, _SEVERITIES)]
    return found


def _kinds(reader: Checker) -> dict[FindingKind, Protocol]:
    found: dict[FindingKind, Protocol] = {}
    for number, values in enumerate(reader.tables("protocol"), start=1):
        where = f"protocol[{number}]"
        reader.known_fields(where, values, _PROTOCOL_KEYS)
        harm = _HARMS[reader.choice(f"{where}.harm", values.get("harm"), _HARMS)]
        always = reader.flag(f"{where}.always_live", values.get("always_live", False))
        steps = _steps(reader, where, values)
        for kind in reader.words(f"{where}.kinds", values.get("kinds"), FindingKind):
            if kind in found:
                reader.fault(f"{where}.kinds", f"{kind} has one already", "name each kind once")
            found[kind] = Protocol(kind, harm, steps, always)
            _somebody_is_told(reader, where, found[kind])
    for kind in FindingKind:
        if kind not in found:
            reader.fault("protocol", f"there is none for {kind}", "say who is told of it")
    return found


def _steps(reader: Checker, where: str, values: dict[str, Any]) -> tuple[ProtocolStep, ...]:
    listed = values.get("step")
    if not isinstance(listed, list):
        reader.fault(f"{where}.step", "is missing", "write [[protocol.step]] and its keys below it")
        return ()
    steps = [_step(reader, f"{where}.step[{n}]", each) for n, each in enumerate(listed, start=1)]
    if len({step.name for step in steps}) != len(steps):
        reader.fault(f"{where}.step", "has two of one name", "give each step its own name")
    return tuple(steps)


def _step(reader: Checker, where: str, values: dict[str, Any]) -> ProtocolStep:
    reader.known_fields(where, values, _STEP_KEYS)
    after = reader.count(f"{where}.after_min", values["after_min"]) if "after_min" in values else 0
    least = reader.choice(f"{where}.at_least", values.get("at_least", "information"), _SEVERITIES)
    unless = values.get("unless")
    (to,) = reader.words(f"{where}.to", values.get("to"), Recipient)[:1] or (Recipient.OPERATOR,)
    (means,) = reader.words(f"{where}.means", values.get("means"), Means)[:1] or (Means.QUEUE,)
    (queue,) = reader.words(f"{where}.queue", values.get("queue", "live"), Queue)[:1]
    states = [state.value for state in AlertState if state is not AlertState.NEW]
    state = reader.choice(f"{where}.unless", unless, states) if unless is not None else None
    return ProtocolStep(
        name=reader.text(f"{where}.name", values.get("name")),
        to=to,
        means=means,
        after=timedelta(minutes=after),
        words=reader.text(f"{where}.words", values.get("words")),
        unless=None if state is None else AlertState(state),
        at_least=_SEVERITIES[least],
        queue=queue,
        while_on=reader.flag(f"{where}.while_on", values.get("while_on", False)),
    )


def _somebody_is_told(reader: Checker, where: str, protocol: Protocol) -> None:
    """A fault for each queue in which an alert could pass unseen."""
    at_once = {
        step.queue
        for step in protocol.steps
        if not (step.after or step.while_on) and step.at_least is Severity.INFORMATION
    }
    needed = {Queue.LIVE} if protocol.always_live else set(Queue)
    for queue in sorted(needed - at_once):
        action = f'add a step with queue = "{queue}", without after_min, at_least and while_on'
        reader.fault(f"{where}.step", f"tells nobody at once in the {queue} queue", action)
