"""Which activations may be recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from tipstaff.domain.activations import Activation
from tipstaff.records.activation_plan import Clash, plan

DAY0 = datetime(2026, 1, 1, tzinfo=UTC)


def worn(
    name: str, device: str, start: int, end: int, *, who: str = "w", row: int = 0
) -> Activation:
    return Activation(
        name, device, who, DAY0 + timedelta(days=start), DAY0 + timedelta(days=end), row
    )


def recorded(*facts: Activation) -> dict[str, Activation]:
    return {fact.activation_id: fact for fact in facts}


def test_periods_that_touch_do_not_overlap() -> None:
    decided = plan({}, [worn("a", "d", 0, 1, row=2), worn("b", "d", 1, 2, row=3)])
    assert [fact.activation_id for fact in decided.new] == ["a", "b"]
    assert decided.clashes == ()


def test_an_overlap_refuses_both_rows_in_whichever_order() -> None:
    rows = [worn("a", "d", 0, 2, row=2), worn("b", "d", 1, 3, row=3), worn("c", "d", 5, 6, row=4)]
    for order in permutations(rows):
        decided = plan({}, order)
        assert [fact.activation_id for fact in decided.new] == ["c"]
        assert decided.clashes == (Clash(2, "a", 3, "b"), Clash(3, "b", 2, "a"))


def test_what_is_on_record_stands() -> None:
    decided = plan(recorded(worn("a", "d", 0, 9)), [worn("b", "d", 1, 3, row=2)])
    assert decided.new == ()
    assert decided.clashes == (Clash(2, "b", 0, "a"),)


def test_the_same_again_is_nothing() -> None:
    decided = plan(recorded(worn("a", "d", 0, 9)), [worn("a", "d", 0, 9, row=7)])
    assert (decided.new, decided.unchanged, decided.clashes) == ((), 1, ())


def test_a_correction_makes_room_in_the_same_file() -> None:
    rows = [worn("b", "d", 4, 9, row=2), worn("a", "d", 0, 4, row=3)]
    decided = plan(recorded(worn("a", "d", 0, 100)), rows)
    assert [fact.activation_id for fact in decided.new] == ["a", "b"]


def test_a_refused_correction_leaves_the_old_belief_to_refuse_others() -> None:
    held = recorded(worn("a", "d", 0, 10), worn("x", "e", 0, 10))
    rows = [worn("a", "e", 5, 9, row=2), worn("b", "d", 0, 10, row=3)]
    decided = plan(held, rows)
    assert decided.new == ()
    assert decided.clashes == (Clash(2, "a", 0, "x"), Clash(3, "b", 0, "a"))


def test_one_id_with_two_contents_is_refused() -> None:
    decided = plan({}, [worn("a", "d", 0, 1, row=2), worn("a", "d", 0, 2, row=3)])
    assert decided.new == ()
    assert {clash.row for clash in decided.clashes} == {2, 3}
