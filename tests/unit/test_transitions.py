"""State machines are tables without holes, and what is drawn is what is done."""

from __future__ import annotations

import pytest

from tipstaff.domain.findings import WHY_WORDS, Why
from tipstaff.domain.transitions import (
    ALERT,
    EPISODE,
    MACHINES,
    Act,
    AlertState,
    EpisodeState,
    Machine,
    Row,
    Tamper,
    TamperCause,
)
from tipstaff.monitoring.events import EVENT_WORDS, EventKind
from tipstaff.monitoring.visits import END_WORDS, End


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_is_reached(machine: Machine) -> None:
    reached = {machine.start}
    for _ in machine.rows:
        reached |= {row.to for row in machine.rows if row.state in reached}
    assert reached == set(type(machine.start))


def test_two_rows_for_one_move_are_refused() -> None:
    row = Row(Tamper.WHOLE, TamperCause.OPENED, Tamper.OPEN)
    with pytest.raises(ValueError, match="two rows"):
        Machine("m", "M", Tamper.WHOLE, (row, row))


def test_what_a_table_does_not_name_moves_nothing() -> None:
    assert EPISODE.row(EpisodeState.RETRACTED, Act.NOTE) is None


def test_nothing_reopens_a_closed_alert() -> None:
    closed = [row for row in ALERT.rows if row.state is AlertState.CLOSED]
    assert {row.to for row in closed} == {AlertState.CLOSED}
    assert all(row.state is EpisodeState.STANDS for row in EPISODE.rows)


def test_everything_has_words() -> None:
    assert set(WHY_WORDS) == set(Why)
    assert set(EVENT_WORDS) == set(EventKind)
    assert set(END_WORDS) == set(End)
