"""The file of MQTT brokers: how each is reached, and which supplier speaks on which topics.

A broker is believed for the suppliers that are written below it and for no others: what it lets
whom publish is its own matter, so each supplier needs rules there that keep it to its topics.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from tipstaff.formats.feeds.listed import BROKER_FORMS
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

#: A broker keeps for us what comes while we are away, for so long: as long as a position counts.
KEPT_DAYS: Final = 92
_TLS_PORT: Final = 8883
_BROKER_KEYS: Final = frozenset(
    {"name", "host", "port", "tls", "ca_file", "username", "password_file", "topics"}
)
_TOPIC_KEYS: Final = frozenset({"form", "supplier", "root"})


@dataclass(frozen=True, slots=True)
class Topics:
    """A supplier's topics on a broker: their form (`BROKER_FORMS`) and what they begin with."""

    form: str
    supplier: str
    root: str

    def filters(self) -> tuple[str, ...]:
        """What is subscribed to."""
        return tuple("/".join(levels) for levels in self._patterns())

    def device_of(self, topic: str) -> str | None:
        """The device that a topic is of; empty where its messages say it; None: not among these."""
        levels = topic.split("/")
        for pattern in self._patterns():
            if len(pattern) == len(levels) and all(
                level and want in {"+", level} for want, level in zip(pattern, levels, strict=True)
            ):
                return self._device(levels)
        return None

    def _patterns(self) -> tuple[tuple[str, ...], ...]:
        root = tuple(self.root.split("/"))
        if self.form == "owntracks":
            return (*root, "+", "+"), (*root, "+", "+", "event")
        if self.form == "tipstaff":
            return (*root, "+", "fix"), (*root, "+", "event")
        return (root,)

    def _device(self, levels: list[str]) -> str:
        depth = len(self.root.split("/"))
        if self.form == "owntracks":  # as the app names itself over HTTP
            return "/".join(levels[: depth + 2])
        return levels[depth] if self.form == "tipstaff" else ""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker. `name` is also the client id by which it knows us again."""

    name: str
    host: str
    port: int
    tls: bool
    topics: tuple[Topics, ...]
    ca_file: str = ""
    username: str = field(default="", repr=False)
    password_file: str = field(default="", repr=False)

    @property
    def suppliers(self) -> tuple[str, ...]:
        """Whose messages are taken from it."""
        return tuple(sorted({one.supplier for one in self.topics}))


def read_brokers(source: bytes) -> tuple[Broker, ...] | list[TomlFault]:
    """The brokers of a file, or all that is wrong with it."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return [values]
    check = Checker(values)
    found = [
        _broker(check, f"broker[{number}]", value)
        for number, value in enumerate(check.tables("broker"))
    ]
    if len({broker.name for broker in found}) < len(found):
        check.fault("broker", "two have one name", "give each a name of its own")
    return check.faults or tuple(found)


def _broker(check: Checker, where: str, value: dict[str, Any]) -> Broker:
    _known(check, where, value, _BROKER_KEYS)
    tls, port = value.get("tls", True), value.get("port", _TLS_PORT)
    if not isinstance(tls, bool):
        check.fault(f"{where}.tls", "must be true or false", "leave it out for true")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65_536:
        check.fault(f"{where}.port", "must be a port's number", f"leave it out for {_TLS_PORT}")
    inner = Checker(value)
    topics = tuple(
        _topics(inner, f"topics[{number}]", one)
        for number, one in enumerate(inner.tables("topics"))
    )
    for fault in inner.faults:
        check.fault(f"{where}.{fault.where}", fault.what, fault.action)
    if any(_overlap(a, b) for a, b in combinations(topics, 2)):
        check.fault(f"{where}.topics", "overlap", "let each topic be one supplier's, in one form")
    given = {key: _text(check, f"{where}.{key}", value.get(key, ""))
             for key in ("ca_file", "username", "password_file")}  # fmt: skip
    return Broker(
        check.text(f"{where}.name", value.get("name")),
        check.text(f"{where}.host", value.get("host")), port, tls, topics, **given,
    )  # fmt: skip


def _topics(check: Checker, where: str, value: dict[str, Any]) -> Topics:
    _known(check, where, value, _TOPIC_KEYS)
    form = check.choice(f"{where}.form", value.get("form"), BROKER_FORMS)
    supplier = check.text(f"{where}.supplier", value.get("supplier"))
    usual = {"tipstaff": f"tipstaff/{supplier}", "owntracks": "owntracks"}.get(form)
    root = check.text(f"{where}.root", value.get("root", usual))
    if any(mark in root for mark in "+#") or not all(root.split("/")):
        check.fault(f"{where}.root", "is no plain topic", "write it without + and #, as a/b")
    return Topics(form, supplier, root)


def _overlap(one: Topics, other: Topics) -> bool:
    """Whether a topic may be in both."""
    return any(
        len(a) == len(b) and all(x == y or "+" in {x, y} for x, y in zip(a, b, strict=True))
        for a in (f.split("/") for f in one.filters())
        for b in (f.split("/") for f in other.filters())
    )


def _known(check: Checker, where: str, value: dict[str, Any], names: frozenset[str]) -> None:
    for name in sorted(value.keys() - names):
        check.fault(f"{where}.{name}", "is not known", f"use {', '.join(sorted(names))}")


def _text(check: Checker, where: str, value: Any) -> str:
    return check.text(where, value) if value != "" else ""
