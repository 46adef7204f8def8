"""Devices, suppliers and fittings: out to text and back equal; and lists against painted days."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tipstaff.domain.devices import Description, DeviceKind, DeviceState, DeviceTold
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.domain.zones import Place
from tipstaff.formats import case_forms
from tipstaff.formats.device_json import device_schema, read_devices, write_devices

DAYS = 10
SCHEMA = Draft202012Validator(device_schema())

text = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
some = st.just("") | text
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds are naive)
descriptions = st.builds(
    Description,
    st.sampled_from(DeviceKind),
    text,
    some,
    some,
    st.sampled_from(DeviceState),
    st.none() | st.integers(1, 86_400),
    some,
)
told = st.builds(
    DeviceTold, text, text, descriptions, st.none() | instants, st.none() | instants, some
)
suppliers = st.builds(
    SupplierDetails,
    text,
    some,
    st.lists(text, max_size=3).map(tuple),
    st.none() | instants,
    st.none() | instants,
)
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
fittings = st.builds(
    Fitting,
    text,
    text,
    text,
    text,
    st.none() | text,
    st.none()
    | st.builds(Fitted, instants, text, some, st.sampled_from(StrapCheck), st.none() | places),
    st.none() | st.builds(Removed, instants, text, st.sampled_from(RemovalReason), some),
    some,
)


@given(st.lists(suppliers, max_size=3), st.lists(told, max_size=4))
def test_a_document_comes_back_equal(given_ones: Any, listed: Any) -> None:
    written = write_devices(given_ones, listed)
    read = read_devices(written)
    assert read.faults == ()
    assert [one for _n, one in read.suppliers] == given_ones
    assert [one for _n, one in read.devices] == listed
    SCHEMA.validate(json.loads(written))


@given(fittings)
def test_a_fitting_comes_back_equal_and_stays_out_of_sight(made: Fitting) -> None:
    kind = case_forms.kind_of_value(made)
    assert case_forms.value_of(kind, case_forms.text_of(made)) == made
    assert repr(made).startswith("<")  # no field of it


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reading(source: bytes) -> None:
    read = read_devices(source)
    assert read.faults or not (read.suppliers or read.devices)


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


@pytest.mark.parametrize("seed", range(3))
def test_lists_show_what_was_painted_last(instance: Any, seed: int) -> None:
    """The SQL of lists against a picture of days that each fact paints over."""
    from django.db import transaction

    from tipstaff.records import device_facts
    from tipstaff.records.device_lists import DevicesWanted, listed

    chance = random.Random(seed)
    pictures: dict[str, list[str | None]] = {name: [None] * DAYS for name in ("a", "b")}
    for number in range(10):
        device, start = chance.choice("ab"), chance.randrange(DAYS)
        end = chance.choice([None, chance.randint(start + 1, DAYS)])
        model = f"M{chance.randrange(3)}"
        said = DeviceTold(
            "acme", device, Description(DeviceKind.TAG, model), day(start),
            None if end is None else day(end),
        )  # fmt: skip
        with transaction.atomic():
            device_facts.record([said], at=day(100 + number), by=uuid4())
        pictures[device][start:end] = [model] * (len(pictures[device][start:end]))
    for at in range(DAYS):
        lines = listed(DevicesWanted(), now=day(at))
        shown = {x.device_id: x.description.model if x.description else None for x in lines}
        assert shown == {d: pictures[d][at] for d in pictures if d in shown}
        for model in ("M0", "M1", "M2"):
            found = [x.device_id for x in listed(DevicesWanted(model=model), now=day(at))]
            assert found == [d for d in "ab" if pictures[d][at] == model]
