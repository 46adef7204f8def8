"""Why a backup cannot be made or restored."""

from __future__ import annotations


class BackupError(Exception):
    """Nothing was made or put in place; the text says why, and what to do."""
