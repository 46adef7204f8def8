"""Whatever a program sends: no fault of ours, and every answer is as the OpenAPI has it.

Each operation is asked by an account whose role may do it, for a purpose that it serves, so that
what is drawn gets as far as the use case; half of it names people and things that are on record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from alert_samples import new_alert
from asked_api import token_of
from hypothesis import HealthCheck, Phase, given, settings
from made_accounts import account, train
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as openapi_checks
from searched_instance import crime, fill, matched, tagged

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.purposes import NEEDS_AUTHORITY
from tipstaff.domain.roles import Role

#: How many right requests are drawn for each operation, and how many wrong ones.
_EXAMPLES, _WRONG = 4, 2
#: Of purpose and authority, which are those of an account that may.
_HEADERS = 2
_SETTINGS = settings(
    max_examples=_EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_EXCLUDED = [
    # a use case refuses what a schema cannot know
    openapi_checks.positive_data_acceptance,
    # asks everything twice more; tests/contract does it once for every operation
    openapi_checks.ignored_auth,
]
#: Longest work: drawn less often.
_SELDOM = {"match": 2}


@pytest.fixture
def known(pages: Any, tmp_path: Path) -> dict[str, str]:
    """What is on record, by the name of the part of an address that it stands for."""
    from tipstaff.records.models import Batch, Run
    from tipstaff.web.api import asking

    fill(tmp_path, [tagged("S1"), tagged("S2")], [crime("26-0001"), crime("26-0002")])
    matched()
    new_alert("S1")
    asking.desk().rate = asking.desk().rate.per_minute(60_000, burst=60_000)
    return {
        "wearer": "S1", "number": "1", "run": str(Run.objects.latest("id").id),
        "batch": str(Batch.objects.latest("id").id), "mark": "0.1",
        # anybody's but the owner's, who makes the accounts: one that is drawn may be to close it
        "username": account("somebody", Role.HUB_CASEWORKER),
        "use_case": "trail",
    }  # fmt: skip


def who_may(use_case: str, tokens: dict[Role, str]) -> dict[str, str]:
    """Headers of an account that may do that, made where there is none of that role yet."""
    row = ROWS[use_case]
    wide = (Role.HUB_MANAGER, Role.MONITORING_OPERATOR, Role.ADMINISTRATOR, Role.AUDITOR)
    role = next(one for one in (*wide, *sorted(row.reach)) if one in row.reach)
    if role not in tokens:
        tokens[role] = token_of(account(f"p-{role}", role))
        train(f"p-{role}")
    served = row.purposes_of(role)
    return {
        "Authorization": f"Bearer {tokens[role]}",
        "Tipstaff-Purpose": min(served - NEEDS_AUTHORITY or served),
        "Tipstaff-Authority": "case 1",
    }


def test_no_fault_and_no_breach_of_the_schema(known: dict[str, str]) -> None:
    from django.core.wsgi import get_wsgi_application

    from tipstaff.web.api.parts import OPERATIONS

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    tokens: dict[Role, str] = {}
    seen: set[str] = set()
    statuses: dict[str, set[int]] = {}
    wrong: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        seen.add(name)
        headers = who_may(OPERATIONS[name].use_case, tokens)
        for mode in _modes(operation):
            try:
                _ask(operation, mode, headers, known, statuses.setdefault(name, set()))
            except (Exception, FailureGroup) as error:
                wrong.append(f"{name} {mode}: {_said(error)}")
    assert seen == set(OPERATIONS)
    assert not wrong, "\n\n".join(wrong)
    looked = {name for name, told in statuses.items() if 200 in told}
    assert len(looked) > 40, sorted(set(OPERATIONS) - looked)


def _ask(
    operation: Any, mode: Any, headers: dict[str, str], known: dict[str, str], statuses: set[int]
) -> None:
    turns = iter(range(10_000))
    name = operation.definition.raw["operationId"]

    positive = mode is schemathesis.GenerationMode.POSITIVE

    @settings(_SETTINGS, max_examples=_SELDOM.get(name, _EXAMPLES if positive else _WRONG))
    @given(operation.as_strategy(generation_mode=mode, headers=dict(headers)))
    def draw(case: Any) -> None:
        if positive and next(turns) % 2 == 0:
            for part in (case.path_parameters, case.body):
                if isinstance(part, dict):
                    part.update({k: v for k, v in known.items() if k in part})
        case.headers.update(headers)
        answer = case.call()
        statuses.add(answer.status_code)
        case.validate_response(answer, excluded_checks=_EXCLUDED)

    draw()


def _modes(operation: Any) -> list[Any]:
    """Right and wrong requests; of an operation that takes nothing none can be wrong."""
    raw = operation.definition.raw
    takes = len(raw["parameters"]) > _HEADERS or "requestBody" in raw
    modes = schemathesis.GenerationMode
    return [modes.POSITIVE, modes.NEGATIVE] if takes else [modes.POSITIVE]


def _said(error: BaseException) -> str:
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    return "\n".join(f"{one!r}: {one}"[:2500] for one in parts)
