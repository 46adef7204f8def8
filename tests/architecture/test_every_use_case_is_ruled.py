"""Every use case is in the access table, and refuses whom it must: wrong role, force, relation.

Each public function of `tipstaff.services` that takes an `actor` is found by walking the package;
one without a row and a sample call (`tests/support/use_case_samples.py`) fails. All run on one
instance, whose accounts are of every role: of Derbyshire and of Durham, open and closed.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alert_samples import furnish_alerts
from case_samples import furnish_case, number_of
from device_samples import furnish_devices
from made_accounts import LOCAL, account, hand, train
from made_cases import wearer
from sample_calls import FOLDER, HOLDS, Aim, Sample, Who
from use_case_samples import PARTS, SAMPLES, WITHOUT_ACTOR

from tipstaff.domain.access_rows import Approval, Reach, Row
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.purposes import NEEDS_AUTHORITY, Purpose
from tipstaff.domain.roles import OF_A_FORCE, OF_AN_ORGANISATION, Role

COMMANDS = Path(__file__).resolve().parents[2] / "src" / "tipstaff" / "cli"
NAMES = sorted(SAMPLES)
OURS, THEIRS, LIMITED, NOBODY = "W1", "W2", "W3", "nobody"


#: Functions whose use case has another name.
USE_CASES = {
    "crime_files.import_crime_files": "import_crimes",
    "matching.match_batch": "match",
    "matching.run_tables": "read_run",
    "readings.review_run": "read_run",
    "pending.list_changes": "read_run",
    "runs.begin_search": "match",
    "backup.back_up": "backup",
    "audit.list_told": "list_audit",
    "inbox_drain.drain_to_archive": "drain_inbox",
    "consents.copy_for": "copy_consent",
    "plan_import.record_plan_file": "record_plan",
    "releases.list_alarms": "list_releases",
}
#: Lists that are no page: they go through everybody, in rounds of 500.
NO_PAGES = {"retention_list.list_retention"}


def row_of(name: str) -> Row:
    """The row of a sample: by the use case that its function names to `admit`."""
    return ROWS[USE_CASES[name]] if name in USE_CASES else ROWS[name.split(".")[1]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], None]]:
    """An instance with wearers and accounts; what points the environment at it."""
    from django.conf import settings
    from instance_fixtures import _close_django, _connect_django

    data = tmp_path_factory.mktemp("ruled")
    FOLDER[:] = [data]
    with pytest.MonkeyPatch.context() as environment:

        def point() -> None:
            environment.setenv("TIPSTAFF_DATA", str(data / "var"))
            environment.setenv("TIPSTAFF_ACTOR", "tester")

        point()
        _connect_django()
        environment.setitem(vars(settings), "SECRET_KEY", "made up, of no use but in tests")
        _furnish()
        yield point
        _close_django()


@pytest.fixture(autouse=True)
def _here(request: pytest.FixtureRequest) -> None:
    if "place" in request.fixturenames:
        request.getfixturevalue("place")()


def _furnish() -> None:
    from tipstaff.services.accounts import close_account
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.holds import hold
    from tipstaff.services.instance import init_instance

    init_instance(user="tester")
    for name, force in ((OURS, "Derbyshire"), (THEIRS, "Durham"), (LIMITED, "Derbyshire")):
        furnish_case(name, force)
        held = hold(**{**LOCAL, "authority": "order 1"}, wearer=name, reason="appeal")
        assert held.hold_id is not None
        HOLDS[name] = held.hold_id
    furnish_devices(OURS, THEIRS, LIMITED)
    furnish_alerts(OURS, THEIRS, LIMITED)
    for role in set(Role) - {Role.LOCAL}:
        train(account(f"ours-{role}", role))
        other = {"force": "Durham"} if role in OF_A_FORCE else {}
        other |= {"organisation": "other"} if role in OF_AN_ORGANISATION else {}
        other |= {"wearer": THEIRS} if role is Role.WEARER else {}
        train(account(f"theirs-{role}", role, **other))
        account(f"closed-{role}", role)
        close_account(**LOCAL, username=f"closed-{role}", reason="left")
        if Reach.OWN_CASES in {row.reach_of(role) for row in ROWS.values()}:
            hand(OURS, user=f"ours-{role}")
            hand(LIMITED, user=f"ours-{role}")
    numbers = (number_of(LIMITED),)
    record_wearer(**LOCAL, wearer=wearer(LIMITED, identifiers=numbers, limited_access=True))


def use_cases() -> dict[str, Any]:
    """Every public function of the services that takes an actor, by module and name."""
    import tipstaff.services

    found = {}
    for info in pkgutil.iter_modules(tipstaff.services.__path__):
        module = import_module(f"tipstaff.services.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and "actor" in inspect.signature(function).parameters:
                found[f"{info.name}.{name}"] = function
    return found


def who(name: str, row: Row, purpose: Purpose | None = None) -> Who:
    """An actor with a purpose of the row's that the role may have."""
    role = name.partition("-")[2]
    may = row.purposes & row.purposes_of(Role(role)) if role in set(Role) else row.purposes
    chosen = purpose or min(may - NEEDS_AUTHORITY or may or row.purposes)
    return {"actor": name, "purpose": chosen, "authority": "case 1"}


def entries_since(count: int) -> list[Any]:
    from tipstaff.records.models import AuditEntry

    return list(AuditEntry.objects.order_by("at", "id")[count:])


def audited() -> int:
    from tipstaff.records.models import AuditEntry

    return AuditEntry.objects.count()


def refusal(sample: Sample, actor: Who, aim: str = OURS) -> tuple[str | None, list[Any]]:
    """The code with which it was refused, None where it was not; and its entries in the audit."""
    from tipstaff.services.access import RefusedError

    before = audited()
    try:
        sample.call(actor, aim)
    except RefusedError as error:
        return error.code, entries_since(before)
    return None, entries_since(before)


def test_every_function_with_an_actor_has_a_sample_and_a_row() -> None:
    assert set(use_cases()) - set(PARTS) == set(SAMPLES), "add a line to SAMPLES, and a Row"
    assert {row_of(name).use_case for name in NAMES} == set(ROWS)


def test_every_command_reaches_what_is_ruled() -> None:
    """What a command imports of the services is a use case with a sample, or named as none."""
    ruled = {**SAMPLES, **WITHOUT_ACTOR}
    strange = []
    for path in sorted(COMMANDS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if not isinstance(node, ast.ImportFrom) or not module.startswith("tipstaff.services."):
                continue
            for name in (alias.name for alias in node.names):
                called = inspect.isfunction(getattr(import_module(module), name))
                if called and f"{module.removeprefix('tipstaff.services.')}.{name}" not in ruled:
                    strange.append(f"{path.name}: {name}")
    assert not strange


@pytest.mark.parametrize("name", NAMES)
def test_the_row_is_what_is_audited(place: Any, name: str) -> None:
    row = row_of(name)
    code, entries = refusal(SAMPLES[name], who("tester", row), "tester-own")
    assert code is None
    own = [e for e in entries if e.use_case == row.use_case]
    assert own
    assert {e.operation for e in own} == {row.operation}


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_role_a_closed_account_and_a_wrong_purpose_are_refused(
    place: Any, name: str
) -> None:
    row, sample = row_of(name), SAMPLES[name]
    wrong = [role for role in Role if row.reach_of(role) is None]
    right = min(row.reach)
    tried = [
        *((f"ours-{role}", None, "not_permitted") for role in (wrong[0], wrong[-1])),
        (f"closed-{right}", None, "inactive_actor"),
        (f"ours-{right}", min(set(Purpose) - row.purposes_of(right)), "purpose_not_permitted"),
        ("stranger", None, "unknown_actor"),
    ]
    for actor, purpose, expected in tried:
        code, entries = refusal(sample, who(actor, row, purpose))
        assert code == expected, actor
        assert [(e.operation, e.use_case, e.extent["code"]) for e in entries] == [
            ("refusal", row.use_case, expected)
        ]


@pytest.mark.parametrize("name", [n for n in NAMES if row_of(n).bound])
def test_what_is_for_some_purposes_is_for_no_other_whoever_asks(place: Any, name: str) -> None:
    row, sample = row_of(name), SAMPLES[name]
    code, entries = refusal(sample, who("tester", row, min(set(Purpose) - row.purposes)))
    assert (code, entries[-1].operation) == ("purpose_not_permitted", "refusal")


@pytest.mark.parametrize("name", [n for n in NAMES if row_of(n).needs_authority])
def test_what_needs_an_authority_is_refused_without(place: Any, name: str) -> None:
    row, sample = row_of(name), SAMPLES[name]
    for purpose in (min(row.purposes), Purpose.DEMONSTRATION):
        code, _ = refusal(sample, {**who("tester", row, purpose), "authority": " "})
        assert code == "authority_missing"


@pytest.mark.parametrize("name", sorted({n for n in NAMES if ".list_" in n} - NO_PAGES))
def test_every_list_takes_less_than_twenty_statements(place: Any, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        SAMPLES[name].call(who("tester", row_of(name)), OURS)
    told = [query["sql"] for query in asked.captured_queries]
    bounds = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    assert 3 < len([sql for sql in told if not sql.startswith(bounds)]) < 20


def reached(name: str, reaches: set[Reach]) -> list[Role]:
    return [role for role, reach in row_of(name).reach.items() if reach in reaches]


AIMED = [name for name in NAMES if SAMPLES[name].aim is Aim.WEARER]
PARTIAL = {Reach.FORCE, Reach.OWN_CASES, Reach.SELF}


@pytest.mark.parametrize("name", AIMED)
def test_whoever_is_out_of_reach_is_answered_as_nobody(place: Any, name: str) -> None:
    """By equal value, statements and phases; that they were looked for is on record."""
    from tipstaff.records.wearers import subject_refs

    (ref,) = subject_refs([OURS])
    for role in reached(name, PARTIAL):
        actor = who(f"theirs-{role}", row_of(name))
        hidden, nobody = looked(name, actor, OURS), looked(name, actor, NOBODY)
        assert hidden[:3] == nobody[:3], role
        if hidden[0] != "needs_approval":
            assert hidden[3] == {str(ref)}
            assert looked(name, who(f"ours-{role}", row_of(name)), OURS)[0] != hidden[0]


@pytest.mark.parametrize("name", AIMED)
def test_limited_access_is_answered_as_nobody(place: Any, name: str) -> None:
    everybody = [f"ours-{role}" for role in reached(name, {*PARTIAL, Reach.UNIT})]
    for actor in ("tester", *everybody):
        asked = who(actor, row_of(name))
        assert looked(name, asked, LIMITED)[:3] == looked(name, asked, NOBODY)[:3], actor


def looked(name: str, actor: Who, aim: str) -> tuple[str, int, list[Any], set[str]]:
    """What came of it, by how many statements, its audit without and with whom it concerned."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from tipstaff.services.access import RefusedError

    SAMPLES[name].before(aim)
    before = audited()
    reset_queries()
    with CaptureQueriesContext(connection) as asked:
        try:
            found = repr(SAMPLES[name].call(actor, aim))
        except RefusedError as error:
            found = error.code
    told = entries_since(before)
    subjects = {ref for entry in told for ref in entry.subject_refs}
    return found, len(asked), [(e.operation, e.phase, e.rows) for e in told], subjects


@pytest.mark.parametrize("name", [n for n in NAMES if SAMPLES[n].aim is Aim.REFERENCE])
def test_a_reference_out_of_reach_cannot_be_written_to(place: Any, name: str) -> None:
    for role in reached(name, PARTIAL):
        found = repr(SAMPLES[name].call(who(f"theirs-{role}", row_of(name)), OURS))
        assert "REFERENCE_NOT_USABLE" in found
        assert found == repr(SAMPLES[name].call(who(f"ours-{role}", row_of(name)), LIMITED))


@pytest.mark.parametrize("name", [n for n in NAMES if SAMPLES[n].aim is Aim.LIST])
def test_lists_leave_out_whom_the_actor_does_not_reach(place: Any, name: str) -> None:
    for role in reached(name, {*PARTIAL, Reach.UNIT}):
        ours = SAMPLES[name].call(who(f"ours-{role}", row_of(name)), OURS)
        assert OURS in {line.wearer for line in ours}
        assert LIMITED not in {line.wearer for line in ours}
    for role in reached(name, PARTIAL):
        theirs = SAMPLES[name].call(who(f"theirs-{role}", row_of(name)), OURS)
        assert OURS not in {line.wearer for line in theirs}


@pytest.mark.parametrize("name", [n for n in NAMES if row_of(n).approval is Approval.PLACE])
def test_a_search_by_place_needs_an_approval(place: Any, name: str) -> None:
    row = row_of(name)
    for role in row.reach:
        assert refusal(SAMPLES[name], who(f"ours-{role}", row))[0] == "needs_approval"


@pytest.mark.parametrize("name", [n for n in NAMES if SAMPLES[n].aim in {Aim.FORCE, Aim.SUPPLIER}])
def test_what_is_another_forces_or_suppliers_is_refused(place: Any, name: str) -> None:
    row, sample = row_of(name), SAMPLES[name]
    force = sample.aim is Aim.FORCE
    roles = OF_A_FORCE if force else {Role.TAG_SUPPLIER}
    for role in set(row.reach) & roles:
        code, entries = refusal(sample, who(f"ours-{role}", row))
        assert code == ("other_force" if force else "other_supplier")
        assert entries[-1].operation == "refusal"
