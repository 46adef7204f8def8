"""Keys of backups: age identities (X25519), in files that `age` and `age-keygen` read and write.

Making a backup takes the public key alone, so the machine that makes backups cannot open them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyrage

from tipstaff.backups.refusals import BackupError

_SECRET: Final = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.M)
_PUBLIC: Final = re.compile(r"\bage1[0-9a-z]+\b")
#: How a file begins that a passphrase protects.
_PROTECTED: Final = b"age-encryption.org/"
_MOST_BYTES: Final = 65_536


def make_key(path: Path, passphrase: str, now: datetime) -> str:
    """Write a new key, and `path`.pub beside it; the public key. A passphrase protects the file.

    Raises BackupError where either file is there already, OSError where it cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# created: {now.isoformat(timespec='seconds')}\n# public key: {public}\n{identity}\n"
    content = text.encode("ascii")
    if passphrase:
        content = pyrage.passphrase.encrypt(content, passphrase)
    beside = path.with_name(path.name + ".pub")
    for file in (path, beside):
        if file.exists():
            raise BackupError(f"{file} is there already; keys are never overwritten. Name another.")
    _write(path, content)
    _write(beside, f"{public}\n".encode("ascii"))
    return public


def read_key(path: Path, passphrase: str) -> Any:
    """The identity in a key file; BackupError where there is none or the passphrase is wrong."""
    content = _content(path)
    if content.startswith(_PROTECTED):
        content = _opened(path, content, passphrase)
    found = _SECRET.search(content.decode("ascii", errors="replace"))
    try:
        return pyrage.x25519.Identity.from_str(found[0] if found else "")
    except pyrage.IdentityError:
        raise BackupError(
            f"{path} holds no key. Give the file that 'tipstaff backup-key' wrote, not its .pub."
        ) from None


def recipients_of(given: Iterable[str]) -> dict[str, Any]:
    """Public keys, given as such or as files that hold them, by their text.

    Raises BackupError where none is given or one is no public key.
    """
    found: dict[str, Any] = {}
    for word in given:
        texts = _PUBLIC.findall(word if word.startswith("age1") else _text(Path(word)))
        try:
            found |= {text: pyrage.x25519.Recipient.from_str(text) for text in texts}
        except pyrage.RecipientError:
            texts = []
        if not texts:
            raise BackupError(
                f"{word} is no public key and no file that holds one. Give age1… or the .pub file "
                "that 'tipstaff backup-key' wrote."
            )
    if not found:
        raise BackupError(
            "There is no key to encrypt to: make one with 'tipstaff backup-key FILE', then add "
            "--to FILE.pub, or set TIPSTAFF_BACKUP_RECIPIENT."
        )
    return found


def _opened(path: Path, content: bytes, passphrase: str) -> bytes:
    if not passphrase:
        raise BackupError(
            f"{path} is protected by a passphrase: give it in a file by --passphrase-file, or set "
            "TIPSTAFF_BACKUP_PASSPHRASE."
        )
    try:
        return bytes(pyrage.passphrase.decrypt(content, passphrase))
    except pyrage.DecryptError:
        raise BackupError(f"The passphrase does not open {path}, or the file is damaged.") from None


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


def _text(path: Path) -> str:
    try:
        return _content(path).decode("ascii", errors="replace")
    except OSError:
        return ""


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
