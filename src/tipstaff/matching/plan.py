"""The plan of a match in SQL: named steps, each a pure query over the ones before it.

Nothing here runs: an engine does, and an error names the step. No step sums floating-point numbers,
so the rows it gives do not depend on threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipstaff.domain.fixes import CONTENT_COLUMNS, SPEAKING_ORDER


@dataclass(frozen=True, slots=True)
class Step:
    """A named query; later steps may read it by its name."""

    name: str
    sql: str


def _columns(names: tuple[str, ...], table: str = "") -> str:
    prefix = f"{table}." if table else ""
    return ", ".join(f"{prefix}{name}" for name in names)


#: A fix belongs to the wearer whose activation of the device covers its time; else to nobody.
ATTRIBUTED_FIXES: Final = Step(
    "attributed_fixes",
    f"""
    SELECT activation.wearer_no, {_columns(CONTENT_COLUMNS, "fix")}
    FROM fixes AS fix
    JOIN activations AS activation
      ON fix.device_key = activation.device_key
     AND fix.fix_time >= activation.active_from
     AND fix.fix_time < activation.active_to
    """,  # noqa: S608 (names of our own schema only)
)

#: Trails in order. Equal contents lie side by side, the row that speaks for an instant first. The
#: order names the columns of the fix: by its bare name `precision_cm` would be the one put out, in
#: which an unstated radius is −1 and comes before every stated one.
ORDERED_FIXES: Final = Step(
    "ordered_fixes",
    f"""
    SELECT wearer_no, device_key, epoch_us(fix_time) AS t_us, lat_e7, lon_e7,
           coalesce(precision_cm, -1) AS precision_cm,
           coalesce(precision_level_pct, 95) AS precision_level_pct,
           mechanism,
           coalesce(epoch_us(recorded_time), -1) AS recorded_us,
           coalesce(epoch_us(received_time), -1) AS received_us,
           hash({_columns(CONTENT_COLUMNS[2:], "fix")}) AS content
    FROM attributed_fixes AS fix
    ORDER BY wearer_no, fix.fix_time, fix.device_key,
             {", ".join(f"fix.{term}" for term in SPEAKING_ORDER)}
    """,  # noqa: S608 (names of our own schema only)
)

#: One row: fixes (a device's instants) that no activation covers, their devices, and devices of
#: activations without a fix. `matching.inputs.Attribution` has the fields in this order.
ATTRIBUTION: Final = Step(
    "attribution",
    """
    WITH nobodys AS MATERIALIZED (
        SELECT DISTINCT fix.device_key, fix.fix_time
        FROM fixes AS fix
        ANTI JOIN activations AS activation
          ON fix.device_key = activation.device_key
         AND fix.fix_time >= activation.active_from
         AND fix.fix_time < activation.active_to
    )
    SELECT
        (SELECT count(*) FROM nobodys) AS unassigned_fixes,
        (SELECT count(DISTINCT device_key) FROM nobodys) AS unassigned_devices,
        (SELECT count(*) FROM (SELECT DISTINCT device_key FROM activations) AS worn
         ANTI JOIN (SELECT DISTINCT device_key FROM fixes) AS heard
           ON worn.device_key = heard.device_key) AS silent_devices
    """,
)

STEPS: Final = (ATTRIBUTED_FIXES, ORDERED_FIXES)
