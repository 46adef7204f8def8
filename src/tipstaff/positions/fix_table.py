"""The Delta table of fixes: its log, its active files and its commits."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.transaction import AddAction, RemoveAction

from tipstaff.domain.fixes import ARCHIVE_SCHEMA
from tipstaff.positions.day_files import DayFile

_PARTITION: Final = ["day"]
#: How files of the log begin that speak of one version.
_OF_VERSION: Final = re.compile(r"(\d{20})\.")


@dataclass(frozen=True, slots=True, order=True)
class HeldFile:
    """An active file of the table: its day, its name relative to the table, its size."""

    day: str
    name: str
    size_bytes: int


class FixTable:
    """One version of the table, as it was when opened."""

    def __init__(self, path: Path, delta: Any) -> None:
        self.path = path
        self._delta = delta

    @classmethod
    def open(cls, path: Path, version: int | None = None) -> FixTable | None:
        """The table at `path`, newest or at `version`; None where nothing was ever stored."""
        if not DeltaTable.is_deltatable(str(path)):
            return None
        return cls(path, DeltaTable(path, version=version))

    @classmethod
    def open_or_make(cls, path: Path) -> FixTable:
        """The table at `path`, made where there is none; for the holder of the writers' lock."""
        found = cls.open(path)
        if found is not None:
            return found
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, DeltaTable.create(path, schema=ARCHIVE_SCHEMA, partition_by=_PARTITION))

    @property
    def version(self) -> int:
        """The number of this version."""
        return int(self._delta.version())

    def holds(self, transaction: str) -> bool:
        """Whether a commit of that application transaction is in."""
        return self._delta.transaction_version(transaction) is not None

    def files(self) -> list[HeldFile]:
        """The active files, in order of day and name."""
        actions = pa.table(self._delta.get_add_actions(flatten=True))
        rows = zip(
            actions["partition.day"].to_pylist(),
            actions["path"].to_pylist(),
            actions["size_bytes"].to_pylist(),
            strict=True,
        )
        return sorted(HeldFile(str(day), name, size) for day, name, size in rows)

    def rows(self) -> int:
        """How many rows the active files hold, as their commits say."""
        actions = pa.table(self._delta.get_add_actions(flatten=True))
        return sum(actions["num_records"].to_pylist())

    def commit(
        self,
        new: Sequence[DayFile],
        old: Sequence[HeldFile] = (),
        transaction: str | None = None,
        notes: dict[str, str] | None = None,
        *,
        erasing: bool = False,
    ) -> None:
        """One commit: add `new` files (in place already), drop `old` ones, record the import."""
        moment_ms = time.time_ns() // 1_000_000
        # a compaction moves rows about and changes none; an erasure leaves some out
        changed = erasing or not old
        actions = [*(self._add(f, moment_ms, changed) for f in new)]
        actions += [_remove(f, moment_ms, changed) for f in old]
        done = [Transaction(transaction, 1)] if transaction else None
        self._delta.create_write_transaction(
            actions,
            mode="append",
            schema=self._delta.schema(),
            partition_by=_PARTITION,
            commit_properties=CommitProperties(custom_metadata=notes, app_transactions=done),
        )

    def _add(self, file: DayFile, moment_ms: int, data_change: bool) -> Any:  # noqa: FBT001
        size = (self.path / file.name).stat().st_size
        return AddAction(file.name, size, {"day": file.day}, moment_ms, data_change, file.stats)

    def vacuum(self, retention_hours: int) -> int:
        """Delete files that no version younger than `retention_hours` needs; how many."""
        gone = self._delta.vacuum(
            retention_hours=retention_hours,
            dry_run=False,
            enforce_retention_duration=False,
            full=True,
        )
        return len(gone)

    def forget_history(self) -> int:
        """Delete what the log says of earlier versions; how many of its files.

        Commits hold the least and greatest coordinates of the files that they added, so what was
        erased may still be read from them. The version itself stays, as a checkpoint.
        """
        self._delta.create_checkpoint()
        log = self.path / "_delta_log"
        old = [
            path
            for path in log.iterdir()
            if (found := _OF_VERSION.match(path.name)) and int(found[1]) < self.version
        ]
        for path in [*old, *log.glob("*.tmp")]:
            path.unlink(missing_ok=True)
        return len(old)


def _remove(file: HeldFile, moment_ms: int, data_change: bool) -> Any:  # noqa: FBT001
    return RemoveAction(
        path=file.name,
        data_change=data_change,
        deletion_timestamp=moment_ms,
        size=file.size_bytes,
        partition_values={"day": file.day},
    )
