"""Every list, with as many wearers as there are: few statements, and no table walked through."""

from __future__ import annotations

import inspect
import pkgutil
import re
from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from many_cases import fill

from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.AUDIT, "authority": "inspection"}
#: Lists of what has to be worked out for everybody, in rounds of some hundred: no page of a list.
WORKED_OUT = {"retention_list.list_retention"}
#: What is not counted: writing into the log and chaining it, the same for every use case.
OF_THE_LOG = re.compile(
    r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE)|^(INSERT|UPDATE)|records_subjectkey|advisory|previous_hash"
    r"|FROM .records_auditentry"
)
#: Tables that a list may walk through: a few rows of an installation, however many wearers.
SMALL = 100


def lists() -> dict[str, Any]:
    """Every use case that lists, by module and name."""
    import tipstaff.services

    found = {}
    for info in pkgutil.iter_modules(tipstaff.services.__path__):
        module = import_module(f"tipstaff.services.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and name.startswith("list_")
            if own and "actor" in inspect.signature(function).parameters:
                found[f"{info.name}.{name}"] = function
    return found


def arguments(name: str) -> dict[str, Any]:
    """What a list asks for beside the actor."""
    from tipstaff.services.device_view import DevicesWanted

    return {
        "assignments.list_assignments": {"wearer": "W1"},
        "device_view.list_devices": {"wanted": DevicesWanted()},
        "crime_lists.list_crimes": {"batch": UUID(int=1)},
        "device_requests.list_requests": {"wearer": "W1"},
        "pending.list_changes": {"run_id": UUID(int=1)},
        "plan_lists.list_plan_reviews": {"until": date(2099, 1, 1)},
        "zone_lists.list_zones": {"people": [f"W{number}" for number in range(1, 51)]},
    }.get(name, {})


def plan(statement: str) -> str:
    """How the database means to answer a statement."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def walked(told: str, statement: str, tables: dict[str, int]) -> list[str]:
    """Big tables that a plan walks through from end to end, without an index."""
    if connection.vendor == "postgresql":
        found = re.findall(r"Seq Scan on (\w+)", told)
    else:
        found = re.findall(r"SCAN (\w+)(?! USING)(?:\n|$)", told)
        aliases = dict(re.findall(r'"(records_\w+)" (U\d+|T\d+)', statement))
        found += [table for table, alias in aliases.items() if alias in found]
    return [table for table in found if tables.get(table, 0) > SMALL]


#: Use cases made of several lists: as few statements, and no table walked through either.
OF_SEVERAL = ("waiting.count_waiting", "shift_board.show_board")


def test_every_list_is_a_few_statements_by_indexes(instance: Any) -> None:
    tables = fill()
    found = lists()
    assert len(found) >= 15
    found["teams.list_teams"](**WHO)  # the first use case of a process looks at the schema too
    for name in sorted(set(found) - WORKED_OUT):
        lines = asked_of(name, found[name], tables, WHO | arguments(name), most=20)
        assert len(lines or ()) <= 1000, name
    for name in OF_SEVERAL:
        module, function = name.split(".")
        use_case = getattr(import_module(f"tipstaff.services.{module}"), function)
        work = WHO | {"purpose": Purpose.OFFENDER_MANAGEMENT}
        asked_of(name, use_case, tables, work, most=26)


def asked_of(
    name: str, use_case: Any, tables: dict[str, int], how: dict[str, Any], *, most: int
) -> Any:
    """What a use case answers, which asked fewer than so many statements, all by indexes."""
    with CaptureQueriesContext(connection) as asked:
        answer = use_case(**how)
    told = [query["sql"] for query in asked.captured_queries]
    statements = [sql for sql in told if not OF_THE_LOG.search(sql)]
    assert len(statements) < most, name
    for sql in statements:
        if sql.startswith("SELECT"):
            assert walked(plan(sql), sql, tables) == [], f"{name}: {sql}"
    return answer


def test_one_alert_of_each_of_500_is_a_few_statements_by_indexes(instance: Any) -> None:
    from tipstaff.services.alert_lists import QueueWanted, list_alerts

    tables = fill()
    list_alerts(**WHO)
    for people in (50, 500):
        named = frozenset(f"W{number}" for number in range(1, people + 1))
        wanted = QueueWanted(people=named, one_each=True)
        lines = asked_of("one each", list_alerts, tables, WHO | {"wanted": wanted}, most=10)
        assert len(lines) == people / 50
