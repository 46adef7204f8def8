"""`tipstaff plan`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_cases import case
from made_plans import contact, plan, review, task
from program import done, instance_of, tipstaff

from tipstaff.formats.case_json import write_cases
from tipstaff.formats.plan_documents import ToldPlan, write_plan_file

WHY = ("--purpose", "demonstration")
OF = {"wearer": "W000001"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    var = folder / "var"
    instance_of("officer", var)
    (folder / "cases.json").write_bytes(write_cases((case(1),)))
    done("import", "orders", folder / "cases.json", *WHY, data=var)
    told = tuple(
        ToldPlan(value)
        for value in (plan(**OF), review(**OF), task(**OF), task("T2", **OF), contact(**OF))
    )
    (folder / "plan.json").write_bytes(write_plan_file(told))
    said = done("plan", "record", folder / "plan.json", *WHY, data=var)
    assert "5 records, 5 kept, 0 refused; 5 new" in said
    again = done("plan", "record", folder / "plan.json", *WHY, data=var)
    assert "5 kept, 0 refused; 0 new" in again
    return var


def test_tasks_and_reviews_are_listed(data: Path) -> None:
    first, following = done("plan", "tasks", "--limit", "1", *WHY, data=data).splitlines()
    assert first == "2026-01-19  T1  wearer W000001  housing (H Worker)  find two flats to look at"
    rest = done("plan", "tasks", "--after", following.removeprefix("next: "), *WHY, data=data)
    assert rest.startswith("2026-01-19  T2")
    (only,) = done("plan", "reviews", "--until", "2026-12-31", *WHY, data=data).splitlines()
    assert only == "2026-03-02  P1  wearer W000001  IOM  A Officer (Probation)"
    none = tipstaff("plan", "reviews", "--until", "2026-01-01", *WHY, data=data)
    assert (none.returncode, none.stdout) == (0, "")


def test_a_summary_is_told_to_an_agency_on_the_plan(data: Path) -> None:
    asked = ("plan", "summary", "W000001", "--agency")
    said = done(*asked, "housing", *WHY, data=data)
    assert "On 1 plan with you; " in said
    assert "Tasks for you: 2 open" in said
    assert "no positions, addresses, zones or offences" in said
    refused = tipstaff(*asked, "education", *WHY, data=data)
    assert refused.returncode == 2
    assert "W000001" not in refused.stderr


def test_faults_are_told_and_good_records_kept(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    bad = review("R9", **OF, wearer_view="")
    file.write_bytes(write_plan_file((ToldPlan(bad), ToldPlan(contact("C9", **OF)))))
    document = json.loads(file.read_text())
    document["records"].append({"record": {"kind": "task"}})
    file.write_text(json.dumps(document))
    said = tipstaff("plan", "record", file, *WHY, data=data)
    assert said.returncode == 1
    assert "records[0].record.wearer_view: WEARERS_VIEW_MISSING" in said.stderr
    assert "records[2].record.due: is missing" in said.stderr
    assert "3 records, 1 kept, 2 refused" in said.stdout
