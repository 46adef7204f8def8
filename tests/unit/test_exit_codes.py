"""Which exception leads to which exit code, and what is said of a fault of the program."""

from __future__ import annotations

import signal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from tipstaff.cli import exit_codes, interrupts, program
from tipstaff.cli.exit_codes import MEANINGS, told_of
from tipstaff.positions.damage import ArchiveDamagedError
from tipstaff.positions.locking import ArchiveBusyError
from tipstaff.settings import SettingsError


@pytest.fixture(autouse=True)
def _fresh_interrupts(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(interrupts, "_SEEN", interrupts._Seen())
    # a shell that starts the tests in the background has interrupts ignored for them
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("name", exit_codes.NAMED)
def test_every_class_in_the_table_is_there(name: str) -> None:
    import tipstaff.services  # noqa: F401 (makes Django ready)

    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(import_module(module), kind), BaseException)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("x"), exit_codes.NOT_SET_UP),
        (ArchiveDamagedError("x"), exit_codes.NOT_SET_UP),
        (ArchiveBusyError("x"), exit_codes.NOTHING_DONE),
        (MemoryError(), exit_codes.UNEXPECTED),
        (NotADirectoryError(20, "Not a directory", "/x"), exit_codes.OUTPUT_LOST),
        (OSError("no number"), exit_codes.OUTPUT_LOST),
    ],
)
def test_an_exception_has_a_sentence_and_a_code(error: Exception, code: int) -> None:
    told = told_of(error)
    assert told is not None
    assert told.code == code
    assert told.message.strip()
    assert "None" not in told.message


def test_what_is_in_no_table() -> None:
    assert told_of(ValueError("x")) is None
    assert len(MEANINGS) == len(set(MEANINGS.values())) == 9


def ending(error: BaseException) -> Any:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SystemExit(2), 2),
        (SystemExit(), 0),
        (ValueError("W0001 was at 52.9"), 70),
        (SystemExit("words"), 70),
        (KeyboardInterrupt(), 130),
        (PermissionError(13, "Permission denied", "/x"), 74),
    ],
)
def test_whatever_ends_a_command_has_a_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.run(ending(error)) == code
    said = capsys.readouterr().err
    assert "W0001" not in said
    assert "Traceback" not in said
    assert bool(said) == (not isinstance(error, SystemExit))


def test_a_command_that_returns_is_all_good() -> None:
    assert program.run(lambda: None) == 0


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), SystemError("returned a result"), SystemExit(2)]
)
def test_what_libraries_make_of_an_interrupt_is_one(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise error

    assert program.run(command) == 130
    assert capsys.readouterr().err.startswith("Interrupted.")
    with pytest.raises(KeyboardInterrupt):
        interrupts.stop_if_interrupted()


def test_an_ignored_interrupt_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert program.run(lambda: signal.raise_signal(signal.SIGINT)) == 0
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_fault_is_told_by_its_kind_and_place_alone() -> None:
    try:
        int(SimpleNamespace(name="W0001").name)
    except ValueError as error:
        said = program.unexpected(error)
    assert "ValueError at unit/test_exit_codes:" in said
    assert "W0001" not in said
