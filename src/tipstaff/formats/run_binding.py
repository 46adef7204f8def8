"""What binds the files of a run together: its manifest holds the SHA-256 of each of the others.

So a report cannot be made of one run's answers and another's crimes, nor of a file that was changed
since. Files are named by kind, not by file name: the same run gives the same manifest whatever its
files are called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from tipstaff.formats.run_files import SUFFIXES, UnreadableRun

#: The part of the manifest that holds the digests.
OUTPUTS: Final = "outputs"


def digests_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The digest of each file by its kind."""
    return {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


def mismatch(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> UnreadableRun | None:
    """The first of some files, by kind, that is not the one this run wrote; None if all are."""
    bound = manifest.get(OUTPUTS)
    if not isinstance(bound, dict):
        return UnreadableRun(
            "the manifest does not say which files belong to it, so they cannot be checked",
            "It was written by an earlier version of this program: run the match again.",
        )
    for kind, digest in digests_of(contents).items():
        if bound.get(kind) != digest:
            return UnreadableRun(
                f"the {kind} (*{SUFFIXES[kind]}) are not those that the run of this manifest wrote",
                "Give the files of one run together and unchanged: saving one from a spreadsheet "
                "changes it. Or run the match again.",
            )
    return None
