"""The streams on both sides of encryption, for a library that hides what they raise: it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

_PIECE: Final = 1 << 20


class Pulled:
    """Pieces as a file to read from; what a piece's maker raised is kept."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")
        self.failure: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        try:
            while not self._left:
                self._left = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failure = error
            raise
        taken = self._left[: size if size > 0 else len(self._left)]
        self._left = self._left[len(taken) :]
        return bytes(taken)


class Sink:
    """A file to write to that knows its size and digest; what writing raised is kept."""

    def __init__(self, file: Any, path: Path) -> None:
        self._file, self._path = file, path
        self.size_bytes, self.digest = 0, hashlib.sha256()
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of `data`."""
        try:
            self._file.write(data)
        except OSError as error:
            self.failure = OSError(error.errno, error.strerror, str(self._path))
            raise
        self.size_bytes += len(data)
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Hand everything to the system."""
        try:
            self._file.flush()
        except OSError as error:
            self.failure = OSError(error.errno, error.strerror, str(self._path))
            raise


class Counted:
    """A file to read from that tells how far it was read."""

    def __init__(self, file: Any, on_bytes: Callable[[int], None]) -> None:
        self._file, self._on_bytes, self._done = file, on_bytes, 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes."""
        data: bytes = self._file.read(size)
        if self._done // _PIECE != (self._done + len(data)) // _PIECE:
            self._on_bytes(self._done + len(data))
        self._done += len(data)
        return data
