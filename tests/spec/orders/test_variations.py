"""What changed between two versions of an order, in a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_cases import NIGHTS, curfew, order, utc, zone

from tipstaff.domain.conditions import Trail
from tipstaff.domain.orders import Officer, OrderStatus
from tipstaff.domain.variations import variations
from tipstaff.domain.zones import Circle, Harm, Place

LATER = ("Mon 21:00-07:00 home", *NIGHTS[1:])
CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"ends_at": utc("2026-08-01")},
     ["The end was changed from 2026-07-01 01:00 BST to 2026-08-01 01:00 BST."]),
    ({"ends_at": None}, ["The end was taken out; it was 2026-07-01 01:00 BST."]),
    ({"status": OrderStatus.SUSPENDED}, ["The status was changed from active to suspended."]),
    ({"officer": Officer("B Officer", "Probation")},
     ["The responsible officer was changed from A Officer (Probation) to "
      "B Officer (Probation)."]),
    ({"reviews": (date(2026, 4, 6), date(2026, 5, 4))},
     ["The days of review were changed: 2026-02-02 taken out, and 2026-05-04 added."]),
    ({"conditions": (Trail("t1"), curfew())}, []),
    ({"conditions": (curfew(),)},
     ["Condition t1 (trail (whereabouts for their own sake)) was removed."]),
    ({"conditions": (curfew(), Trail("t1"), zone())},
     ["Condition z1 (exclusion zone) was added."]),
    ({"conditions": (curfew(rows=LATER), Trail("t1"))},
     ["Condition c1 (curfew): the weekly hours were changed: Monday 19:00–07:00 at home taken "
      "out, and Monday 21:00–07:00 at home added."]),
    ({"conditions": (curfew(), Trail("t1", date(2026, 3, 1)))},
     ["Condition t1 (trail (whereabouts for their own sake)): the end of the trail was set to "
      "2026-03-01."]),
    ({"conditions": (zone("c1"), Trail("t1"))},
     ["Condition c1 (curfew) became another kind of condition."]),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "sentences"), CHANGES)
def test_a_change_in_words(changed: dict[str, Any], sentences: list[str]) -> None:
    assert [v.sentence for v in variations(order(), order(**changed))] == sentences


def test_paths_and_both_values() -> None:
    before = order(conditions=(zone(),))
    after = order(conditions=(zone(shape=Circle(Place(53.1, -1.4), 500.0), harm=Harm.LOW),))
    told = [(v.path, v.before, v.after) for v in variations(before, after)]
    assert told == [
        ("conditions[z1].zone.shape.radius_m", 300.0, 500.0),
        ("conditions[z1].zone.harm", Harm.HIGH, Harm.LOW),
    ]


def test_a_zone_drawn_anew_is_told_without_its_corners() -> None:
    moved = order(conditions=(zone(shape=Circle(Place(53.2, -1.4), 300.0)),))
    (told,) = variations(order(conditions=(zone(),)), moved)
    assert told.sentence == "Condition z1 (exclusion zone): the centre was changed."
    assert "53." not in repr(told)
