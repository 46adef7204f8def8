"""A folder that is there whole or not at all, and overwrites nothing."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tipstaff.services.whole_folder import FolderExistsError, write_whole


def nothing(_written: object) -> dict[str, bytes]:
    return {}


def test_files_are_written_with_their_digests_for_their_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = write_whole(out, {"a": [b"1", b"2"]}, lambda written: {"b": written[0].sha256.encode()})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "a": b"12",
        "b": hashlib.sha256(b"12").hexdigest().encode(),
    }
    assert [(one.name, one.size_bytes) for one in done] == [("a", 2), ("b", 64)]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / "out", {"a": [b"1"], "b": broken()}, nothing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made", ["file", "folder", "link"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, made: str) -> None:
    out = tmp_path / "out"
    if made == "file":
        out.write_text("mine")
    elif made == "folder":
        out.mkdir()
    else:
        out.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FolderExistsError):
        write_whole(out, {"a": [b"1"]}, nothing)
    with pytest.raises(FolderExistsError):
        write_whole(tmp_path / "no" / "out", {"a": [b"1"]}, nothing)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".out.writing-abc"
    left.mkdir()
    (left / "trail.csv").write_text("53.0")
    write_whole(tmp_path / "out", {"a": [b"1"]}, nothing)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
