"""`tipstaff serve`: what it refuses, what it serves, how it ends, what it logs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from program import environment, tipstaff
from served import serving

HTTPS = {
    "TIPSTAFF_WEB_URL": "https://tipstaff.example.uk",
    "TIPSTAFF_WEB_PROXY": "127.0.0.1",
}


def got(url: str, **headers: str) -> SimpleNamespace:
    """The answer to a GET: status, headers, body."""
    try:
        answer = urlopen(Request(url, headers=headers), timeout=10)
    except HTTPError as refused:
        answer = refused
    with answer:
        return SimpleNamespace(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.read(),
        )


def test_it_serves_until_interrupted_and_logs_no_person(sqlite_instance: Any) -> None:
    with serving(sqlite_instance.data) as server:
        assert got(f"{server.url}/health").body == b"alive\n"
        page = got(f"{server.url}/sign-in")
        assert page.status == 200
        assert "server" not in page.headers
        assert got(f"{server.url}/static/tipstaff/webauthn.js").status == 200
        assert got(f"{server.url}/secret-path-of-a-person").status == 404
        server.process.send_signal(signal.SIGINT)
        _, said = server.process.communicate(timeout=20)
    assert server.process.returncode == 0, said
    assert "secret-path" not in said
    assert "127.0.0.1" not in said
    assert '"logger": "django.request"' in said


def test_it_refuses_to_listen_where_passwords_could_be_read(sqlite_instance: Any) -> None:
    refused = tipstaff("serve", "--host", "0.0.0.0", data=sqlite_instance.data)
    assert refused.returncode == 2
    assert "without https" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [("serve", "--port", "0"), ("worker", "--once", "--purpose", "system_administration")],
    ids=["serve", "worker"],
)
def test_nothing_begins_with_errors_of_positions_that_cannot_be_read(
    sqlite_instance: Any, words: tuple[str, ...], tmp_path: Path
) -> None:
    model = tmp_path / "fitted.json"
    model.write_text('{"nu": 4}')
    refused = tipstaff(*words, data=sqlite_instance.data, TIPSTAFF_ERROR_MODEL=str(model))
    assert refused.returncode == 3
    assert f"error_model {model}: is not an error model" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_in_use_is_told(sqlite_instance: Any) -> None:
    with serving(sqlite_instance.data) as server:
        port = server.url.rsplit(":", 1)[1]
        second = tipstaff("serve", "--port", port, data=sqlite_instance.data)
        assert second.returncode == 2
        assert "--port" in second.stderr


def test_behind_a_proxy_https_is_believed_of_the_proxy_alone(sqlite_instance: Any) -> None:
    host = "tipstaff.example.uk"
    with serving(sqlite_instance.data, **HTTPS) as server:
        where = f"http://127.0.0.1:{server.port}"
        assert got(f"{where}/health", Host=host).status == 200
        page = got(f"{where}/sign-in", Host=host, **{"X-Forwarded-Proto": "https"})
        assert page.status == 200
        cookie = page.headers["set-cookie"]
        assert cookie.startswith("__Host-tipstaff-csrf=")
        assert "Secure" in cookie
        assert "max-age=31536000" in page.headers["strict-transport-security"]
        elsewhere = {"Host": "evil.example", "X-Forwarded-Proto": "https"}
        assert got(f"{where}/sign-in", **elsewhere).status == 400


def test_djangos_own_checks_find_nothing(sqlite_instance: Any) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment(
            sqlite_instance.data, DJANGO_SETTINGS_MODULE="tipstaff.settings_django", **HTTPS
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_commands_know_nothing_of_the_pages() -> None:
    """Importing them takes longer than most commands; only the server needs them."""
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, sys, tipstaff.services.access; print(json.dumps(list(sys.modules)))",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tipstaff.settings_django"},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(json.loads(loaded.stdout))
    assert "tipstaff.records.models" in modules
    assert not {m for m in modules if m.startswith(("tipstaff.web", "uvicorn", "fido2"))}
    assert not {"requests", "govuk_frontend_jinja"} & modules
