"""Questions to the archive, or to the fixes of a file alone: whose trail, and who was near."""

# Queries are put together from whole numbers, our own column names and quoted paths.
# ruff: noqa: S608

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from tipstaff.domain.fixes import CONTENT_FIELDS, SPEAKING_ORDER
from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.matching.inputs import Attribution
from tipstaff.matching.plan import ATTRIBUTION
from tipstaff.positions.duck import CONTENT_SQL, ORDER_SQL, connect, instant
from tipstaff.positions.place_bounds import MAX_RADIUS_M, Bounds, bounds_round, ground_distance_m

#: A trail's columns. `conflict`: the device reported something else for the same instant too;
#: `speaks`: the one of those rows that stands for the instant.
TRAIL_SCHEMA: Final = pa.schema(
    (*CONTENT_FIELDS, pa.field("speaks", pa.bool_()), pa.field("conflict", pa.bool_()))
)
NEAR_SCHEMA: Final = TRAIL_SCHEMA.append(pa.field("distance_m", pa.float64()))

_IN_PERIODS: Final = """FROM held JOIN periods ON held.device_key = periods.device_key
    AND fix_time >= active_from AND fix_time < active_to"""
_READ_ROWS: Final = 262_144
_TIME_ORDER: Final = f"fix_time, NOT speaks, {ORDER_SQL}"
_FLAGGED: Final = f"""
    SELECT {CONTENT_SQL},
        row_number() OVER instant = 1 AS speaks,
        count(*) OVER (PARTITION BY device_key, fix_time) > 1 AS conflict
    FROM (SELECT DISTINCT {CONTENT_SQL} FROM chosen)
    WINDOW instant AS (PARTITION BY device_key, fix_time ORDER BY {", ".join(SPEAKING_ORDER)})"""


class FixSource(Protocol):
    """Anything that holds fixes: the archive, or a file's."""

    def connect(self, period: Period) -> Any:
        """A DuckDB connection with a view `fixes` that holds at least the fixes of `period`."""

    def devices_near(self, place: Bounds, period: Period) -> list[int] | None:
        """Devices among which is every one with a fix there and then; None where all may have."""


@dataclass(frozen=True, slots=True)
class TableFixes:
    """The fixes of an Arrow table, by `CONTENT_SCHEMA`."""

    table: pa.Table

    def connect(self, period: Period) -> Any:  # noqa: ARG002 (the whole table serves)
        """See `FixSource`."""
        connection = connect()
        connection.register("fixes", self.table)
        return connection

    def devices_near(self, place: Bounds, period: Period) -> list[int] | None:  # noqa: ARG002
        """See `FixSource`: any may have."""
        return None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A device in a period: an activation clipped to what is asked for."""

    device_key: int
    period: Period


def trail(source: FixSource, spans: Sequence[Span]) -> pa.Table:
    """The fixes of some devices, each in its own periods, in time order (`TRAIL_SCHEMA`)."""
    asked = sorted({span for span in spans if span.period.start < span.period.end})
    if not asked:
        return TRAIL_SCHEMA.empty_table()
    whole = Period(min(s.period.start for s in asked), max(s.period.end for s in asked))
    connection = source.connect(whole)
    connection.register("spans", _spans_table(asked))
    keys = ", ".join(str(key) for key in sorted({span.device_key for span in asked}))
    query = f"""
        WITH chosen AS (
            SELECT fixes.* FROM fixes JOIN spans ON fixes.device_key = spans.device_key
                AND fix_time >= from_time AND fix_time < to_time
            WHERE fixes.device_key IN ({keys}) AND {_inside(whole)})
        {_FLAGGED} ORDER BY {_TIME_ORDER}"""
    return connection.sql(query).to_arrow_table().cast(TRAIL_SCHEMA)


@dataclass(frozen=True, slots=True)
class Held:
    """The fixes of a period as the archive holds them at one moment, each device by a number.

    The archive's own keys are random: nothing ordered by them would be the same elsewhere. Devices
    without a number are left out.
    """

    connection: Any
    period: Period

    @classmethod
    def of(
        cls,
        archive: FixSource,
        period: Period,
        numbers: Mapping[int, int],
        hidden: Sequence[Span] = (),
        until: datetime | None = None,
    ) -> Held:
        """The fixes of a period; `numbers` by device key. Those in `hidden` spans are left out.

        `until`: those alone that had been ingested by then.
        """
        connection = archive.connect(period)
        columns = {"device_key": list(numbers), "number": list(numbers.values())}
        table = pa.table({k: pa.array(v, pa.int64()) for k, v in columns.items()})
        connection.register("numbers", table)
        connection.register("hidden", _spans_table(hidden))
        names = ", ".join(f"fixes.{field.name}" for field in CONTENT_FIELDS[1:])
        shown = (
            """ANTI JOIN hidden ON fixes.device_key = hidden.device_key
            AND fix_time >= from_time AND fix_time < to_time"""
            if hidden
            else ""
        )
        known = "" if until is None else f"AND ingested_at <= {instant(until)}"
        connection.execute(
            f"CREATE TEMP VIEW held AS SELECT number AS device_key, {names}, source_id, "
            f"ingested_at FROM fixes JOIN numbers ON fixes.device_key = numbers.device_key {shown} "
            f"WHERE {_inside(period)} {known}"
        )
        return cls(connection, period)

    def contents(self) -> Any:
        """A reader of the fixes, as `CONTENT_SCHEMA`, in no order."""
        query = f"SELECT {CONTENT_SQL} FROM held"
        return self.connection.sql(query).to_arrow_reader(_READ_ROWS)

    def ends(self) -> pa.Table:
        """The first and the last instant of each device: device_key, fix_time; two rows each."""
        query = """SELECT device_key, unnest([min(fix_time), max(fix_time)]) AS fix_time
            FROM held GROUP BY device_key"""
        return self.connection.sql(query).to_arrow_table()

    def attribution(self, activations: pa.Table) -> Attribution:
        """How these fixes fit activations (`matching.inputs.PERIOD_SCHEMA`, devices by number)."""
        self.connection.register("activations", activations)
        fixes = "SELECT device_key, fix_time FROM held"
        query = f"WITH fixes AS ({fixes}) SELECT * FROM ({ATTRIBUTION.sql})"
        return Attribution(*self.connection.execute(query).fetchall()[0])

    def heard_until(self) -> datetime | None:
        """When the last of these fixes was ingested; None where there is none."""
        query = "SELECT epoch_us(max(ingested_at)) FROM held"
        last = self.connection.execute(query).fetchall()[0][0]
        return None if last is None else from_micros(last)

    def rows_in(self, periods: pa.Table) -> int:
        """How many rows lie in some periods (`matching.inputs.PERIOD_SCHEMA`)."""
        self.connection.register("periods", periods)
        return int(self.connection.execute(f"SELECT count(*) {_IN_PERIODS}").fetchall()[0][0])

    def heard_after(self, moment: datetime | None, periods: pa.Table, about: Period) -> set[int]:
        """Who has fixes that were ingested after a moment (None: ever) and bear on a period.

        They lie in it, or the supplier stamped them in the same minute as one of the same device
        that does: what came together tells of the device's clock. By the number of the wearer;
        `periods` as for `rows_in`.
        """
        self.connection.register("periods", periods)
        late = "true" if moment is None else f"ingested_at > {instant(moment)}"
        stamps = [f"epoch_us({name}_time) // 60000000" for name in ("recorded", "received")]
        together = " UNION ".join(
            f"""SELECT wearer_no FROM late SEMI JOIN about
                ON late.device_key = about.device_key AND late.stamp_{i} = about.stamp_{i}"""
            for i in (0, 1)
        )
        columns = f"device_key, fix_time, {stamps[0]} AS stamp_0, {stamps[1]} AS stamp_1"
        query = f"""
            WITH late AS (SELECT wearer_no, seen.* FROM (SELECT {columns} FROM held WHERE {late})
                    AS seen JOIN periods ON seen.device_key = periods.device_key
                    AND fix_time >= active_from AND fix_time < active_to),
                about AS (SELECT {columns} FROM held WHERE {_inside(about)})
            SELECT wearer_no FROM late WHERE {_inside(about)} UNION {together}"""
        return {row[0] for row in self.connection.execute(query).fetchall()}

    def sources(self) -> list[str]:
        """The files (by digest) that these fixes came from, in order."""
        query = "SELECT DISTINCT source_id FROM held ORDER BY source_id"
        return [row[0] for row in self.connection.execute(query).fetchall()]


def near(
    source: FixSource, latitude: float, longitude: float, radius_m: float, period: Period
) -> pa.Table:
    """The fixes within `radius_m` of a place in a period, in time order (`NEAR_SCHEMA`)."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 < radius_m <= MAX_RADIUS_M):
        raise ValueError(f"a place on Earth and a radius of up to {MAX_RADIUS_M:.0f} m, please")
    round_it = bounds_round(latitude, longitude, radius_m)
    keys, bounds = source.devices_near(round_it, period), round_it.sql()
    if keys is not None and not keys:
        return NEAR_SCHEMA.empty_table()
    of = "true" if keys is None else f"device_key IN ({', '.join(map(str, keys))})"
    # A fix is in conflict with others of its instant wherever they lie, so those are fetched too.
    query = f"""
        WITH hits AS (SELECT device_key, fix_time FROM fixes
                WHERE {of} AND {_inside(period)} AND {bounds}),
            chosen AS (SELECT * FROM fixes SEMI JOIN hits USING (device_key, fix_time)
                WHERE {of} AND {_inside(period)})
        SELECT * FROM ({_FLAGGED}) WHERE {bounds} ORDER BY {_TIME_ORDER}"""
    found = source.connect(period).sql(query).to_arrow_table().cast(TRAIL_SCHEMA)
    away = ground_distance_m(
        latitude, longitude, _degrees(found["lat_e7"]), _degrees(found["lon_e7"])
    )
    within = found.append_column(NEAR_SCHEMA.field("distance_m"), pa.array(np.round(away, 2)))
    return within.filter(pa.array(away <= radius_m))


def _inside(period: Period) -> str:
    return f"fix_time >= {instant(period.start)} AND fix_time < {instant(period.end)}"


def _spans_table(spans: Sequence[Span]) -> pa.Table:
    times = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "device_key": pa.array([s.device_key for s in spans], pa.int64()),
            "from_time": pa.array([to_micros(s.period.start) for s in spans]).cast(times),
            "to_time": pa.array([to_micros(s.period.end) for s in spans]).cast(times),
        }
    )


def _degrees(e7: Any) -> Any:
    return e7.to_numpy().astype(np.float64) / 1e7


def is_place(latitude: float, longitude: float) -> bool:
    """Whether the two are degrees of a place on Earth."""
    return math.isfinite(latitude + longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
