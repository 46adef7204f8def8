"""Fixtures: an initialised instance of its own for each test, on SQLite and on PostgreSQL.

`sqlite_instance` is for tests of one database, `instance` runs a test on both. Each is copied
from one that was migrated once. The environment points at it, for subprocesses too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from postgres_server import installation, running_server
from program import instance_of

ACTOR = "tester"


@dataclass(frozen=True)
class TestInstance:
    """Where an instance lies. `vendor` is sqlite or postgresql."""

    __test__ = False

    vendor: str
    data: Path
    database: str
    actor: str = ACTOR


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "DATABASE", "ACTOR", "CONFIG", "SECRET_KEY"):
        monkeypatch.delenv(f"TIPSTAFF_{name}", raising=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a running server, DATABASE standing for the database's name."""
    install = installation()
    if install is None:
        if os.environ.get("CI") == "true":
            pytest.fail("continuous integration needs PostgreSQL: requirements/test.txt brings it")
        pytest.skip("no PostgreSQL here: neither the wheel's nor the system's")
    with running_server(install) as url:
        yield url


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Data folders of instances made once, by vendor; filled by `_template_of`."""
    return {"root": tmp_path_factory.mktemp("instances")}


@pytest.fixture
def sqlite_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _templates: dict[str, Path]
) -> Iterator[TestInstance]:
    """A fresh instance on SQLite."""
    yield from _instance("sqlite", "", tmp_path, monkeypatch, _templates)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def instance(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    _templates: dict[str, Path],
) -> Iterator[TestInstance]:
    """A fresh instance on each database in turn."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    yield from _instance(request.param, url, tmp_path, monkeypatch, _templates)


@pytest.fixture
def turn_to(
    instance: TestInstance,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    _templates: dict[str, Path],
) -> Callable[[str], TestInstance]:
    """Work on another instance from now on: a fresh one, of the same database, when first named.

    `instance` itself is named `A`.
    """
    made = {"A": instance}

    def turn(name: str) -> TestInstance:
        if name not in made:
            data, database = tmp_path / f"var-{name}", "sqlite"
            shutil.copytree(_templates[instance.vendor], data)
            if instance.vendor == "postgresql":
                database = _copy_database(request.getfixturevalue("postgres_url"))
            made[name] = TestInstance(instance.vendor, data, database)
        monkeypatch.setenv("TIPSTAFF_DATA", str(made[name].data))
        monkeypatch.setenv("TIPSTAFF_DATABASE", made[name].database)
        _connect_django()
        return made[name]

    return turn


def _instance(
    vendor: str,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    templates: dict[str, Path],
) -> Iterator[TestInstance]:
    def point_at(data: Path, database: str) -> None:
        monkeypatch.setenv("TIPSTAFF_DATA", str(data))
        monkeypatch.setenv("TIPSTAFF_DATABASE", database)
        monkeypatch.setenv("TIPSTAFF_ACTOR", ACTOR)
        _connect_django()

    if vendor not in templates:
        templates[vendor] = _make_template(vendor, url, templates["root"] / vendor, point_at)
    data = tmp_path / "var"
    shutil.copytree(templates[vendor], data)
    database = _copy_database(url) if url else "sqlite"
    point_at(data, database)
    yield TestInstance(vendor, data, database)
    _close_django()
    if url:
        _drop_database(url, database)


def _make_template(
    vendor: str, url: str, data: Path, point_at: Callable[[Path, str], None]
) -> Path:
    if not url:
        instance_of(ACTOR, data)
        return data
    _administer(url, 'CREATE DATABASE "template_tipstaff"')
    point_at(data, url.replace("DATABASE", "template_tipstaff"))
    from tipstaff.services.instance import init_instance

    init_instance(user=ACTOR)
    _close_django()
    return data


def _copy_database(url: str) -> str:
    name = f"t{uuid4().hex}"
    copied = 'TEMPLATE "template_tipstaff" STRATEGY FILE_COPY'
    _administer(url, f'CREATE DATABASE "{name}" {copied}')
    return url.replace("DATABASE", name)


def _drop_database(url: str, database: str) -> None:
    """Let a test's database go at once: hundreds of them fill the place where the server lies."""
    before, after = url.split("DATABASE")
    name = database.removeprefix(before).removesuffix(after)
    _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _connect_django() -> None:
    """Point Django's one connection at the database the environment now names."""
    from django.db import connections

    import tipstaff.services  # noqa: F401 (makes Django ready)
    from tipstaff import settings, settings_django

    connections["default"].close()
    entry = settings_django.database_of(settings.load())
    connections.settings["default"] = connections.configure_settings({"default": entry})["default"]
    del connections["default"]


def _close_django() -> None:
    from django.db import connections

    connections["default"].close()
