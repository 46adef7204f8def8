"""Characteristics on both databases: voluntary, replaced, counted, and seen on no other path."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from made_cases import utc, wearer

from tipstaff.domain.characteristics import QUESTIONS
from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.EQUALITY_MONITORING, "authority": "",
}  # fmt: skip


def said(reference: str, **answers: str) -> Any:
    from tipstaff.services.equality import record_characteristics

    return record_characteristics(**WHO, wearer=reference, answers=answers)


def counts(by: str = "sex") -> dict[str, int | None]:
    from tipstaff.services.equality import equality_counts

    shown = equality_counts(**WHO, by=by)
    return {**shown.counts, "all": shown.total}


def people(number: int, **other: Any) -> list[str]:
    from uuid import uuid4

    from tipstaff.records import cases

    names = [f"W{n:02d}" for n in range(number)]
    with transaction.atomic():
        told = [cases.Told(wearer(name, **other)) for name in names]
        cases.record(told, at=utc("2026-02-01"), by=uuid4())
    return names


def test_answers_are_kept_replaced_and_withdrawn(instance: Any) -> None:
    from tipstaff.records.characteristics import own_of
    from tipstaff.records.models import Wearer

    assert [str(p.code) for p in said("W00", sex="male").problems] == ["WEARER_NOT_KNOWN"]
    people(1)
    row = Wearer.objects.get().id
    assert [str(p.code) for p in said("W00", sex="x", colour="red").problems] == [
        "ANSWER_NOT_KNOWN", "QUESTION_NOT_KNOWN",
    ]  # fmt: skip
    assert said("W00", sex="male", religion="prefer_not_to_say").kept == 2
    assert own_of(row) == {"religion": "prefer_not_to_say", "sex": "male"}
    assert said("W00", sex="female").kept == 1
    assert own_of(row) == {"sex": "female"}
    assert said("W00").kept == 0
    assert own_of(row) == {}


def test_only_numbers_of_many_come_out(instance: Any) -> None:
    names = people(34)
    for n, name in enumerate(names):
        said(name, sex="female" if n < 4 else "male")
    # Four and nobody are too few together: the rest of the 34 would tell them.
    assert counts() == {"female": None, "male": None, "prefer_not_to_say": None, "all": 35}
    for name in names[4:16]:
        said(name, sex="prefer_not_to_say")
    assert counts() == {"female": None, "male": 20, "prefer_not_to_say": None, "all": 35}
    assert set(counts("religion").values()) == {None}


def test_those_of_limited_access_are_not_counted(instance: Any) -> None:
    for name in people(12):
        said(name, sex="male")
    assert counts()["all"] == 10
    people(4, limited_access=True)
    assert counts()["all"] is None


def test_every_other_purpose_is_refused_and_the_refusal_recorded(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.access import RefusedError
    from tipstaff.services.equality import equality_counts

    for purpose in set(Purpose) - {Purpose.EQUALITY_MONITORING, Purpose.DEMONSTRATION}:
        with pytest.raises(RefusedError):
            equality_counts(actor="tester", purpose=purpose, authority="x", by="sex")
    refused = AuditEntry.objects.filter(use_case="equality_counts", operation="refusal")
    assert refused.count() == len(Purpose) - 2


def test_the_audit_never_holds_an_answer(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry

    people(1)
    said("W00", ethnic_group="white_roma", religion="jewish")
    counts("religion")
    written = str(list(AuditEntry.objects.values_list("extent", "authority", "use_case")))
    assert "roma" not in written
    assert "jewish" not in written


def test_no_view_of_a_case_shows_them(sqlite_instance: Any) -> None:
    from tipstaff.cli.case_output import case_words
    from tipstaff.services.case_view import show_case

    people(1)
    said("W00", ethnic_group="white_roma")
    asked = {**WHO, "purpose": Purpose.OFFENDER_MANAGEMENT}
    assert "roma" not in str(case_words(show_case(**asked, wearer="W00")))


def test_every_question_can_be_left_unsaid() -> None:
    assert all("prefer_not_to_say" in question.answers for question in QUESTIONS)
    assert len({question.code for question in QUESTIONS}) == len(QUESTIONS)
