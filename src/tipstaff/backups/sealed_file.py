"""One encrypted file (age, version 1): there whole and on disk for good, or not at all.

age encrypts in authenticated chunks, the last of them marked, so that a file cut short or altered
does not open. Here are only the streams on both sides of it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Final

import pyrage

from tipstaff.backups.durable import settle
from tipstaff.backups.kept_streams import Counted, Pulled, Sink
from tipstaff.backups.refusals import BackupError

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished file: its size and the SHA-256 of its bytes."""

    size_bytes: int
    sha256: str


def refuse_existing(out: Path) -> None:
    """BackupError where `out` is there already or its folder is not."""
    if out.exists():
        raise BackupError(f"{out} is there already; backups are never overwritten. Name another.")
    if not out.parent.is_dir():
        raise BackupError(f"The folder {out.parent} does not exist; make it first.")


def write_sealed(out: Path, pieces: Iterable[bytes], recipients: Iterable[Any]) -> Sealed:
    """Encrypt `pieces` to `recipients` into `out`, readable by its owner alone.

    It is written as `out`.part and renamed when it is on the disk. Raises what `pieces` raises, and
    OSError where the disk is full.
    """
    part = out.with_name(out.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _alone(file, part)
        try:
            os.fchmod(descriptor, 0o600)  # what a killed backup left may be there
            file.truncate(0)
            sink = Sink(file, part)
            _encrypt(Pulled(iter(pieces)), sink, list(recipients))
            os.fsync(file.fileno())
            refuse_existing(out)
            part.rename(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    settle(out.parent)
    return Sealed(sink.size_bytes, sink.digest.hexdigest())


@contextmanager
def opened_sealed(path: Path, identity: Any, on_bytes: Callable[[int], None]) -> Iterator[BinaryIO]:
    """The plain bytes of `path` as a stream. Nothing of it counts until the block is left in peace.

    Raises BackupError, in place of whatever the block made of it, where the key is not the right
    one or the file is cut short or altered. `on_bytes` is told how many bytes were read.
    """
    outlet, inlet = os.pipe()
    opening = _Opening(path, identity, inlet, on_bytes)
    opening.start()
    try:
        with os.fdopen(outlet, "rb") as plain:
            yield plain
            while plain.read(_PIECE):  # only at the very end is it known to be whole
                pass
    except BaseException:
        opening.join()
        if opening.failure is not None:
            raise opening.failure from None
        raise
    opening.join()
    if opening.failure is not None:
        raise opening.failure


class _Opening(Thread):
    """Decrypts into a pipe; a reader who left is no failure."""

    def __init__(
        self, path: Path, identity: Any, inlet: int, on_bytes: Callable[[int], None]
    ) -> None:
        super().__init__(daemon=True)
        self.failure: BackupError | OSError | None = None
        self._path, self._identity, self._inlet = path, identity, inlet
        self._on_bytes = on_bytes

    def run(self) -> None:
        """Decrypt to the end."""
        with suppress(BrokenPipeError), os.fdopen(self._inlet, "wb") as pipe:
            sink = Sink(pipe, self._path)
            try:
                with self._path.open("rb") as file:
                    pyrage.decrypt_io(Counted(file, self._on_bytes), sink, [self._identity])
            except (pyrage.DecryptError, OSError) as error:
                if sink.failure is None:
                    self.failure = self._told(error)

    def _told(self, error: Exception) -> BackupError | OSError:
        if isinstance(error, OSError) and error.errno is not None:
            return error
        if "No matching keys" in str(error):
            return BackupError(
                f"This key does not open {self._path}. Give the key whose public half the backup "
                "was made to."
            )
        return BackupError(
            f"{self._path} is cut short, altered, or no backup. Nothing was restored; use another "
            "copy of it."
        )


def _encrypt(pulled: Pulled, sink: Sink, recipients: list[Any]) -> None:
    try:
        pyrage.encrypt_io(pulled, sink, recipients)
        sink.flush()
    except (pyrage.EncryptError, OSError) as error:
        raise (pulled.failure or sink.failure or error) from None


def _alone(file: Any, part: Path) -> None:
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupError(f"Another backup is writing {part}; wait for it.") from None
