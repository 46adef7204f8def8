"""The table by which access is decided: a row for each use case. What no row permits is refused.

A new use case is a line in one of the tables that `ROWS` gathers. The reference page
`docs/reference/permissions.md` is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tipstaff.domain.access_rows import Row
from tipstaff.domain.access_rows_admin import ADMIN_ROWS
from tipstaff.domain.access_rows_alerts import ALERT_ROWS
from tipstaff.domain.access_rows_cases import CASE_ROWS
from tipstaff.domain.access_rows_matching import MATCHING_ROWS
from tipstaff.domain.access_rows_positions import POSITION_ROWS
from tipstaff.domain.roles import Role

#: Every row, by use case.
ROWS: Final[Mapping[str, Row]] = {
    row.use_case: row
    for row in (*CASE_ROWS, *POSITION_ROWS, *ALERT_ROWS, *MATCHING_ROWS, *ADMIN_ROWS)
}

#: How far back each role sees a trail without an approval. FACTS §4 gives probation's 14 days; that
#: others have the same, and the monitoring centre and the hub other ones, is our choice †.
ROUTINE_WINDOW: Final[Mapping[Role, timedelta]] = {
    Role.OFFENDER_MANAGER: timedelta(days=14),
    Role.IOM_COORDINATOR: timedelta(days=14),
    Role.INVESTIGATING_OFFICER: timedelta(0),
    Role.PROBATION_PRACTITIONER: timedelta(days=14),
    Role.MONITORING_OPERATOR: timedelta(days=2),
    Role.INTELLIGENCE_OFFICER: timedelta(days=14),
    Role.HUB_CASEWORKER: timedelta(days=31),
    Role.HUB_MANAGER: timedelta(days=31),
}

#: The longest period of a search by place (FACTS §4).
LONGEST_PLACE_SEARCH: Final = timedelta(hours=48)

#: How long an approval may last, and what is taken in an emergency does.
LONGEST_PERMIT: Final = timedelta(days=31)
EMERGENCY: Final = timedelta(hours=1)
