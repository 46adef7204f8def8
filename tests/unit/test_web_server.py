"""Where the server may listen, and what it logs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tipstaff import settings
from tipstaff.web import log_lines, server

PLAIN = settings.Settings()
HTTPS = PLAIN.model_copy(update={"web_url": "https://a.example", "web_proxy": "10.0.0.1"})


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert server.is_loopback(host) is loopback


def test_another_address_needs_https() -> None:
    with pytest.raises(server.NotServableError, match="web_url"):
        server.listen(PLAIN, "0.0.0.0", 0)
    with server.listen(HTTPS, "0.0.0.0", 0) as listening:
        assert listening.getsockname()[1] > 0


def test_https_needs_to_know_its_proxy() -> None:
    with pytest.raises(server.NotServableError, match="web_proxy"):
        server.listen(HTTPS.model_copy(update={"web_proxy": ""}), "127.0.0.1", 0)


def test_a_name_that_is_no_address_is_told() -> None:
    with pytest.raises(server.NotServableError, match="--port"):
        server.listen(HTTPS, "256.256.256.256", 0)


def test_log_lines_name_places_and_never_words() -> None:
    try:
        raise ValueError("Ann Other, 4 High Street")
    except ValueError:
        caught = sys.exc_info()
    record = logging.LogRecord(
        "django.request", logging.ERROR, "/x/handlers/base.py", 7,
        "Not Found: %s", ("/wearers/ann-other",), caught,
    )  # fmt: skip
    line = log_lines.places().format(record)
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("at")).tzinfo is not None
    assert told == {
        "level": "error", "logger": "django.request", "place": "handlers/base:7",
        "error": "ValueError", "trace": [places()],
    }  # fmt: skip
    assert "ann-other" not in line
    assert "High Street" not in line


def test_what_our_own_modules_say_is_told_whole() -> None:
    record = logging.LogRecord(
        "tipstaff.services.chores", logging.ERROR, "/x/services/chores.py", 7,
        "the chore %s failed: %s", ("archive", "OSError"), None,
    )  # fmt: skip
    told = json.loads(log_lines.places().format(record))
    assert told["event"] == "the chore archive failed: OSError"


def places() -> str:
    here = Path(__file__).read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(here, 1) if "raise ValueError(" in line)
    return f"unit/test_web_server:{number}"
