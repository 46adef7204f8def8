"""A wearer's whole record as JSON: every kind, every version, both clocks; and what they wore.

Made from `case_forms.FORMS`, so that a kind that is added there is in it by itself. Published in
docs/reference/transfer.schema.json.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from tipstaff.domain.case_records import WholeRecord, WholeSubject, WholeVersion, Worn, WornRecord
from tipstaff.formats.case_forms import FORMS, Form
from tipstaff.formats.json_codecs import INSTANT, Count
from tipstaff.formats.json_documents import Document
from tipstaff.formats.json_records import Field, Listed, Record, Tagged
from tipstaff.formats.record_codecs import AnyText, Uuid
from tipstaff.formats.wearer_json import REFERENCE

#: More than anybody's record ever had.
_MOST: Final = 100_000
_TEXT: Final = AnyText(500)


def _subject(form: Form) -> Record:
    version = Record(
        f"{form.kind}_version",
        WholeVersion,
        (
            Field("number", Count(_MOST)),
            Field("valid_from", INSTANT),
            Field("valid_to", INSTANT, None),
            Field("recorded_at", INSTANT),
            Field("recorded_by", Uuid(), None),
            Field("reason", AnyText(_MOST), ""),
            Field("value", form.codec),
        ),
    )
    return Record(
        f"{form.kind}_subject",
        partial(WholeSubject, form.kind),
        (Field("reference", REFERENCE, ""), Field("versions", Listed(version, _MOST))),
    )


_SUBJECT: Final = Tagged(
    "kind", {form.kind.value: _subject(form) for form in FORMS}, lambda one: str(one.kind)
)
_RECORD: Final = Record(
    "whole_record",
    WholeRecord,
    (Field("wearer", REFERENCE), Field("subjects", Listed(_SUBJECT, _MOST))),
)
_WORN: Final = Record(
    "worn",
    Worn,
    (
        Field("supplier", _TEXT),
        Field("activation_id", _TEXT),
        Field("device_id", _TEXT),
        Field("start", INSTANT),
        Field("end", INSTANT, None),
    ),
)
_WORN_RECORD: Final = Record(
    "worn_record",
    WornRecord,
    (Field("wearer", REFERENCE), Field("activations", Listed(_WORN, _MOST), ())),
)

WHOLE_RECORD: Final = Document(
    "tipstaff-record-1", "A wearer's whole record: every version of everything", _RECORD
)
WORN_RECORD: Final = Document("tipstaff-worn-1", "Every device that a wearer wore", _WORN_RECORD)
