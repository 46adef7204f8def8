"""`tipstaff match --batch` on an instance: the answers of files alone, recorded and read again."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from program import done, instance_of, tipstaff

WHY = ("--purpose", "demonstration")
ALL = ("--searchable", "all", "--authority", "simulated people")


@pytest.fixture(scope="module")
def instance(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the world in it; matching adds runs to it."""
    data = tmp_path_factory.mktemp("archive") / "var"
    instance_of("analyst", data)
    done("import", "activations", world / "activations.csv", *WHY, data=data)
    done("import", "positions", world / "positions.parquet", *WHY, data=data)
    done("import", "crimes", *sorted((world / "crimes").iterdir()), *WHY, data=data)
    return data


@pytest.fixture(scope="module")
def run(instance: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The results file of a match of every batch, and the run's id."""
    out = tmp_path_factory.mktemp("run") / "archive.csv"
    said = done("match", "--batch", "all", "--outcomes", "all", "--error-model", "simulated",
                *WHY, *ALL, "--out", out, data=instance)  # fmt: skip
    found = re.search(r"run ([0-9a-f-]{36})", said)
    assert found
    return out, found[1]


def test_files_alone_give_the_same_rows(world: Path, run: tuple[Path, str], tmp_path: Path) -> None:
    done(
        "match", "--positions", world / "positions.parquet", "--crimes", world / "crimes",
        "--activations", world / "activations.csv", "--error-model", "simulated",
        "--outcomes", "all", "--out", tmp_path / "files.csv",
    )  # fmt: skip
    for suffix in (".csv", ".crimes.csv", ".facts.parquet"):
        files = (tmp_path / f"files{suffix}").read_bytes()
        assert run[0].with_name(f"archive{suffix}").read_bytes() == files, suffix
    manifests = [
        json.loads(path.read_bytes())
        for path in (tmp_path / "files.manifest.json", run[0].with_name("archive.manifest.json"))
    ]
    for manifest in manifests:
        del manifest["files"], manifest["counts"]["duplicate_fixes"]
    assert manifests[0] == manifests[1]


def test_the_same_batch_gives_the_same_manifest(
    instance: Path, run: tuple[Path, str], tmp_path: Path
) -> None:
    done("match", "--batch", "all", "--outcomes", "all", "--error-model", "simulated",
         *WHY, *ALL, "--out", tmp_path / "again.csv", data=instance)  # fmt: skip
    for suffix in (".csv", ".manifest.json"):
        again = (tmp_path / f"again{suffix}").read_bytes()
        assert again == run[0].with_name(f"archive{suffix}").read_bytes()


def test_one_batch_alone(world: Path, instance: Path, tmp_path: Path) -> None:
    batch = sorted((world / "crimes").iterdir())[0]
    done("match", "--batch", batch.stem, *WHY, *ALL, "--out", tmp_path / "one.csv", data=instance)
    crimes = (tmp_path / "one.crimes.csv").read_text(encoding="utf-8").splitlines()
    assert len(crimes) - 1 == len(batch.read_text(encoding="utf-8").splitlines())


def test_the_report_is_made_again_from_the_records(
    instance: Path, run: tuple[Path, str], tmp_path: Path
) -> None:
    done("report", run[0], "--out", tmp_path / "files.html")
    done("report", run[1], *WHY, "--out", tmp_path / "again.html", data=instance)
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "files.html").read_bytes()
    entries = done("audit", "list", "--purpose", "audit", data=instance).splitlines()
    looks = [json.loads(line) for line in entries]
    read = [e for e in looks if e["use_case"] == "read_run" and e["phase"] == "served"]
    assert [e["extent"]["run"] for e in read] == [run[1]]
    assert read[0]["subjects"] > 0


def test_runs_are_listed(instance: Path, run: tuple[Path, str]) -> None:
    assert run[1] in done("runs", *WHY, data=instance)


def test_what_is_kept_is_the_owners_alone(instance: Path, run: tuple[Path, str]) -> None:
    folder = instance / "runs" / run[1]
    assert {path.name for path in folder.iterdir()} == {"run.crimes.csv", "run.facts.parquet"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_exit_codes(instance: Path, tmp_path: Path) -> None:
    def code(*words: str | Path, data: Path = instance) -> int:
        return tipstaff(*words, data=data, cwd=tmp_path).returncode

    out = ("--out", tmp_path / "x.csv")
    unknown = "00000000-0000-4000-8000-000000000000"
    assert code("match", "--batch", "DBY20010101", *WHY, *ALL, *out) == 2
    assert code("match", "--batch", "all", *ALL, *out) == 2
    assert code("match", "--batch", "all", *WHY, *out, data=tmp_path / "none") == 3
    assert code("match", "--batch", "all", "--purpose", "external_request", *out) == 4
    assert code("match", "--batch", "all", *WHY, *out) == 4  # nobody said who may be searched
    assert code("match", "--batch", "all", *WHY, *ALL[:2], *out) == 4  # all, but by no authority
    assert code("report", unknown, *WHY) == 2
    assert code("report", unknown) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_audit_holds(instance: Path, run: tuple[Path, str]) -> None:
    assert "The chain holds." in done("audit", "verify", data=instance)


def test_where_the_results_go_is_checked_before_a_run_is_recorded(
    instance: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    before = done("runs", *WHY, data=instance)
    ran = tipstaff("match", "--batch", "all", *WHY, *ALL, "--out", tmp_path / "file" / "x.csv",
                   data=instance)  # fmt: skip
    assert ran.returncode == 2
    assert "nothing was matched" in ran.stderr
    assert done("runs", *WHY, data=instance) == before
