"""Protected characteristics, apart from all else: written, counted, and given to the person alone.

No other module may import the table, and nothing of a case is joined to it (an architecture test
holds both).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from tipstaff.domain.characteristics import SELF_DECLARED
from tipstaff.records import bulk
from tipstaff.records.models import Characteristic


def replace(wearer: UUID, answers: Mapping[str, str], *, at: datetime) -> int:
    """Keep these answers of a wearer (a row) in place of all earlier ones; how many were there."""
    gone, _by_model = Characteristic.objects.filter(wearer=wearer).delete()
    bulk.insert(
        Characteristic,
        (
            {
                "wearer_id": wearer,
                "question": question,
                "answer": answer,
                "source": SELF_DECLARED,
                "recorded_at": at,
            }
            for question, answer in sorted(answers.items())
        ),
    )
    return int(gone)


def own_of(wearer: UUID) -> dict[str, str]:
    """A wearer's own answers by question: for that person's own export, and nothing else."""
    rows = Characteristic.objects.filter(wearer=wearer).order_by("question")
    return dict(rows.values_list("question", "answer"))


def answers_to(question: str) -> Iterator[tuple[str, str]]:
    """Every answer to a question with the wearer's reference: to be counted, and not shown."""
    rows = Characteristic.objects.filter(question=question).order_by("id")
    yield from rows.values_list("wearer__reference", "answer")
