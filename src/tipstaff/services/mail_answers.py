"""Answers to mails with crime files, sent by the relay that sends notices.

Each lies in a file until the relay took it over. One that a relay took and that was not noted as
sent is sent again, with the same Message-ID.
"""

from __future__ import annotations

import logging
from email import message_from_bytes, policy
from email.utils import parseaddr

from tipstaff.domain.deliveries import AttemptCode
from tipstaff.domain.protocols import Means
from tipstaff.notices.email import Relay
from tipstaff.services.instance import open_instance
from tipstaff.services.mail_ledger import MailLedger
from tipstaff.services.notice_carriers import set_up

_log = logging.getLogger(__name__)


def send_answers() -> int:
    """Send the answers that wait; how many. Without a relay they go on waiting.

    An address that the relay refuses for good is not tried again.
    """
    values = open_instance()
    ledger = MailLedger(values.crime_mail_folder)
    waiting = ledger.waiting()
    relay = set_up(values).carriers.get(Means.EMAIL) if waiting else None
    if not isinstance(relay, Relay):
        return 0
    sent = 0
    for path in waiting:
        mail = message_from_bytes(path.read_bytes(), policy=policy.SMTP)
        domain = parseaddr(relay.sender)[1].rpartition("@")[2]
        if "Message-ID" not in mail:
            mail["Message-ID"] = f"<answer-{path.stem}@{domain}>"
        outcome = relay.pass_on(mail.as_bytes(), parseaddr(str(mail["To"]))[1])
        if outcome.code is AttemptCode.FAILED:
            _log.warning("an answer to a mail waits: the relay did not take it")
            break
        if outcome.code is AttemptCode.REFUSED:
            _log.error("an answer to a mail was refused for good: see crime-mail/sent")
        ledger.sent(path)
        sent += outcome.code is AttemptCode.ACCEPTED
    return sent
