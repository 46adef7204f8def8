"""`tipstaff crimes`: crime files that come by mail."""

from __future__ import annotations

import imaplib
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipstaff import settings
from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.formats.crime_mail import MAX_MAIL_BYTES
from tipstaff.formats.crime_mail_senders import Mailbox, MailRules, read_mail_rules

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.feeds.mailbox import TakeIn

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def crimes() -> None:
    """Take in crime files that forces send by mail. `tipstaff import crimes` takes files."""


@app.command("mail")
def mail(
    purpose: PurposeOption,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", exists=True, file_okay=False, help="Take in its `.eml` files."),
    ] = None,
    imap: Annotated[
        bool, typer.Option("--imap", help="Take in the mailbox of the settings.")
    ] = False,
    authority: AuthorityOption = "",
) -> None:
    """Take in the mails with crime files that are there, each once, and end.

    The file that `crime_mail` names says whose mails are taken, and which host vouches for senders.
    A mail whose files are taken, or that is refused, is answered: answers wait in
    `crime-mail/answers` of the data folder, and the worker sends them. Refused mails are kept there
    for thirty days.

    Try: `tipstaff crimes mail --folder /srv/mail --purpose crime_matching`

    **Exit codes**: 0 every mail was taken; 1 some were refused; 2 nothing could be done; 3 not set
    up; 4 refused.
    """
    if (folder is None) is not imap:
        raise typer.BadParameter("give one of --folder and --imap")
    with on_instance() as values:
        rules = _rules(values)
        refused: list[str] = []
        take = _taker(values, rules, purpose, authority, refused)
        if folder is not None:
            from tipstaff.feeds.folder import Watched

            read = Watched(folder, settled_s=0.0).step(lambda path: take(_bytes(path)), 0.0)
        else:
            read = _from_mailbox(rules, take)
    typer.echo(f"{read} mails read, {len(refused)} refused")
    if refused:
        raise typer.Exit(SOME_BAD)


def _taker(
    values: settings.Settings,
    rules: MailRules,
    purpose: Any,
    authority: str,
    refused: list[str],
) -> TakeIn:
    from tipstaff.formats.crime_mail import MailCode
    from tipstaff.services.crime_mails import take_in_mail
    from tipstaff.services.mail_ledger import MailLedger

    ledger = MailLedger(values.crime_mail_folder)
    ledger.forget_refused(datetime.now(UTC))

    def take(raw: bytes) -> bool:
        done = take_in_mail(
            actor=values.actor, purpose=purpose, authority=authority, raw=raw, rules=rules,
            ledger=ledger,
        )  # fmt: skip
        typer.echo(f"a mail: {done.outcome}, {done.crimes} crimes"
                   + (", answered" if done.answered else ""))  # fmt: skip
        if isinstance(done.outcome, MailCode):
            refused.append(str(done.outcome))
        return not isinstance(done.outcome, MailCode)

    return take


def _from_mailbox(rules: MailRules, take: TakeIn) -> int:
    from tipstaff.feeds.mailbox import PATIENCE_S, ReadMailbox

    if rules.mailbox is None:
        raise _nothing("The file that crime_mail names has no [mailbox].")
    box: Mailbox = rules.mailbox
    password = Path(box.password_file).read_text(encoding="utf-8").strip()
    secure = ssl.create_default_context()
    try:
        with imaplib.IMAP4_SSL(
            box.host, box.port, ssl_context=secure, timeout=PATIENCE_S
        ) as connection:
            connection.login(box.username, password)
            return ReadMailbox(connection, box.taken, box.refused, MAX_MAIL_BYTES).step(take)
    except imaplib.IMAP4.error:  # its message may repeat what was sent
        raise _nothing(
            "The mailbox refused, or broke off: look at its user and password."
        ) from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_MAIL_BYTES + 1)


def _rules(values: settings.Settings) -> MailRules:
    if not values.crime_mail:
        raise _nothing(
            "The setting crime_mail names no file: docs/crime-mail.md says what is in it."
        )
    path = Path(values.crime_mail)
    try:
        read = read_mail_rules(path.read_bytes())
    except OSError as error:
        raise _nothing(f"{path}: {error.strerror}.") from None
    if isinstance(read, list):
        raise _nothing("\n".join(f"{path}: {fault}" for fault in read))
    return read


def _nothing(told: str) -> typer.Exit:
    typer.echo(told, err=True)
    return typer.Exit(NOTHING_DONE)
