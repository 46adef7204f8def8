"""Settings: the environment wins over the file; what is unknown or wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tipstaff import settings, settings_django


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIPSTAFF_DATA", str(tmp_path))
    return tmp_path


def test_every_setting_has_a_default_and_a_help_text() -> None:
    for name, info in settings.Settings.model_fields.items():
        assert info.description, name
        assert not info.is_required(), name


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    values = settings.load()
    assert values.data == Path("var")
    assert values.database == "sqlite"
    assert settings.settings_file() == Path("var/tipstaff.toml")


def test_the_environment_wins_over_the_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "tipstaff.toml").write_text('actor = "from-file"\n')
    assert settings.load().actor == "from-file"
    monkeypatch.setenv("TIPSTAFF_ACTOR", "from-environment")
    assert settings.load().actor == "from-environment"


def test_a_named_file_may_say_where_the_data_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "here.toml"
    file.write_text('data = "/srv/tipstaff"\n')
    monkeypatch.setenv("TIPSTAFF_CONFIG", str(file))
    assert settings.load().data == Path("/srv/tipstaff")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('colour = "red"', "'colour' in"),
        ('database = "mysql://x"', "'database' in"),
        ('data = "/elsewhere"', "'data' in"),
        ("actor = [", "not valid TOML"),
        ("actor = 5", "'actor' in"),
    ],
)
def test_a_wrong_file_is_refused_with_the_setting_named(data: Path, text: str, named: str) -> None:
    (data / "tipstaff.toml").write_text(text)
    with pytest.raises(settings.SettingsError, match=named):
        settings.load()


def test_an_unknown_variable_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPSTAFF_DATABSE", "x")
    with pytest.raises(settings.SettingsError, match="TIPSTAFF_DATABSE in the environment"):
        settings.load()


@pytest.mark.parametrize(
    "url", ["mysql://me:secret@host/name", "postgresql://me:secret@host/name?nonsense=secret"]
)
def test_a_wrong_variable_is_named_and_its_value_is_not_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TIPSTAFF_DATABASE", url)
    with pytest.raises(settings.SettingsError, match="TIPSTAFF_DATABASE is wrong") as error:
        settings.load()
    assert "secret" not in str(error.value)


def test_a_missing_named_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPSTAFF_CONFIG", "/no/such/file.toml")
    with pytest.raises(settings.SettingsError, match="TIPSTAFF_CONFIG names"):
        settings.load()


def test_sqlite_is_durable_and_takes_its_lock_at_once(data: Path) -> None:
    entry = settings_django.database_of(settings.load())
    assert entry["NAME"] == data / "records.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 5
    assert "synchronous=FULL" in entry["OPTIONS"]["init_command"]


def test_a_postgresql_url_becomes_a_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://ann:s%40crd@db.example:5433/tags?sslmode=require"
    monkeypatch.setenv("TIPSTAFF_DATABASE", url)
    entry = settings_django.database_of(settings.load())
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "ann", "s@crd", "db.example", "5433", "tags",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("WEB_URL", "https://tipstaff.example.uk", True),
        ("WEB_URL", "https://tipstaff.example.uk:8443", True),
        ("WEB_URL", "http://tipstaff.example.uk", False),
        ("WEB_URL", "https://tipstaff.example.uk/console", False),
        ("WEB_URL", "https://", False),
        ("OIDC_ISSUER", "https://login.example.uk/force/", True),
        ("OIDC_ISSUER", "http://login.example.uk", False),
        ("SESSION_IDLE_MINUTES", "0", False),
        ("SESSION_IDLE_MINUTES", "121", False),
        ("LOCKOUT_FAILURES", "2", False),
        ("LOCKOUT_FAILURES", "3", True),
    ],
)
def test_settings_of_the_pages(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, good: bool
) -> None:
    monkeypatch.setenv(f"TIPSTAFF_{name}", value)
    if good:
        assert str(getattr(settings.load(), name.lower())) == value.rstrip("/")
    else:
        with pytest.raises(settings.SettingsError, match=f"TIPSTAFF_{name}"):
            settings.load()


def test_the_host_is_the_addresss(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().web_host == "localhost"
    monkeypatch.setenv("TIPSTAFF_WEB_URL", "https://a.example:8443")
    assert settings.load().web_host == "a.example"
