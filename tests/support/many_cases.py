"""As many wearers as are tagged in England and Wales, made by the database itself in seconds.

What lists are made from, and nothing else: no versions, so that nobody can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

#: September 2025.
PEOPLE: Final = 26_647
_SINCE: Final = "'2026-01-01 00:00:00'"
_END: Final = "'2099-01-01 00:00:00'"
_KINDS: Final = ("order", "release", "plan", "task")
_STRETCH: Final = {
    "valid_from": _SINCE, "valid_to": "NULL", "limited_access": "FALSE", "wearer_id": "{wearer}",
}  # fmt: skip


def fill(people: int = PEOPLE) -> dict[str, int]:
    """Of each an order, a release, a plan, a task, an absence to decide, a tag, an alert, a pause.

    How many rows there are, by table.
    """
    with _unguarded():
        tables = _fill(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return tables


@contextmanager
def _unguarded() -> Iterator[None]:
    """PostgreSQL asks its guards and foreign keys of every row: not of these."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def _fill(people: int) -> dict[str, int]:
    tables = {"records_wearer": _insert("wearer", people, _WEARER, 1)}
    for number, kind in enumerate(_KINDS, start=2):
        subject = {"kind": f"'{kind}'", "wearer_id": "{wearer}", "reference": "'R' || {x}"}
        _insert("subject", people, subject, number)
        columns = _STRETCH | {"reference": "'R' || {x}", "subject_id": f"{{{number}}}"}
        table = f"{kind}stretch"
        tables[f"records_{table}"] = _insert(table, people, columns | _OF[kind], number + 10)
    tables["records_waitingabsence"] = _insert("waitingabsence", people, _WAITS, 36)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO records_supplier (id, name) VALUES ({_id(30, '1')}, 'many')")
    tables["records_device"] = _insert("device", people, _DEVICE, 31)
    tables["records_devicefact"] = _insert("devicefact", people, _FACT, 32)
    tables["records_activation"] = _insert("activation", people, _WORN, 33)
    tables["records_alert"] = _insert("alert", people, _ALERT, 34)
    tables["records_alertpause"] = _insert("alertpause", people, _PAUSE, 35)
    return tables


_WEARER: Final = {"reference": "'W' || {x}", "subject_ref": "{9}"}
_OF: Final = {
    "order": {
        "number": "1", "basis": "'licence'", "force": "'Force' || ({x} % 40)", "officer": "'A'",
        "organisation": "'Probation'", "starts_at": _SINCE, "ends_at": _END, "status": "'active'",
        "next_review": "{day}", "review_due": "{day}", "restores": "''",
    },
    "release": {
        '"order"': "'R' || {x}", "place_name": "'HMP Made'", "officer": "'A'",
        "organisation": "'HMP Made'", "released_at": _SINCE, "fit_by": "{instant}",
        "fitted_at": "CASE WHEN {x} % 10 = 0 THEN NULL ELSE {instant} END",
    },
    "plan": {
        "scheme": "'IOM'", "lead": "'A'", "organisation": "'O' || ({x} % 40)",
        "review_due": "{day}",
    },
    "task": {
        "plan": "'P'", "agency": "'housing'", "assignee": "''", "what": "'call'", "due": "{day}",
        "state": "'open'",
    },
}  # fmt: skip
_WAITS: Final = {
    "subject_id": "{5}", "wearer_id": "{wearer}", "reference": "'A' || {x}",
    '"order"': "'R' || {x}",
    "condition": "'c1'", "kind": "'curfew'", "starts_at": "{instant}", "ends_at": "{instant}",
    "reason": "'a shift'", "asked_by": "'A'", "asked_at": "{instant}", "limited_access": "FALSE",
}  # fmt: skip
_DEVICE: Final = {"supplier_id": "{supplier}", "device_id": "'D' || {x}", "device_key": "{x}"}
_FACT: Final = {
    "device_id": "{31}", "number": "1", "valid_from": _SINCE, "valid_to": "NULL",
    "recorded_at": _SINCE, "recorded_by": "{9}", "reason": "''", "kind": "'tag'",
    "model": "'M' || ({x} % 20)", "serial": "''", "firmware": "''", "state": "'in_stock'",
    "reporting_s": "60", "trial": "''",
}  # fmt: skip
_WORN: Final = {
    "supplier_id": "{supplier}", "activation_id": "'A' || {x}", "device_key": "{x}",
    "wearer_id": "{wearer}", "start": _SINCE, '"end"': _END, "recorded_at": _SINCE,
    "superseded_at": "NULL",
}  # fmt: skip
_ALERT: Final = {
    "wearer_id": "{wearer}", "number": "1", "kind": "'zone'", "harm": "3", "queue": "'live'",
    "late": "FALSE", "opened_at": "{instant}", "episode": "1", "opened_revision": "1",
    "opened_level": "2", "opened_goes_on": "TRUE", "told_revision": "1", "told_level": "2",
    "told_evidence": "'stands'", "told_goes_on": "TRUE", "state": "'new'", "changed": "0",
    "seen": "0", "follows": "0", "followed_by": "0", "condition": "'z1'",
    "severity": "1 + ({x} % 5)", "needs_a_person": "({x} % 50 = 0)", "holder": "NULL",
    "next_notice_at": "NULL", "outcome": "''", "closed_at": "NULL",
}  # fmt: skip
_PAUSE: Final = {
    "wearer_id": "{wearer}", "kinds": "'[]'", "start": _SINCE,
    '"end"': "{instant}", "reason": "''", "recorded_at": _SINCE, "recorded_by": "{9}",
    "ended_at": "NULL", "ended_by": "NULL", "end_reason": "''",
}  # fmt: skip


def _insert(table: str, people: int, columns: dict[str, str], number: int) -> int:
    """Rows with ids of that number; in an expression `{x}` counts, `{9}` is an id of number 9."""
    expressions = {"id": f"{{{number}}}"} | columns
    names = ", ".join(name if name[0] == '"' else f'"{name}"' for name in expressions)
    chosen = ", ".join(_written(text) for text in expressions.values())
    counting = f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {people})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO records_{table} ({names}) {counting} SELECT {chosen} FROM n")
    return people


def _written(text: str) -> str:
    words = {"x": "x", "wearer": _id(1, "x"), "supplier": _id(30, "1")} | _days()
    for name, expression in words.items():
        text = text.replace(f"{{{name}}}", expression)
    for number in range(40):
        text = text.replace(f"{{{number}}}", _id(number, "x"))
    return text


def _days() -> dict[str, str]:
    if connection.vendor == "postgresql":
        day = "(date '2026-01-01' + (x % 300))"
        return {"day": day, "instant": f"{day}::timestamptz"}
    day = "date('2026-01-01', '+' || (x % 300) || ' days')"
    return {"day": day, "instant": f"datetime({day})"}


def _id(number: int, of: str) -> str:
    """An id as the database keeps it."""
    if connection.vendor == "postgresql":
        return f"('{number:08x}' || lpad(to_hex({of}), 24, '0'))::uuid"
    return f"('{number:08x}' || printf('%024x', {of}))"
