"""A mail with crime files: who sent it, as far as that can be known, and what is attached.

Anybody can write any address into From. A sender is believed only where the host that receives our
mail says, in its Authentication-Results (RFC 8601), that DMARC passed for the domain of From. Only
the topmost of that host's headers counts: it is the one that the host put there itself.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

MAX_MAIL_BYTES: Final = 25 << 20
MAX_ATTACHMENTS: Final = 5
#: Of a mail that is too large so much is read: to know whom to tell.
_HEAD_BYTES: Final = 1 << 16
_CSV_TYPES: Final = frozenset(
    {"text/csv", "application/csv", "text/plain", "application/vnd.ms-excel",
     "application/octet-stream"}
)  # fmt: skip
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+", re.ASCII)
_COMMENT: Final = re.compile(r"\([^()]*\)")


class MailCode(StrEnum):
    """Why a mail is refused."""

    TOO_LARGE = "TOO_LARGE"
    NOT_A_MAIL = "NOT_A_MAIL"
    NOT_VOUCHED_FOR = "NOT_VOUCHED_FOR"
    SENDER_NOT_KNOWN = "SENDER_NOT_KNOWN"
    OTHER_FORCE = "OTHER_FORCE"
    NO_ATTACHMENT = "NO_ATTACHMENT"
    TOO_MANY_ATTACHMENTS = "TOO_MANY_ATTACHMENTS"
    ATTACHMENT_TYPE = "ATTACHMENT_TYPE"
    UNCLEAR_ORDER = "UNCLEAR_ORDER"


ACTIONS: Final = {
    MailCode.TOO_LARGE: f"Send at most {MAX_MAIL_BYTES >> 20} MB in a mail.",
    MailCode.NOT_A_MAIL: "Send a mail with one address in From.",
    MailCode.NOT_VOUCHED_FOR: "Send from a domain whose mails pass DMARC.",
    MailCode.SENDER_NOT_KNOWN: "Ask for this address to be put on record for your force.",
    MailCode.OTHER_FORCE: "Send files of your own force only.",
    MailCode.NO_ATTACHMENT: "Attach the crime file as a .csv file.",
    MailCode.TOO_MANY_ATTACHMENTS: f"Attach at most {MAX_ATTACHMENTS} files.",
    MailCode.ATTACHMENT_TYPE: "Attach .csv files and nothing else, not packed.",
    MailCode.UNCLEAR_ORDER: "Send the earlier of the files that disagree first, alone.",
}


@dataclass(frozen=True, slots=True)
class CrimeMail:
    """A mail as it was read. `key` is the same whenever it is delivered again.

    `vouched`: the trusted host says that From is true. `automatic`: a program sent it, so it is not
    answered. `fault`: why its attachments are not taken. Addresses and texts are not in `repr`.
    """

    key: str
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    message_id: str = field(repr=False)
    vouched: bool = False
    automatic: bool = False
    contents: tuple[bytes, ...] = field(default=(), repr=False)
    fault: MailCode | None = None


def read_mail(raw: bytes, host: str) -> CrimeMail:
    """Read a mail; `host` is the name under which the trusted host writes what it found."""
    digest = hashlib.sha256(raw).hexdigest()
    large = len(raw) > MAX_MAIL_BYTES
    try:
        mail = email.message_from_bytes(raw[:_HEAD_BYTES] if large else raw, policy=policy.default)
        read = _read(mail, digest, host)
        return replace(read, contents=(), fault=MailCode.TOO_LARGE) if large else read
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError):
        # what the parser of the standard library raises for headers that are none
        return CrimeMail(digest, "", "", "", automatic=True, fault=MailCode.NOT_A_MAIL)


def _read(mail: EmailMessage, digest: str, host: str) -> CrimeMail:
    sender = _sender(mail)
    contents, fault = _attached(mail)
    if not sender:
        return CrimeMail(digest, "", "", "", automatic=True, fault=MailCode.NOT_A_MAIL)
    message_id = _line(mail, "Message-ID", 500)
    told = (message_id, sender, *(hashlib.sha256(one).hexdigest() for one in contents))
    key = hashlib.sha256(repr(told).encode()).hexdigest() if message_id else digest
    return CrimeMail(
        key, sender, _line(mail, "Subject", 100), message_id,
        _is_vouched_for(mail, sender.rpartition("@")[2], host), _is_automatic(mail),
        contents, fault,
    )  # fmt: skip


def _sender(mail: EmailMessage) -> str:
    """The one address of the one From; empty where there is not exactly one."""
    headers = mail.get_all("From", [])
    addresses = [one.addr_spec for header in headers for one in header.addresses]
    if len(headers) != 1 or len(addresses) != 1 or not _ADDRESS.fullmatch(addresses[0]):
        return ""
    return str(addresses[0]).lower()


def _is_vouched_for(mail: EmailMessage, domain: str, host: str) -> bool:
    for header in mail.get_all("Authentication-Results", []):
        said, *results = [part.strip() for part in _COMMENT.sub(" ", str(header)).split(";")]
        if (said.split() or [""])[0].lower() == host.lower():
            return any(_passes(result, domain) for result in results)
    return False


def _passes(result: str, domain: str) -> bool:
    words = result.lower().split()
    return "dmarc=pass" in words[:1] and f"header.from={domain}" in words[1:]


def _is_automatic(mail: EmailMessage) -> bool:
    """Whether a program sent it (RFC 3834): answers to such go round in circles."""
    submitted = _line(mail, "Auto-Submitted", 50).lower()
    return (
        submitted not in {"", "no"}
        or _line(mail, "Precedence", 50).lower() in {"bulk", "junk", "list", "auto_reply"}
        or _line(mail, "Return-Path", 500) == "<>"
        or any(name in mail for name in ("List-Id", "List-Unsubscribe"))
        or mail.get_content_type() == "multipart/report"
    )


def _attached(mail: EmailMessage) -> tuple[tuple[bytes, ...], MailCode | None]:
    parts = list(_files(mail))
    if not parts:
        return (), MailCode.NO_ATTACHMENT
    if len(parts) > MAX_ATTACHMENTS:
        return (), MailCode.TOO_MANY_ATTACHMENTS
    for part in parts:
        name = (part.get_filename() or "").lower()
        if not name.endswith(".csv") or part.get_content_type() not in _CSV_TYPES:
            return (), MailCode.ATTACHMENT_TYPE
    return tuple(bytes(part.get_payload(decode=True) or b"") for part in parts), None


def _files(mail: EmailMessage) -> Iterator[EmailMessage]:
    """What is attached; pictures within the text (a signature's) are not."""
    for part in mail.walk():
        if part.is_multipart():
            continue
        named = part.get_filename() or part.get_content_disposition() == "attachment"
        inline = part.get_content_maintype() == "image" and "Content-ID" in part
        if named and not inline:
            yield part


def _line(mail: EmailMessage, name: str, longest: int) -> str:
    text = str(mail.get(name, ""))
    return "".join(c if c.isprintable() else " " for c in text).strip()[:longest]
