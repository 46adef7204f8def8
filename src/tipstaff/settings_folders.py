"""Where what belongs to an instance lies: all of it below its data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING


class Folders:
    """Files and folders of an instance, by its data folder."""

    if TYPE_CHECKING:  # a setting: see `Settings`
        data: Path

    @property
    def records_file(self) -> Path:
        """The SQLite file of the records."""
        return self.data / "records.sqlite3"

    @property
    def inbox_file(self) -> Path:
        """The SQLite file of messages received, with one of PostgreSQL's in its place there."""
        return self.data / "inbox.sqlite3"

    @property
    def inbox_readers_folder(self) -> Path:
        """How far each reader of the inbox file has come."""
        return self.data / "inbox-readers"

    @property
    def checkpoints_file(self) -> Path:
        """The SQLite file of the monitoring worker's checkpoints; on PostgreSQL: none, a schema."""
        return self.data / "checkpoints.sqlite3"

    @property
    def archive_folder(self) -> Path:
        """The Delta Lake table of positions."""
        return self.data / "archive"

    @property
    def quarantine_folder(self) -> Path:
        """Rows of position files that could not be believed, with their reasons."""
        return self.data / "quarantine"

    @property
    def events_folder(self) -> Path:
        """Events of devices as they came, brought here from the inbox."""
        return self.data / "events"

    @property
    def crime_mail_folder(self) -> Path:
        """What became of mails with crime files, their answers, and those that were refused."""
        return self.data / "crime-mail"

    @property
    def runs_folder(self) -> Path:
        """What each run left for its report, by the run's id; readable by its owner alone."""
        return self.data / "runs"

    @property
    def secret_key_file(self) -> Path:
        """Where `tipstaff init` keeps the generated key, readable by its owner alone."""
        return self.data / "secret.key"

    @property
    def audit_key_file(self) -> Path:
        """The key of the audit's words on nobody or on many, made by `tipstaff init`."""
        return self.data / "audit.key"

    @property
    def proofs_folder(self) -> Path:
        """Proofs of erasure: nothing in them is about a person."""
        return self.data / "proofs"

    @property
    def disclosures_folder(self) -> Path:
        """What was disclosed to forces, each in a folder of its own, under a clock of its own."""
        return self.data / "disclosures"

    @property
    def audit_heads_file(self) -> Path:
        """Heads of the audit chain, kept outside the database that they vouch for."""
        return self.data / "audit-heads.jsonl"
