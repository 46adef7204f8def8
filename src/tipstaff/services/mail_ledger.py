"""What became of each mail with crime files, in a folder: so that each is taken and answered once.

`mails/KEY.json` says what became of a mail and nothing of its sender; `answers/KEY.eml` waits to be
sent, and `sent/KEY.eml` was; `refused/KEY.eml` is a mail that was refused, for a person to look at,
for thirty days.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

#: How long a refused mail is kept for a person to look at.
REFUSED_FOR: Final = timedelta(days=30)
#: What is in the folder, in the order of copying: an answer is moved from `answers` to `sent`.
_KEPT: Final = (("mails", "*.json"), ("answers", "*.eml"), ("sent", "*.eml"), ("refused", "*.eml"))


@dataclass(frozen=True, slots=True)
class MailLedger:
    """The folder; made on first use, readable by its owner alone."""

    folder: Path

    def outcome_of(self, key: str) -> str | None:
        """What became of a mail; None where it is not known to be done with."""
        path = self.folder / "mails" / f"{key}.json"
        if not path.is_file():
            return None
        return str(json.loads(path.read_text(encoding="utf-8"))["outcome"])

    def note(self, key: str, outcome: str, at: datetime) -> None:
        """Say what became of a mail: the last thing that is done about it."""
        told = {"outcome": outcome, "at": at.isoformat()}
        self._write("mails", f"{key}.json", json.dumps(told).encode())

    def answer(self, key: str, content: bytes) -> None:
        """Lay an answer out to be sent."""
        self._write("answers", f"{key}.eml", content)

    def waiting(self) -> list[Path]:
        """The answers that wait to be sent, the oldest first."""
        found = (self.folder / "answers").glob("*.eml")
        return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))

    def sent(self, path: Path) -> None:
        """An answer was taken over by the relay, or never will be."""
        folder = self.folder / "sent"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(folder / path.name)

    def keep_refused(self, key: str, raw: bytes) -> None:
        """Keep a mail that was refused."""
        self._write("refused", f"{key}.eml", raw)

    def forget_refused(self, now: datetime) -> int:
        """Forget refused mails, and answers that were sent, of `REFUSED_FOR` ago; how many."""
        oldest = (now - REFUSED_FOR).timestamp()
        kept = [p for name in ("refused", "sent") for p in (self.folder / name).glob("*.eml")]
        old = [path for path in kept if path.stat().st_mtime < oldest]
        for path in old:
            path.unlink()
        return len(old)

    def copy_into(self, folder: Path) -> tuple[str, ...]:
        """Copy all of it while mails are taken in and answered; the names of what was copied.

        An answer that goes out meanwhile is in `sent` alone: it is not to be sent again.
        """
        names: dict[str, None] = {}
        for part, pattern in _KEPT:
            for path in sorted((self.folder / part).glob(pattern)):
                copied = folder / part / path.name
                copied.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                try:
                    shutil.copy2(path, copied)
                except FileNotFoundError:  # it was sent, or its time was over
                    continue
                names[f"{part}/{path.name}"] = None
                if part == "sent":
                    names.pop(f"answers/{path.name}", None)
        return tuple(names)

    def _write(self, where: str, name: str, content: bytes) -> None:
        """Whole or not at all, and on the disk on return."""
        folder = self.folder / where
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f".{name}.part"
        with unfinished.open("wb") as stream:
            unfinished.chmod(0o600)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(folder / name)
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
