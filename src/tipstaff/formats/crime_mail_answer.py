"""The answer to a mail with crime files: what became of each file, with no crime's reference.

A mail may be read on its way, so it tells codes, rows and what to do, and nothing out of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from typing import Final

from tipstaff.formats.crime_mail import ACTIONS, CrimeMail, MailCode
from tipstaff.formats.crimes import CrimeFile

MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """What became of one file of a mail."""

    file: CrimeFile
    already_held: bool = False


def answer_to(mail: CrimeMail, ours: str, done: Sequence[AnsweredFile] | MailCode) -> EmailMessage:
    """The answer: marked as a program's (RFC 3834), so that no program answers it."""
    answer = EmailMessage(policy=policy.SMTP)
    answer["From"], answer["To"] = ours, mail.sender
    answer["Subject"] = f"Re: {mail.subject or 'crime files'}"
    if mail.message_id.startswith("<") and mail.message_id.isascii():
        answer["In-Reply-To"] = answer["References"] = mail.message_id
    answer["Auto-Submitted"] = "auto-replied"
    answer["X-Auto-Response-Suppress"] = "All"
    if isinstance(done, MailCode):
        lines = [f"Nothing was taken in ({done}). {ACTIONS[done]}"]
    else:
        lines = [line for number, one in enumerate(done, 1) for line in _told(number, one)]
    answer.set_content("\n".join(lines) + "\n")
    return answer


def _told(number: int, one: AnsweredFile) -> list[str]:
    file = one.file
    again = " It had been taken in before: nothing changed." if one.already_held else ""
    head = f"File {number}: {len(file.crimes)} of {file.rows} rows accepted ({file.status}).{again}"
    lines = [
        f"  {f'row {problem.row}: ' if problem.row else ''}{problem.code}: {problem.action}"
        for problem in (*file.errors, *file.warnings)[:MOST_TOLD]
    ]
    more = len(file.errors) + len(file.warnings) - len(lines)
    return [head, *lines, *([f"  and {more} more of these."] if more else [])]
