"""The pieces of a backup: names that lead elsewhere, files that change, logs with checkpoints."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archive_sources import START, check, tables
from deltalake import DeltaTable

from tipstaff.backups.keys import make_key, read_key, recipients_of
from tipstaff.backups.manifest import FileFact, Manifest
from tipstaff.backups.refusals import BackupError
from tipstaff.backups.sealed_file import opened_sealed, write_sealed
from tipstaff.backups.tar_stream import Packed, tar_bytes
from tipstaff.backups.unpacking import unpack
from tipstaff.backups.workspace import workspace
from tipstaff.positions.archive import Archive
from tipstaff.positions.versions import first_holding, newest_version, set_aside


def manifest(files: tuple[FileFact, ...]) -> bytes:
    return Manifest(
        backup_id="b", taken_at=datetime(2026, 1, 1, tzinfo=UTC), program="0", database="sqlite",
        migrations=(), tables={}, audit_sequence=0, audit_hash="", archive_version=None, fixes=0,
        files=files,
    ).to_bytes()  # fmt: skip


def packed(folder: Path, *names: str) -> list[Packed]:
    (folder / "content").write_bytes(b"x" * 700)
    return [Packed(name, folder / "content") for name in names]


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    names = ("records.sqlite3", "archive/day=2026-01-01/part.parquet", "runs/" + "n" * 150)
    stream = io.BytesIO(b"".join(tar_bytes(packed(tmp_path, *names), manifest)))
    held = unpack(stream, tmp_path / "new")
    assert [file.name for file in held.files] == list(names)
    assert all((tmp_path / "new" / name).read_bytes() == b"x" * 700 for name in names)


@pytest.mark.parametrize(
    "name",
    ["../records.sqlite3", "/etc/passwd", "archive/../../x", "other", "secret.key", "archive/a"],
)
def test_a_name_that_no_backup_holds_is_refused(tmp_path: Path, name: str) -> None:
    files = packed(tmp_path, "archive/a", name)
    stream = io.BytesIO(b"".join(tar_bytes(files, manifest)))
    with pytest.raises(BackupError, match="not whole"):
        unpack(stream, tmp_path / "new")
    assert not (tmp_path / "x").exists()


def test_links_missing_manifests_and_other_digests_are_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("archive/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    plain = b"".join(tar_bytes(packed(tmp_path, "archive/a"), manifest))
    other = b"".join(tar_bytes(packed(tmp_path, "archive/a"), lambda _facts: manifest(())))
    cases = (link.tobuf() + plain, plain[:1536] + bytes(1024), other, b"PK" * 600, plain[:800])
    for number, content in enumerate(cases):
        with pytest.raises(BackupError):
            unpack(io.BytesIO(content), tmp_path / str(number))


def test_a_file_that_changes_or_goes_ends_the_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="run it again"):
        list(tar_bytes([Packed("archive/a", tmp_path / "gone")], manifest))
    (tmp_path / "f").write_bytes(b"y" * 3_000_000)
    pieces = tar_bytes([Packed("archive/a", tmp_path / "f")], manifest)
    next(pieces), next(pieces)
    with (tmp_path / "f").open("ab") as file:
        file.write(b"more")
    with pytest.raises(BackupError, match="run it again"):
        list(pieces)


def test_a_failure_of_what_is_sealed_leaves_no_file(tmp_path: Path) -> None:
    public = make_key(tmp_path / "key", "", START)

    def fails() -> Iterator[bytes]:
        yield b"x" * 200_000
        raise BackupError("the very one")

    with pytest.raises(BackupError, match="the very one"):
        write_sealed(tmp_path / "out", fails(), recipients_of([public]).values())
    assert {path.name for path in tmp_path.iterdir()} == {"key", "key.pub"}


def test_a_reader_who_stops_hears_of_its_own_failure(tmp_path: Path) -> None:
    public = make_key(tmp_path / "key", "", START)
    keys = recipients_of([str(tmp_path / "key.pub"), public])
    write_sealed(tmp_path / "out", [b"x" * 5_000_000], keys.values())
    key = read_key(tmp_path / "key", "")
    told: list[int] = []
    with opened_sealed(tmp_path / "out", key, told.append) as plain:
        assert len(plain.read()) == 5_000_000
    assert told == sorted(told)
    with (
        pytest.raises(ZeroDivisionError),
        opened_sealed(tmp_path / "out", key, told.append) as plain,
    ):
        raise ZeroDivisionError


def test_workspaces_of_the_dead_are_swept_and_those_of_the_living_kept(tmp_path: Path) -> None:
    (tmp_path / "w-dead").mkdir()
    with workspace(tmp_path, "w-") as first, workspace(tmp_path, "w-") as second:
        assert {path.name for path in tmp_path.iterdir()} == {first.name, second.name}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("checkpoint", [None, 2, 3, 5])
def test_a_version_set_aside_opens_alone(tmp_path: Path, checkpoint: int | None) -> None:
    archive = Archive(tmp_path / "archive")
    for source in range(5):
        archive.append(tables(source), f"s{source}", START)
        if checkpoint == source + 1:
            DeltaTable(tmp_path / "archive").create_checkpoint()
    assert newest_version(tmp_path / "archive") == 5
    version = first_holding(tmp_path / "archive", ["s0", "s2"], 1)
    assert version == 3
    copy = tmp_path / "copy"
    held = set_aside(tmp_path / "archive", version, copy)
    assert held.fixes == 1200
    for name in held.files:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(tmp_path / "archive" / name, copy / name)
    assert check(Archive(copy), [0, 1, 2]) == 3
    assert Archive(copy).append(tables(3), "s3", START).new_rows == 400


def test_no_version_holds_what_was_never_imported(tmp_path: Path) -> None:
    assert newest_version(tmp_path / "archive") is None
    assert first_holding(tmp_path / "archive", [], None) is None
    Archive(tmp_path / "archive").append(tables(0), "s0", START)
    assert first_holding(tmp_path / "archive", ["s1"], None) is None
