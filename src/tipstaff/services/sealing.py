"""Seal the audit chain and anchor its head in a file outside the database."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.db import DatabaseError

from tipstaff import settings
from tipstaff.records import audit
from tipstaff.records.chain import Head


def seal() -> None:
    """Chain what was committed. A busy database is no failure: the next use case seals it too."""
    try:
        head = audit.seal()
    except DatabaseError:
        return
    if head is not None:
        _anchor(settings.load().audit_heads_file, head)


def anchored_heads(path: Path) -> dict[int, str]:
    """Hash by sequence of every head in the file; a last line cut short by a crash is left out."""
    if not path.is_file():
        return {}
    heads: dict[int, str] = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        try:
            values = json.loads(line)
            heads[int(values["sequence"])] = str(values["hash"])
        except (ValueError, KeyError, TypeError):
            continue
    return heads


def _anchor(path: Path, head: Head) -> None:
    line = json.dumps({"sequence": head.sequence, "hash": head.hash}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
