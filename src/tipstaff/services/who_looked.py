"""The report of who looked at a person, as a table for their own copy."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from uuid import UUID

from tipstaff.formats.case_json import instant_text
from tipstaff.services.looked_at import told_of

_COLUMNS = ("at", "role", "organisation", "did", "purpose", "from", "to", "people", "certain")


def who_looked(subject: UUID, *, leave_out: UUID) -> bytes:
    """The looks at a person that may be told them, as CSV; `leave_out` is the request under way.

    Roles, not people; nothing of victims and live investigations (`domain.looked_at`).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in told_of(subject, leave_out=leave_out):
        writer.writerow(
            [
                instant_text(line.at),
                line.role,
                line.organisation,
                line.operation,
                line.purpose,
                _instant(line.begin),
                _instant(line.end),
                line.people,
                "yes" if line.certain else "may have been",
            ]
        )
    return text.getvalue().encode()


def _instant(instant: datetime | None) -> str:
    return "" if instant is None else instant_text(instant)
