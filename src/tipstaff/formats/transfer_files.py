"""What leaves in one piece: a tar of a wearer's files and a manifest with the digest of each.

The same files make the same bytes: members stand in the order given, with no time and no owner.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from tipstaff.formats.json_codecs import INSTANT, Moment
from tipstaff.formats.json_documents import Document
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.record_codecs import AnyText, Size

MANIFEST: Final = "manifest.json"
RECORD: Final = "record.json"
WORN: Final = "worn.json"
#: Nobody's trail is larger: a fix a second for ten years.
MOST_BYTES: Final = 8 << 30
_MOST_FILES: Final = 1000


class NotWholeError(Exception):
    """What was read is no transfer, or not a whole one."""


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file: its name, size and SHA-256."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TrailFact:
    """A trail file: whose devices it tells of, and how many fixes."""

    name: str
    supplier: str
    fixes: int


@dataclass(frozen=True, slots=True)
class TransferManifest:
    """Who hands what to whom, when and under which authority; counts, and the digest of each file.

    `sender` and `receiver` are operators' names, `program` the version that wrote it.
    """

    sender: str
    receiver: str
    authority: str
    made_at: datetime
    program: str
    subjects: int
    versions: int
    activations: int
    trails: tuple[TrailFact, ...]
    files: tuple[FileFact, ...]


_TEXT: Final = AnyText(500)
_DIGEST: Final = Moment("[0-9a-f]{64}", str, str, "a SHA-256", "64 hexadecimal digits", "SHA-256")
_TRAIL: Final = Record(
    "trail_file",
    TrailFact,
    (Field("name", _TEXT), Field("supplier", _TEXT), Field("fixes", Size())),
)
FILE_FACT: Final = Record(
    "file",
    FileFact,
    (Field("name", _TEXT), Field("size_bytes", Size()), Field("sha256", _DIGEST)),
)
TRANSFER: Final = Document(
    "tipstaff-transfer-1",
    "A transfer's manifest",
    Record(
        "transfer",
        TransferManifest,
        (
            Field("sender", _TEXT),
            Field("receiver", _TEXT),
            Field("authority", _TEXT),
            Field("made_at", INSTANT),
            Field("program", _TEXT),
            Field("subjects", Size()),
            Field("versions", Size()),
            Field("activations", Size()),
            Field("trails", Listed(_TRAIL, _MOST_FILES)),
            Field("files", Listed(FILE_FACT, _MOST_FILES)),
        ),
    ),
)


def facts_of(files: Mapping[str, bytes]) -> tuple[FileFact, ...]:
    """Name, size and digest of each file, in their order."""
    return tuple(
        FileFact(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
    )


def tar_of(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The tar of these files, piece by piece."""
    for name, content in files.items():
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        yield info.tobuf(tarfile.PAX_FORMAT)
        yield content
        yield bytes(-len(content) % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def read_tar(stream: BinaryIO) -> dict[str, bytes]:
    """The files of a tar by name; NotWholeError where it is damaged or holds anything but files."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or member.name in found or len(found) >= _MOST_FILES:
                    raise NotWholeError
                left -= member.size
                if left < 0:
                    raise NotWholeError
                found[member.name] = content.read()
    except (tarfile.TarError, EOFError, UnicodeError):
        raise NotWholeError from None
    return found


def read_manifest(files: Mapping[str, bytes]) -> TransferManifest:
    """The manifest of these files, each of which is as it says; NotWholeError otherwise."""
    manifest: Any = TRANSFER.read(files.get(MANIFEST, b""))
    if not isinstance(manifest, TransferManifest):
        raise NotWholeError
    others = {name: content for name, content in files.items() if name != MANIFEST}
    if set(facts_of(others)) != set(manifest.files) or len(others) != len(manifest.files):
        raise NotWholeError
    return manifest
