"""The manifest of a wearer's own export (schema: docs/reference/own-export.schema.json)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.formats.json_codecs import INSTANT
from tipstaff.formats.json_documents import Document
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.record_codecs import AnyText, Size
from tipstaff.formats.transfer_files import FILE_FACT, FileFact

_TEXT: Final = AnyText(500)


@dataclass(frozen=True, slots=True)
class OwnManifest:
    """What an export holds. `made_at` is the only thing that differs between two of one state."""

    made_at: datetime
    program: str
    subjects: int
    versions: int
    activations: int
    fixes: int
    files: tuple[FileFact, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the wearer said of themselves."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, repr=False)
class OwnAnswers:
    """All that the wearer said of themselves, by the version of the questions."""

    questions: str
    answers: tuple[Answer, ...]


OWN_EXPORT: Final = Document(
    "tipstaff-own-export-1",
    "The manifest of a wearer's own export",
    Record(
        "own_export",
        OwnManifest,
        (
            Field("made_at", INSTANT),
            Field("program", _TEXT),
            Field("subjects", Size()),
            Field("versions", Size()),
            Field("activations", Size()),
            Field("fixes", Size()),
            Field("files", Listed(FILE_FACT)),
        ),
    ),
)
OWN_ANSWERS: Final = Document(
    "tipstaff-own-characteristics-1",
    "What a wearer said of themselves, for equality monitoring",
    Record(
        "own_answers",
        OwnAnswers,
        (
            Field("questions", _TEXT),
            Field(
                "answers",
                Listed(
                    Record("own_answer", Answer, (Field("question", _TEXT), Field("answer", _TEXT)))
                ),
            ),
        ),
    ),
)
