"""`tipstaff backup` and `restore`: the copy answers as the original did; nothing less is taken."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from pathlib import Path

import pyrage
import pytest
from backups import WHY, apart, backed_up, fixes_of, journal, key_in, rows_of
from program import done, instance_of, tipstaff

NONE = ("--no-erasures", "a test")
DEMO = ("--purpose", "demonstration")
PERIOD = ("--from", "2020-01-01", "--to", "2030-01-01", "--format", "csv")


@pytest.fixture(scope="module")
def made(world: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """An instance with a run, a backup of it, and the key; not to be changed."""
    folder = tmp_path_factory.mktemp("backup")
    data = folder / "var"
    instance_of("ann", data)
    done("import", "activations", world / "activations.csv", *DEMO, data=data)
    done("import", "positions", world / "positions.parquet", *DEMO, data=data)
    (folder / "bad.csv").write_text(
        "device_id,fix_time,latitude,longitude\nD1,2026-05-01T00:00:00Z,53,-1\nD1,x,53,-1\n"
    )
    assert tipstaff("import", "positions", folder / "bad.csv", *DEMO, data=data).returncode == 1
    done("import", "crimes", *sorted((world / "crimes").iterdir()), *DEMO, data=data)
    match = ("match", "--batch", "all", "--out", folder / "r.csv", "--error-model", "simulated")
    everybody = ("--searchable", "all", "--authority", "simulated people")
    done(*match, *DEMO, *everybody, data=data)
    backup, key = backed_up(data, folder)
    return data, backup, key


@pytest.fixture(scope="module")
def restored(made: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    _data, backup, key = made
    into = tmp_path_factory.mktemp("restored") / "var"
    done("restore", backup, "--into", into, "--key", key, *journal(made[0]))
    return into


def test_the_copy_holds_the_same_rows(made: tuple[Path, Path, Path], restored: Path) -> None:
    data = made[0]
    copy, original = apart(rows_of(restored / "records.sqlite3"), rows_of(data / "records.sqlite3"))
    # each side has one entry of its own: that it was restored, and that the backup was served
    assert copy.keys() == original.keys() == {"records_auditentry"}
    assert ["restore" in row for row in copy["records_auditentry"]] == [True]
    assert ["backup" in row for row in original["records_auditentry"]] == [True]
    assert fixes_of(restored).equals(fixes_of(data))
    for folder in ("quarantine", "runs"):
        held = {p.relative_to(data): p.read_bytes() for p in (data / folder).rglob("*.*")}
        assert held == {
            p.relative_to(restored): p.read_bytes() for p in (restored / folder).rglob("*.*")
        }
        assert held


def test_the_copy_answers_the_same(
    made: tuple[Path, Path, Path], restored: Path, world: Path
) -> None:
    wearer = (world / "activations.csv").read_text().splitlines()[1].split(",")[2]
    for words in (("runs",), ("trail", wearer, *PERIOD), ("trail", "D1", *PERIOD)):
        assert done(*words, *DEMO, data=restored) == done(*words, *DEMO, data=made[0])
    assert "The chain holds." in done("audit", "verify", data=restored)
    assert "is whole" in done("check", "instance", data=restored)
    assert (restored / "audit.key").read_bytes() == (made[0] / "audit.key").read_bytes()


def test_the_copy_is_its_owners_alone_and_takes_imports(
    restored: Path, tmp_path: Path, world: Path
) -> None:
    copy = shutil.copytree(restored, tmp_path / "var")
    assert stat.S_IMODE(restored.stat().st_mode) == 0o700
    assert list(restored.parent.iterdir()) == [restored]
    again = done("import", "positions", world / "positions.parquet", *DEMO, data=copy)
    assert "taken in before" in again


def test_the_backup_is_in_the_audit_before_it_is_made(made: tuple[Path, Path, Path]) -> None:
    data, backup, _key = made
    lines = done("audit", "list", "--purpose", "audit", data=data).splitlines()
    entries = [e for e in map(json.loads, lines) if e["use_case"] == "backup"]
    assert [e["phase"] for e in entries] == ["served", "requested"]
    assert {e["operation"] for e in entries} == {"export"}
    assert entries[0]["extent"]["size_bytes"] == backup.stat().st_size
    assert entries[0]["extent"]["recipients"][0].startswith("age1")


def test_it_is_a_tar_in_an_age_file_without_keys(made: tuple[Path, Path, Path]) -> None:
    data, backup, key = made
    identity = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[-1])
    plain = pyrage.decrypt(backup.read_bytes(), [identity])
    assert (data / "secret.key").read_bytes().strip() not in plain
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest.json"
    assert "records.sqlite3" in names
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(backup.parent.glob("*.part"))
    assert not list(data.glob("backup-*"))


def refused(*words: str | Path, says: str, **extra: str) -> None:
    ran = tipstaff(*words, **extra)
    assert ran.returncode == 2, ran.stderr
    assert says in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("spoil", ["end cut", "half", "head cut", "altered", "longer", "empty"])
def test_a_spoilt_file_is_refused(
    made: tuple[Path, Path, Path], tmp_path: Path, spoil: str
) -> None:
    _data, backup, key = made
    content = bytearray(backup.read_bytes())
    if spoil == "altered":
        content[len(content) // 2] ^= 1
    cut = {"end cut": -1, "half": len(content) // 2, "head cut": 50, "empty": 0}.get(spoil)
    (tmp_path / "b").write_bytes(content[:cut] + (b"x" if spoil == "longer" else b""))
    refused("restore", tmp_path / "b", "--into", tmp_path / "new", "--key", key,
            "--no-erasures", "test", says="altered")  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_another_key_is_refused(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    words = ("restore", made[1], *journal(made[0]), "--into", tmp_path / "new", "--key")
    refused(*words, key_in(tmp_path), says="does not open")
    refused(*words, tmp_path / "backup.key.pub", says="holds no key")
    assert not (tmp_path / "new").exists()


def test_a_folder_in_use_is_refused(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    data, backup, key = made
    refused("restore", backup, "--into", data, "--key", key, says="not an empty folder")
    (tmp_path / "file").write_text("")
    refused("restore", backup, "--into", tmp_path / "file", "--key", key, says="not an empty")
    (tmp_path / "empty").mkdir()
    done("restore", backup, "--into", tmp_path / "empty", "--key", key, *journal(data))


def test_a_backup_never_overwrites_and_needs_a_key(
    made: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    data, backup, key = made
    words = ("backup", backup, "--to", f"{key}.pub", *WHY)
    environment = {"TIPSTAFF_DATA": str(data)}
    before = backup.read_bytes()
    refused(*words, says="never overwritten", **environment)
    refused("backup", tmp_path / "b", *WHY, says="backup-key", **environment)
    refused("backup", tmp_path / "b", *WHY, "--to", "age1x", says="public key", **environment)
    assert backup.read_bytes() == before
    assert not list(tmp_path.iterdir())
    setting = {"TIPSTAFF_BACKUP_RECIPIENT": f"{key}.pub"}
    assert tipstaff("backup", tmp_path / "b", *WHY, data=data, **setting).returncode == 0


def test_a_passphrase_protects_the_key(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    data, key = made[0], tmp_path / "k"
    (tmp_path / "words").write_text("a long and lonely road\n")
    done("backup-key", key, "--passphrase-file", tmp_path / "words")
    assert b"SECRET" not in key.read_bytes()
    done("backup", tmp_path / "b", "--to", f"{key}.pub", *WHY, data=data)
    words = ("restore", tmp_path / "b", "--into", tmp_path / "new", "--key", key, *NONE)
    refused(*words, says="--passphrase-file")
    refused(*words, says="does not open", TIPSTAFF_BACKUP_PASSPHRASE="another")
    right = tipstaff(*words, TIPSTAFF_BACKUP_PASSPHRASE="a long and lonely road")
    assert right.returncode == 0, right.stderr
    refused("backup-key", key, says="never overwritten")


def test_a_damaged_archive_is_not_backed_up(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    data = shutil.copytree(made[0], tmp_path / "var")
    words = ("backup", tmp_path / "b", "--to", f"{made[2]}.pub", *WHY)
    next((data / "archive").glob("day=*/*.parquet")).unlink()
    assert tipstaff(*words, data=data).returncode == 3
    shutil.rmtree(data / "archive")
    assert tipstaff(*words, data=data).returncode == 3
    assert not (tmp_path / "b").exists()
    assert tipstaff("check", "instance", data=data).returncode == 3
