"""Read a transfer: opened, whole, fitting its schema, and sound in itself; or why it is not.

Nothing here touches the records. It is read into memory: a trail of years is some tens of MB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.backups.refusals import BackupError
from tipstaff.backups.sealed_file import opened_sealed
from tipstaff.domain.case_records import WholeRecord, WornRecord, check_record, check_worn
from tipstaff.domain.periods import to_micros
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.transfer_codes import TRANSFER_ACTIONS, TransferCode
from tipstaff.formats.json_documents import Document
from tipstaff.formats.trail_parquet import read_trail
from tipstaff.formats.transfer_files import (
    RECORD,
    WORN,
    NotWholeError,
    TransferManifest,
    read_manifest,
    read_tar,
)
from tipstaff.formats.whole_record_json import WHOLE_RECORD, WORN_RECORD

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, repr=False)
class IncomingTrail:
    """A trail with one supplier's devices; `sha256` is that of its file."""

    supplier: str
    sha256: str
    table: pa.Table


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """A transfer that is sound in itself."""

    manifest: TransferManifest
    record: WholeRecord
    worn: WornRecord
    trails: tuple[IncomingTrail, ...]


def problem(code: TransferCode, where: str = "") -> Problem:
    """A problem of that code."""
    return Problem(code, where, TRANSFER_ACTIONS[code])


def read_transfer(file: Path, identity: Any, sha256: str) -> Incoming | tuple[Problem, ...]:
    """What a file brings, or everything found wrong with it. OSError where it cannot be read."""
    if _digest(file) != sha256.strip().lower():
        return (problem(TransferCode.DIGEST_DIFFERS),)
    try:
        with opened_sealed(file, identity, lambda _done: None) as plain:
            files = read_tar(plain)
    except BackupError:
        return (problem(TransferCode.NOT_OPENED),)
    except NotWholeError:
        return (problem(TransferCode.NOT_WHOLE),)
    try:
        manifest = read_manifest(files)
    except NotWholeError:
        return (problem(TransferCode.NOT_WHOLE, "manifest.json"),)
    return _read(manifest, files)


def _read(manifest: TransferManifest, files: Mapping[str, bytes]) -> Incoming | tuple[Problem, ...]:
    found: list[Problem] = []
    record: WholeRecord | None = _document(WHOLE_RECORD, RECORD, files, found)
    worn: WornRecord | None = _document(WORN_RECORD, WORN, files, found)
    trails = tuple(_trails(manifest, files, found))
    if record is None or worn is None or found:
        return tuple(found)
    found += below(RECORD, check_record(record))
    found += below(WORN, check_worn(worn))
    if record.wearer != worn.wearer:
        found.append(problem(TransferCode.WEARERS_DIFFER))
    incoming = Incoming(manifest, record, worn, trails)
    if not found:
        found += _count_problems(incoming)
        found += [p for trail in trails for p in _worn_problems(trail, worn)]
    return tuple(found) or incoming


def _document(
    document: Document, name: str, files: Mapping[str, bytes], found: list[Problem]
) -> Any:
    """The value of a file; None with its faults noted by their paths."""
    value = document.read(files.get(name, b""))
    if not isinstance(value, tuple):
        return value
    code = TransferCode.NOT_AS_THE_SCHEMA_SAYS
    found += [Problem(code, f"{name}: {fault.where}", fault.action) for fault in value]
    return None


def _trails(
    manifest: TransferManifest, files: Mapping[str, bytes], found: list[Problem]
) -> list[IncomingTrail]:
    trails: list[IncomingTrail] = []
    digests = {fact.name: fact.sha256 for fact in manifest.files}
    for fact in manifest.trails:
        table = read_trail(files.get(fact.name, b""))
        if table is None:
            found.append(problem(TransferCode.NOT_AS_THE_SCHEMA_SAYS, fact.name))
        elif table.num_rows != fact.fixes:
            found.append(problem(TransferCode.COUNTS_DIFFER, fact.name))
        else:
            trails.append(IncomingTrail(fact.supplier, digests[fact.name], table))
    if {RECORD, WORN, *(fact.name for fact in manifest.trails)} != set(digests):
        found.append(problem(TransferCode.NOT_WHOLE, "manifest.json"))
    return trails


def _count_problems(incoming: Incoming) -> list[Problem]:
    said, record = incoming.manifest, incoming.record
    there = (
        len(record.subjects),
        sum(len(subject.versions) for subject in record.subjects),
        len(incoming.worn.activations),
    )
    if there == (said.subjects, said.versions, said.activations):
        return []
    return [problem(TransferCode.COUNTS_DIFFER, "manifest.json")]


def _worn_problems(trail: IncomingTrail, worn: WornRecord) -> list[Problem]:
    """Every fix must lie in an activation of its device: no other belongs to the wearer.

    A trail without fixes is not written, so one that is there is wrong.
    """
    times = trail.table["fix_time"].cast(pa.int64())
    inside: Any = pa.array([False] * trail.table.num_rows, pa.bool_())
    for one in worn.activations:
        if one.supplier != trail.supplier:
            continue
        span = one.activation(worn.wearer).period
        own = pc.equal(trail.table["device_id"], one.device_id)
        begun = pc.greater_equal(times, to_micros(span.start))
        covered = pc.and_(begun, pc.less(times, to_micros(span.end)))
        inside = pc.or_(inside, pc.and_(own, covered))
    if trail.table.num_rows == 0 or not pc.all(inside).as_py():
        return [problem(TransferCode.FIX_OUTSIDE_ACTIVATIONS)]
    return []


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
