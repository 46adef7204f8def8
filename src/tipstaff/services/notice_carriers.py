"""The carriers that this instance has set up, by means. A means without one is not set up."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tipstaff import settings
from tipstaff.domain.protocols import Means
from tipstaff.notices.carriers import Carrier, Secret
from tipstaff.notices.email import Relay, Tls
from tipstaff.notices.govuk_notify import Notify
from tipstaff.notices.webhook import Webhooks, key_of, origin_of


@dataclass(frozen=True, slots=True)
class SetUp:
    """What is set up, and what is wrong with the rest, by means: a sentence without secrets."""

    carriers: Mapping[Means, Carrier]
    faults: Mapping[Means, str]


class _FaultError(Exception):
    """A carrier cannot be set up; the words say why."""


def set_up(values: settings.Settings) -> SetUp:
    """The carriers by the settings, read anew: a secret that was renewed holds from now on."""
    carriers: dict[Means, Carrier] = {}
    faults: dict[Means, str] = {}
    for means, make in (
        (Means.EMAIL, _email), (Means.TEXT, _text), (Means.WEBHOOK, _webhooks),
    ):  # fmt: skip
        try:
            carriers[means] = make(values)
        except _FaultError as error:
            faults[means] = str(error)
    return SetUp(carriers, faults)


def _email(values: settings.Settings) -> Carrier:
    if not values.smtp_host and values.notify_email_template:
        return _notify(values, values.notify_email_template, texts=False)
    if not values.smtp_host:
        raise _FaultError("smtp_host is not set")
    if "@" not in values.smtp_from:
        raise _FaultError("smtp_from is not an address")
    password = Secret("")
    if values.smtp_user:
        password = _secret("smtp_password_file", values.smtp_password_file)
    return Relay(
        host=values.smtp_host,
        port=values.smtp_port,
        sender=values.smtp_from,
        tls=Tls(values.smtp_tls),
        user=values.smtp_user,
        password=password,
    )


def _text(values: settings.Settings) -> Carrier:
    if not values.notify_text_template:
        raise _FaultError("notify_text_template is not set")
    return _notify(values, values.notify_text_template, texts=True)


def _notify(values: settings.Settings, template: str, *, texts: bool) -> Notify:
    key = _secret("notify_key_file", values.notify_key_file)
    if len(key.value) < 73:
        raise _FaultError("notify_key_file holds no key of GOV.UK Notify")
    return Notify(key, template, texts, values.notify_url)


def _webhooks(values: settings.Settings) -> Carrier:
    text = _secret("webhook_secrets_file", values.webhook_secrets_file).value
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _FaultError("webhook_secrets_file is not valid TOML") from None
    secrets = {}
    for address, secret in told.items():
        if not isinstance(secret, str) or not origin_of(address):
            raise _FaultError('webhook_secrets_file: each line is "https://HOST" = "whsec_…"')
        try:
            key_of(secret)
        except ValueError as error:
            raise _FaultError(f"webhook_secrets_file: {error}") from None
        secrets[origin_of(address)] = Secret(secret)
    return Webhooks(secrets)


def _secret(name: str, path: str) -> Secret:
    if not path:
        raise _FaultError(f"{name} is not set")
    try:
        return Secret(Path(path).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise _FaultError(f"{name} cannot be read: {type(error).__name__}") from None
