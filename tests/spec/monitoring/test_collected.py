"""Status, withdrawal and relaxed licences, as a table: what is watched of a tag, and when."""

from __future__ import annotations

from typing import Any

import pytest
from made_cases import consent, order, utc, voluntary, zone

from tipstaff.domain.consents import Consent, ConsentKind, Withdrawal, WithdrawnBy
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.periods import Period, from_micros
from tipstaff.domain.versions import Stated
from tipstaff.monitoring.collected import at_any_time, collecting, cut_to
from tipstaff.monitoring.compile import compile_watches
from tipstaff.monitoring.held import Demands, OrderVersion
from tipstaff.monitoring.parameters import PARAMETERS_V1

SINCE = utc("2026-02-01")
LAST = utc("2026-02-10")
GIVEN = consent(given_at=utc("2026-01-30"))


def licence(**other: Any) -> Order:
    return order(**({"conditions": (zone(),)} | other))


def chosen(**other: Any) -> Order:
    told: dict[str, Any] = {"conditions": (zone(),), "served_at": utc("2026-01-02")}
    return voluntary(**(told | other))


def said(*values: tuple[Order, str]) -> list[OrderVersion]:
    """Versions, each from a day of February on; the first since ever."""
    return [
        (Stated(number, utc(f"2026-{day}"), None, utc(f"2026-{day}")), value)
        for number, (value, day) in enumerate(values, start=1)
    ]


def withdrawn(at: str) -> Consent:
    return consent(
        given_at=utc("2026-01-30"),
        withdrawn=Withdrawal(utc(f"2026-{at}"), WithdrawnBy.IN_PERSON, "A Officer"),
    )


def days(moment: Any) -> str:
    return "" if moment is None else moment.strftime("%m-%d")


@pytest.mark.parametrize(
    ("orders", "consents", "watched", "kept"),
    [
        pytest.param(
            [said((licence(), "01-01"))], [],
            ["O1 02-01 > 02-10"], ["02-01 > 07-01"], id="active",
        ),
        pytest.param(
            [said((licence(status=OrderStatus.REFERRED), "01-01"))], [], [], [], id="referred",
        ),
        pytest.param(
            [said((licence(served_at=None), "01-01"))], [], [], ["02-01 > 07-01"],
            id="not served: kept and not judged",
        ),
        pytest.param(
            [said((licence(), "01-01"), (licence(status=OrderStatus.SUSPENDED), "02-04"))], [],
            ["O1 02-01 > 02-04"], ["02-01 > 02-04"], id="suspended",
        ),
        pytest.param(
            [said((licence(), "01-01"), (licence(status=OrderStatus.SUSPENDED), "02-04"),
                  (licence(), "02-06"))], [],
            ["O1 02-01 > 02-04", "O1 02-06 > 02-10"], ["02-01 > 02-04", "02-06 > 07-01"],
            id="suspended and resumed",
        ),
        pytest.param(
            [said((licence(), "01-01"), (licence(status=OrderStatus.REVOKED), "02-04"))], [],
            ["O1 02-01 > 02-04"], ["02-01 > 02-04"], id="revoked",
        ),
        pytest.param(
            [said((chosen(), "01-01"))], [GIVEN],
            ["V1 02-01 > 02-10"], ["02-01 > 01-02"], id="voluntary, with consent",
        ),
        pytest.param(
            [said((chosen(), "01-01"))], [], [], [], id="voluntary, no consent on record",
        ),
        pytest.param(
            [said((chosen(), "01-01"))], [withdrawn("02-04")],
            ["V1 02-01 > 02-04"], ["02-01 > 02-04"],
            id="withdrawn, whatever the order still says",
        ),
        pytest.param(
            [said((chosen(), "01-01"))], [consent(given_at=SINCE, ends_at=utc("2026-02-03"))],
            ["V1 02-01 > 02-03"], ["02-01 > 02-03"], id="the consent ran out",
        ),
        pytest.param(
            [said((chosen(), "01-01"))],
            [withdrawn("02-04"), consent("C2", given_at=utc("2026-02-06"))],
            ["V1 02-01 > 02-04", "V1 02-06 > 02-10"], ["02-01 > 02-04", "02-06 > 01-02"],
            id="withdrawn and given anew",
        ),
        pytest.param(
            [said((licence(), "01-01")), said((chosen(restores="O1"), "01-01"))],
            [withdrawn("02-04")],
            ["V1 02-01 > 02-04"], ["02-01 > 02-04"],
            id="a relaxed licence is not watched by the tag that was chosen",
        ),
        pytest.param(
            [said((licence(), "01-01")),
             said((chosen(restores="O1", starts_at=utc("2026-02-03")), "01-01"))],
            [withdrawn("02-06")],
            ["O1 02-01 > 02-03", "V1 02-03 > 02-06"], ["02-01 > 02-06"],
            id="before the voluntary order it is",
        ),
        pytest.param(
            [said((licence(), "01-01")), said((chosen(), "01-01"))], [withdrawn("02-04")],
            ["O1 02-01 > 02-10", "V1 02-01 > 02-04"], ["02-01 > 07-01"],
            id="an order of its own goes on",
        ),
        pytest.param(
            [said((licence(), "01-01"))],
            [consent(kind=ConsentKind.HOUSEHOLDER, address="home", withdrawn=Withdrawal(
                utc("2026-02-04"), WithdrawnBy.IN_PERSON, "A Officer"))],
            ["O1 02-01 > 02-10"], ["02-01 > 07-01"],
            id="a householder's withdrawal changes no order by itself",
        ),
    ],
)  # fmt: skip
def test_what_is_watched(
    orders: list[list[OrderVersion]], consents: list[Consent], watched: list[str], kept: list[str]
) -> None:
    when = collecting(orders, consents, SINCE)
    demands = Demands(cut_to(orders, when, SINCE))
    found = compile_watches(demands, Period(SINCE, LAST), LAST, PARAMETERS_V1)
    told = [
        f"{watch.condition.split('/')[0]} {days(from_micros(a))} > {days(from_micros(b))}"
        for watch in found.watches
        for a, b, *_ in watch.periods
    ]
    assert sorted(told) == watched
    assert [f"{days(a)} > {days(b)}" for a, b in at_any_time(when)] == kept


def test_without_an_order_nothing_is_kept() -> None:
    assert at_any_time(collecting([], [], SINCE)) == ()
