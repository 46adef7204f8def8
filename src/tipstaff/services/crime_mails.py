"""Take in a mail with crime files: its sender vouched for and on record, its files the sender's.

The files go the way of `crime_files.import_crime_files`. A mail is noted as done only once its
files are in the records and its answer is laid out; one that is met again before that is read
again, and adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from enum import StrEnum
from typing import Any

from tipstaff.domain.purposes import Purpose
from tipstaff.formats.crime_mail import CrimeMail, MailCode, read_mail
from tipstaff.formats.crime_mail_answer import AnsweredFile, answer_to
from tipstaff.formats.crime_mail_senders import MailRules
from tipstaff.formats.crimes import read_crimes
from tipstaff.services.access import admit_to
from tipstaff.services.crime_files import UnclearOrder, import_crime_files
from tipstaff.services.mail_ledger import MailLedger
from tipstaff.services.recording import changing

#: Has an answer sent; it is laid out in the ledger's folder first. Called once a mail.
Reply = Callable[[str, EmailMessage], None]


class MailOutcome(StrEnum):
    """What became of a mail that is not refused."""

    TAKEN = "TAKEN"
    KNOWN = "KNOWN"


@dataclass(frozen=True, slots=True)
class TakenMail:
    """What became of a mail: the crimes that its files hold, and whether it was answered."""

    outcome: MailOutcome | MailCode
    crimes: int = 0
    answered: bool = False


def take_in_mail(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    raw: bytes,
    rules: MailRules,
    ledger: MailLedger,
    reply: Reply | None = None,
) -> TakenMail:
    """Take one mail in, once; a refused one is kept, and answered where its sender is certain."""
    access = admit_to(actor, purpose, authority, "take_in_mail")
    mail = read_mail(raw, rules.authentication_host)
    if ledger.outcome_of(mail.key) is not None:
        with changing(access, extent={"mail": mail.key, "outcome": str(MailOutcome.KNOWN)}):
            return TakenMail(MailOutcome.KNOWN)
    who = {"actor": actor, "purpose": purpose, "authority": authority}
    code = _refusal(mail, rules)
    done = code or _import(mail, who)
    outcome = done if isinstance(done, MailCode) else MailOutcome.TAKEN
    rows = 0 if isinstance(done, MailCode) else sum(len(one.file.crimes) for one in done)
    with changing(access, extent={"mail": mail.key, "outcome": str(outcome)}) as looked:
        looked.rows = rows
    if isinstance(done, MailCode):
        ledger.keep_refused(mail.key, raw)
    answered = _answer(mail, rules, done, ledger, reply)
    ledger.note(mail.key, str(outcome), datetime.now(UTC))
    return TakenMail(outcome, rows, answered)


def _refusal(mail: CrimeMail, rules: MailRules) -> MailCode | None:
    """Why nothing of a mail is taken. Its sender is judged before what is attached is read."""
    if mail.fault is MailCode.NOT_A_MAIL:
        return mail.fault
    if not mail.vouched:
        return MailCode.NOT_VOUCHED_FOR
    force = rules.senders.get(mail.sender)
    if force is None:
        return MailCode.SENDER_NOT_KNOWN
    if mail.fault is not None:
        return mail.fault
    forces = [read_crimes(one).force for one in mail.contents]
    if any(told is not None and told != force for told in forces):
        return MailCode.OTHER_FORCE
    return None


def _import(mail: CrimeMail, who: dict[str, Any]) -> list[AnsweredFile] | MailCode:
    taken = import_crime_files(**who, contents=mail.contents)
    if isinstance(taken, UnclearOrder):
        return MailCode.UNCLEAR_ORDER
    by_place = dict(taken.done)
    return [
        AnsweredFile(by_place[place].file, by_place[place].already_held)
        for place in sorted(by_place)
    ]


def _answer(
    mail: CrimeMail,
    rules: MailRules,
    done: list[AnsweredFile] | MailCode,
    ledger: MailLedger,
    reply: Reply | None,
) -> bool:
    if mail.automatic or not mail.vouched:  # an address that is forged is somebody else's
        return False
    answer = answer_to(mail, rules.answers_from, done)
    ledger.answer(mail.key, answer.as_bytes())
    if reply is not None:
        reply(mail.key, answer)
    return True
