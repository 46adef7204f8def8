"""`tipstaff crimes mail`: a folder, a mailbox; each mail once, refused ones kept and answered."""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import typer
from made_mails import CRIMES, HOST, RULES, SENDER, STRANGER, mail
from small_imap import small_imap

from tipstaff.domain.purposes import Purpose
from tipstaff.feeds.mailbox import MailboxError, ReadMailbox
from tipstaff.formats.crime_mail import MailCode

WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.CRIME_MATCHING, "authority": ""}
KENT = CRIMES.replace(b"Durham", b"Kent").replace(b"DUR2026", b"KNT2026")


@pytest.fixture
def ledger(sqlite_instance: Any, tmp_path: Path) -> Any:
    from tipstaff.services.mail_ledger import MailLedger

    return MailLedger(tmp_path / "crime-mail")


@pytest.fixture
def take(ledger: Any) -> Callable[..., Any]:
    def taken(raw: bytes, **more: Any) -> Any:
        from tipstaff.services.crime_mails import take_in_mail

        return take_in_mail(**WHO, raw=raw, rules=RULES, ledger=ledger, **more)

    return taken


def held() -> int:
    from tipstaff.records.models.crimes import CrimeVersion

    return int(CrimeVersion.objects.count())


def answers(ledger: Any) -> list[Any]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted((ledger.folder / "answers").glob("*.eml"))]  # fmt: skip


def test_a_mail_is_taken_once_and_answered_once(take: Any, ledger: Any) -> None:
    sent: list[str] = []
    done = take(mail(CRIMES), reply=lambda key, _answer: sent.append(key))
    assert (done.outcome, done.crimes, done.answered, held()) == ("TAKEN", 1, True, 1)
    again = take(b"Received: once more\r\n" + mail(CRIMES), reply=lambda key, _a: sent.append(key))
    assert (again.outcome, again.answered, held()) == ("KNOWN", False, 1)
    (answer,) = answers(ledger)
    assert (answer["To"], len(sent)) == (SENDER, 1)
    assert "1 of 1 rows accepted" in answer.get_content()


@pytest.mark.parametrize(
    ("raw", "code", "answered"),
    [
        (mail(KENT), MailCode.OTHER_FORCE, True),
        (mail(CRIMES, KENT), MailCode.OTHER_FORCE, True),
        (mail(CRIMES, sender=STRANGER), MailCode.SENDER_NOT_KNOWN, True),
        (mail(CRIMES, vouched=""), MailCode.NOT_VOUCHED_FOR, False),
        (mail(CRIMES, vouched=f"{HOST}; dmarc=fail header.from=durham.example"),
         MailCode.NOT_VOUCHED_FOR, False),
        (mail(CRIMES, name="x.zip"), MailCode.ATTACHMENT_TYPE, True),
        (mail(CRIMES) + b"x" * (26 << 20), MailCode.TOO_LARGE, True),
        (mail(KENT, Auto_Submitted="auto-generated"), MailCode.OTHER_FORCE, False),
        (b"no mail at all", MailCode.NOT_A_MAIL, False),
    ],
)  # fmt: skip
def test_a_refused_mail_is_kept_and_answered_where_the_sender_is_certain(
    take: Any, ledger: Any, raw: bytes, code: MailCode, answered: bool
) -> None:
    done = take(raw)
    assert (done.outcome, done.answered, held()) == (code, answered, 0)
    assert len(answers(ledger)) == int(answered)
    (kept,) = (ledger.folder / "refused").iterdir()
    assert kept.read_bytes() == raw
    assert kept.stat().st_mode & 0o077 == 0


def test_a_programs_mail_is_taken_and_not_answered(take: Any, ledger: Any) -> None:
    done = take(mail(CRIMES, Auto_Submitted="auto-generated"))
    assert (done.outcome, done.answered, held()) == ("TAKEN", False, 1)
    assert answers(ledger) == []


def test_dying_before_the_answer_takes_nothing_twice(take: Any, ledger: Any) -> None:
    def die(_key: str, _answer: Any) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        take(mail(CRIMES), reply=die)
    done = take(mail(CRIMES))
    assert (done.outcome, done.answered, held()) == ("TAKEN", True, 1)
    assert "had been taken in before" in answers(ledger)[0].get_content()


def test_refused_mails_are_forgotten_in_time(take: Any, ledger: Any) -> None:
    from datetime import UTC, datetime, timedelta

    take(mail(KENT))
    now = datetime.now(UTC)
    assert ledger.forget_refused(now + timedelta(days=29)) == 0
    assert ledger.forget_refused(now + timedelta(days=31)) == 1


def test_it_is_in_the_audit_without_the_sender(take: Any) -> None:
    from tipstaff.records.models.audit import AuditEntry

    take(mail(CRIMES))
    told = [str(vars(entry)) for entry in AuditEntry.objects.all()]
    assert any("take_in_mail" in one for one in told)
    assert any("import_crimes" in one for one in told)
    assert not any(SENDER in one for one in told)


def test_a_folder_of_mails(
    sqlite_instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from tipstaff.cli.crimes import app

    rules = tmp_path / "mail.toml"
    rules.write_text(
        f'authentication_host = "{HOST}"\nanswers_from = "us@x.example"\n'
        f'[senders]\n"{SENDER}" = "Durham"\n'
    )
    monkeypatch.setenv("TIPSTAFF_CRIME_MAIL", str(rules))
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail(CRIMES))
    (folder / "b.eml").write_bytes(mail(KENT, number="2"))
    command = typer.main.get_command(app)
    words = ["mail", "--folder", str(folder), "--purpose", "crime_matching"]
    code = command.main(words, standalone_mode=False, prog_name="tipstaff crimes")
    assert code == 1
    said = capsys.readouterr().out
    assert "a mail: TAKEN, 1 crimes, answered" in said
    assert "2 mails read, 1 refused" in said
    assert SENDER not in said
    assert (folder / "done" / "a.eml").is_file()
    assert (folder / "failed" / "b.eml").is_file()


def test_a_mailbox() -> None:
    with small_imap() as server:
        first = mail(CRIMES)
        for number, raw in enumerate((first, mail(KENT), b"x" * 5000)):
            server.deliver(raw + str(number).encode())
        seen: list[bytes] = []

        def take(raw: bytes) -> bool:
            seen.append(raw)
            return raw.endswith(b"0")

        with imaplib.IMAP4("127.0.0.1", server.server_address[1], timeout=10) as connection:
            connection.login("crimes", "a word")
            box = ReadMailbox(connection, "Taken", "Refused", 4000)
            assert box.step(take) == 3
            assert box.step(take) == 0
        assert seen[0] == first + b"0"
        assert len(seen[2]) == 4001  # no further than to see that it is too large
        assert {name: len(mails) for name, mails in server.folders.items()} == {
            "INBOX": 0, "Taken": 1, "Refused": 2,
        }  # fmt: skip


@pytest.mark.parametrize("command", ["SELECT", "COPY"])
def test_a_mailbox_that_says_no_loses_nothing(command: str) -> None:
    with small_imap() as server:
        server.deliver(mail(CRIMES))
        server.no.add(command)
        with imaplib.IMAP4("127.0.0.1", server.server_address[1], timeout=10) as connection:
            connection.login("crimes", "a word")
            box = ReadMailbox(connection, "Taken", "Refused", 4000)
            with pytest.raises(MailboxError):
                box.step(lambda _raw: True)
        assert len(server.folders["INBOX"]) == 1
