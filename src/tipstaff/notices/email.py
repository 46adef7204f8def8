"""Emails, by an SMTP relay. Accepted is what the relay took over; whether it arrives it may say."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import ClassVar, Final

from tipstaff.domain.deliveries import AttemptCode
from tipstaff.notices.carriers import PATIENCE_S, Message, Secret, Sent, safe

_STATUS: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Tls(StrEnum):
    """How the relay is reached: TLS from the first byte, after STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class _AnswerError(Exception):
    """The relay said no to a step."""

    def __init__(self, code: int, words: bytes, *, of_address: bool) -> None:
        super().__init__(code)
        self.code, self.words, self.of_address = code, words, of_address


@dataclass(frozen=True, slots=True)
class Relay:
    """An SMTP relay. `sender` is the address in From. Without a user it asks for no sign-in."""

    host: str
    port: int
    sender: str
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password: Secret = field(default=Secret(""), repr=False)
    patience_s: float = PATIENCE_S
    trusted: ssl.SSLContext | None = None
    gives_receipts: ClassVar[bool] = False

    def send(self, message: Message, address: str) -> Sent:
        """Hand it to the relay. The reference is the relay's answer, with its name for it."""
        return self.pass_on(self._written(message, address), address)

    def pass_on(self, mail: bytes, address: str) -> Sent:
        """Hand a mail that is written already to the relay, for one address."""
        try:
            smtp = self._opened()
            try:
                sent = self._handed(smtp, mail, address)
                _leave(smtp)
            finally:
                smtp.close()
        except _AnswerError as error:
            gone = error.of_address and error.code >= 500
            code = AttemptCode.REFUSED if gone else AttemptCode.FAILED
            return Sent(code, words=_words(error.code, error.words))
        except smtplib.SMTPResponseException as error:
            return Sent(AttemptCode.FAILED, words=_words(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return Sent(AttemptCode.FAILED, words=type(error).__name__)
        return sent

    def receipt(self, reference: str) -> Sent | None:  # noqa: ARG002 (a carrier's form)
        """A relay gives none."""
        return None

    def _opened(self) -> smtplib.SMTP:
        context = self.trusted or ssl.create_default_context()
        smtp: smtplib.SMTP
        if self.tls is Tls.TLS:
            smtp = smtplib.SMTP_SSL(self.host, self.port, timeout=self.patience_s, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=self.patience_s)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.tls is Tls.STARTTLS:
                smtp.starttls(context=context)
            if self.user:
                smtp.login(self.user, self.password.value)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _handed(self, smtp: smtplib.SMTP, mail: bytes, address: str) -> Sent:
        """Each step by itself: `sendmail` would keep the relay's answer, the proof, to itself."""
        _ask(*smtp.mail(parseaddr(self.sender)[1]), of_address=False)
        _ask(*smtp.rcpt(address), of_address=True)
        # what the relay says of the content may change with its set-up: tried again
        code, words = _ask(*smtp.data(mail), of_address=False)
        return Sent(AttemptCode.ACCEPTED, reference=_words(code, words, whole=True))

    def _written(self, message: Message, address: str) -> bytes:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = self.sender
        mail["To"] = address
        mail["Subject"] = message.letter.subject
        mail["Date"] = format_datetime(message.told.queued_at)
        domain = parseaddr(self.sender)[1].rpartition("@")[2]
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.letter.body)
        return mail.as_bytes()


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye. What goes wrong with that takes nothing back of what was accepted."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.quit()


def _ask(code: int, words: bytes, *, of_address: bool) -> tuple[int, bytes]:
    if code // 100 != 2:
        raise _AnswerError(code, words, of_address=of_address)
    return code, words


def _words(code: int, words: bytes | str, *, whole: bool = False) -> str:
    """The codes of an answer; `whole`: all that is safe of it. A refusal's may name somebody."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    if whole:
        return safe(f"{code} {text}")
    status = _STATUS.search(text)
    return f"{code} {status.group()}" if status else str(code)
