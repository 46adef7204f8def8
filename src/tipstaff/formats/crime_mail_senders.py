"""The file of mails with crime files: senders by address, who vouches, from whom we answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

_KEYS: Final = frozenset({"authentication_host", "answers_from", "senders", "mailbox"})
_MAILBOX_KEYS: Final = frozenset({"host", "port", "username", "password_file", "taken", "refused"})
_IMAPS_PORT: Final = 993


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An IMAP mailbox, over TLS alone, and the folders in it where mails go once they are read."""

    host: str
    username: str = field(repr=False)
    password_file: str = field(repr=False)
    port: int = _IMAPS_PORT
    taken: str = "Taken"
    refused: str = "Refused"


@dataclass(frozen=True, slots=True)
class MailRules:
    """Whose mails are taken: address → force, as crime files name it."""

    authentication_host: str
    answers_from: str
    senders: dict[str, str] = field(repr=False)
    mailbox: Mailbox | None = None


def read_mail_rules(source: bytes) -> MailRules | list[TomlFault]:
    """The rules in a file, or all that is wrong with it."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return [values]
    check = Checker(values)
    _known(check, "", values, _KEYS)
    host = check.text("authentication_host", values.get("authentication_host"))
    ours = check.text("answers_from", values.get("answers_from"))
    senders = {
        address.lower(): check.text("senders", force)
        for address, force in check.table("senders").items()
    }
    if not senders or any(address.count("@") != 1 for address in senders):
        check.fault("senders", "must be addresses", 'write [senders] and "a@b.example" = "Durham"')
    mailbox = _mailbox(check, check.table("mailbox")) if "mailbox" in values else None
    return check.faults or MailRules(host, ours, senders, mailbox)


def _mailbox(check: Checker, value: dict[str, Any]) -> Mailbox:
    _known(check, "mailbox.", value, _MAILBOX_KEYS)
    port = value.get("port", _IMAPS_PORT)
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65_536:
        check.fault("mailbox.port", "must be a port's number", f"leave it out for {_IMAPS_PORT}")
    texts = {
        name: check.text(f"mailbox.{name}", value.get(name, usual))
        for name, usual in (
            ("host", None), ("username", None), ("password_file", None), ("taken", "Taken"),
            ("refused", "Refused"),
        )
    }  # fmt: skip
    return Mailbox(port=port, **texts)


def _known(check: Checker, where: str, value: dict[str, Any], names: frozenset[str]) -> None:
    for name in sorted(value.keys() - names):
        check.fault(f"{where}{name}", "is not known", f"use {', '.join(sorted(names))}")
