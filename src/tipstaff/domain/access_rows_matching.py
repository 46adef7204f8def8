"""Rows of the access table: crimes and what matching them found."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import MATCHING, Reach, Row, reaching
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Course, Role

#: Crimes concern no wearer. An account with a force sends its own force's files alone.
_SENDERS: Final = reaching(
    Reach.NOBODY,
    Role.CRIME_ANALYST,
    Role.INVESTIGATING_OFFICER,
    Role.HUB_CASEWORKER,
    Role.HUB_MANAGER,
)
_HUB: Final = reaching(Reach.UNIT, Role.HUB_CASEWORKER, Role.HUB_MANAGER)
_DISCLOSING: Final = MATCHING | {Purpose.COURT_DISCLOSURE}
_REVIEW: Final = Course.CRIME_MATCHING_REVIEW

MATCHING_ROWS: Final = (
    Row("import_crimes", Operation.COLLECTION, "take in a crime file", _SENDERS, MATCHING),
    Row("list_batches", Operation.CONSULTATION, "list crime files that were received", _SENDERS,
        MATCHING),
    Row("list_crimes", Operation.CONSULTATION, "list the crimes of a batch", _SENDERS, MATCHING),
    Row("take_in_mail", Operation.COLLECTION, "take in a mail with crime files", _SENDERS,
        MATCHING),
    Row("match", Operation.COMBINATION, "match crimes with trails", _HUB, MATCHING,
        training=_REVIEW),
    Row("pending", Operation.COMBINATION, "match again what late data changed", _HUB, MATCHING,
        training=_REVIEW),
    Row("tell_digests", Operation.DISCLOSURE,
        "tell forces each day what became of their crime files, in counts", _HUB, MATCHING),
    Row("read_run", Operation.CONSULTATION, "read a run's candidates and exclusions", _HUB,
        _DISCLOSING, training=_REVIEW),
    Row("count_to_read", Operation.CONSULTATION,
        "count the candidates whose trail nobody has read", _HUB, MATCHING, training=_REVIEW),
    Row("record_reading", Operation.COLLECTION,
        "record one's own reading of a candidate's trail", _HUB, MATCHING, training=_REVIEW),
    Row("list_reserved", Operation.CONSULTATION, "list matches kept for a cleared reviewer", _HUB,
        _DISCLOSING, training=_REVIEW),
    Row("record_disclosure", Operation.DISCLOSURE, "record what was disclosed to a force", _HUB,
        _DISCLOSING),
    Row("read_disclosure", Operation.CONSULTATION, "read what was disclosed", _HUB,
        frozenset({Purpose.COURT_DISCLOSURE})),
    Row("list_runs", Operation.CONSULTATION, "list runs", _HUB, _DISCLOSING),
)  # fmt: skip
