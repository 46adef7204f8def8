"""Every table that leads to a wearer is listed with how it goes, in an order that works."""

from __future__ import annotations

from typing import Any

from django.apps import apps

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.domain.case_kinds import Kind
from tipstaff.records.models import Permit, PermitDecision, Subject, Wearer
from tipstaff.records.personal_data import CATEGORY_OF, TABLES

#: Fields that count wearers and name none.
COUNTS = {"searched_wearers"}


def refers_to(model: Any) -> set[Any]:
    """The tables that a table refers to."""
    return {f.related_model for f in model._meta.get_fields() if f.concrete and f.related_model}


def leads_to_a_person(model: Any, seen: frozenset[Any] = frozenset()) -> bool:
    if model in {Wearer, Subject}:
        return True
    return any(leads_to_a_person(m, seen | {model}) for m in refers_to(model) - seen - {model})


def test_every_table_that_leads_to_a_wearer_is_listed() -> None:
    personal = {m for m in apps.get_app_config("records").get_models() if leads_to_a_person(m)}
    listed = {table.model for table in TABLES if not table.named}
    assert personal == listed, "a line in records/personal_data.py for each"
    assert len(personal) > 8


def test_a_table_that_names_a_wearer_without_a_key_is_listed_with_the_text() -> None:
    """A field whose name says that it is a wearer's, and that is no key, holds the reference."""
    named = {
        (model, field.name)
        for model in apps.get_app_config("records").get_models()
        for field in model._meta.get_fields()
        if field.concrete and "wearer" in field.name and not field.related_model
        if field.name not in COUNTS
    }
    # an approval keeps the name as it was typed, a wearer's or a device's
    named |= {(Permit, "name"), (PermitDecision, "permit__name")}
    assert named == {(table.model, table.named) for table in TABLES if table.named}


def test_what_refers_to_something_goes_before_it() -> None:
    models = [table.model for table in TABLES]
    for place, model in enumerate(models):
        assert not refers_to(model) & set(models[:place])
    assert models[-1] is Wearer


def test_each_path_leads_to_the_wearer_and_the_subject() -> None:
    for table in TABLES:
        for path, target in ((table.wearer, Wearer), (table.subject, Subject)):
            model = table.model
            for step in path.split("__") if path and path != "id" else ():
                model = model._meta.get_field(step).related_model
            assert not path or model is target


def test_every_kind_of_case_record_has_a_category() -> None:
    assert set(CATEGORY_OF) == set(Kind)
