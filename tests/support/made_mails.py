"""Mails with crime files, as a mail host hands them on, and the rules by which they are read."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage

from tipstaff.formats.crime_mail_senders import MailRules

SENDER, STRANGER = "crime.data@durham.example", "someone@elsewhere.example"
HOST = "mx.tipstaff.example"
RULES = MailRules(HOST, "crimes@tipstaff.example", {SENDER: "Durham"})
CRIMES = b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"


def mail(
    *files: bytes, sender: str = SENDER, vouched: str | None = None, name: str = "batch.csv",
    kind: str = "text/csv", number: str = "1", **headers: str,
) -> bytes:  # fmt: skip
    """A mail; `vouched` stands in for what the host found, "" for nothing."""
    made = EmailMessage(policy=policy.SMTP)
    domain = sender.rpartition("@")[2]
    found = f"{HOST}; dmarc=pass header.from={domain}" if vouched is None else vouched
    if found:
        made["Authentication-Results"] = found
    made["From"], made["To"] = f"Crime data <{sender}>", RULES.answers_from
    made["Subject"], made["Message-ID"] = "batch", f"<{number}@{domain}>"
    for header, value in headers.items():
        made[header.replace("_", "-")] = value
    made.set_content("The batch is attached.\n")
    main, _slash, sub = kind.partition("/")
    for content in files:
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()
