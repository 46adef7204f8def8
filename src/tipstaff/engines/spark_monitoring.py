"""Live monitoring as a Spark structured stream: a state for each life, kept by Spark.

`transformWithStateInPandas` around `streamed_life`: the worker's own engine. Rows come from
a folder of Parquet files, in the order of their names (`FACT_COLUMNS`); of each life whose rows a
batch has, all that is told by then goes out anew under the next revision. A row of kind `clock`
lets time run without a fact. Needs the extra `spark` and a Java runtime.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.domain.findings import Finding, PeriodOutcome, Told
from tipstaff.domain.periods import to_micros
from tipstaff.engines.streamed_life import StreamedLife
from tipstaff.formats.life_bytes import fact_of, fact_row
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Watched

CLOCK: Final = "clock"
#: Whose life; when it came in (µs); what it is; the fact itself as JSON, empty for `clock`.
FACT_COLUMNS: Final = pa.schema(
    [("life", pa.string()), ("came_us", pa.int64()), ("kind", pa.string()), ("fact", pa.string())]
)
#: Whose; which revision of what is told; how far time has run; a line of it as JSON; how many facts
#: were too late.
TOLD_SCHEMA: Final = "life string, revision long, now_us long, told string, too_late long"
_IN_SCHEMA: Final = "life string, came_us long, kind string, fact string"
_STATE: Final = "revision long, content binary"
_ROCKS: Final = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"


class SparkMissingError(Exception):
    """What Spark needs is not there; `action` says what to do."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a life is told by its last revision, a row each; how many facts were too late."""

    life: str
    revision: int
    told: tuple[str, ...]
    too_late: int


def fact_table(rows: Iterable[tuple[str, LiveFact | int]]) -> pa.Table:
    """Facts of lives as they come in; a number is the clock's, µs."""
    columns: list[tuple[Any, ...]] = [
        (life, one, CLOCK, "") if isinstance(one, int)
        else (life, one.ingested_us, type(one).__name__, json.dumps(fact_row(one)))
        for life, one in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(
        [dict(zip(FACT_COLUMNS.names, row, strict=True)) for row in columns], schema=FACT_COLUMNS
    )


def told_line(one: Told) -> str:
    """What is told, as one line of JSON: equal lines say the same."""
    if isinstance(one, Finding):
        said: list[Any] = [
            "finding", to_micros(one.at), one.kind, one.condition, one.step, int(one.level),
            one.why, to_micros(one.since), one.probability,
        ]  # fmt: skip
    else:
        said = _outcome(one)
    return json.dumps(said)


def _outcome(one: PeriodOutcome) -> list[Any]:
    ends = [None if at is None else to_micros(at) for at in (one.first_there, one.last_there)]
    return [
        "outcome", to_micros(one.at), one.kind, one.condition, to_micros(one.start), one.outcome,
        one.absent_s, one.unknown_s, *ends,
    ]  # fmt: skip


def stream(
    facts: Path,
    kept: Path,
    watched: Mapping[str, Watched],
    rules: Rulebook,
    *,
    files: int = 1,
    master: str = "local[2]",
) -> None:
    """Take in the files that are there and were not taken before, `files` at a time; then end.

    `kept` holds Spark's checkpoint and what is told: called again, it goes on from there.
    `master`: where Spark runs, as Spark itself names it.
    """
    spark = _session(master)
    try:
        processor = _processor(dict(watched), rules)
        rows = spark.readStream.schema(_IN_SCHEMA).option("maxFilesPerTrigger", files)
        told = (
            rows.parquet(str(facts))
            .groupBy("life")
            .transformWithStateInPandas(processor, TOLD_SCHEMA, "Append", "None")
        )
        query = (
            told.writeStream.format("parquet")
            .outputMode("append")
            .option("path", str(kept / "told"))
            .option("checkpointLocation", str(kept / "state"))
            .trigger(availableNow=True)
            .start()
        )
        query.awaitTermination()
    finally:
        spark.stop()


def told_by(kept: Path) -> dict[str, Streamed]:
    """The last revision of each life, as far as files were taken in."""
    if not (kept / "told").is_dir():
        return {}
    last: dict[str, Streamed] = {}
    files = sorted((kept / "told").glob("*.parquet"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    for row in sorted(rows, key=lambda row: (row["life"], row["revision"])):
        lines = tuple(json.loads(row["told"]))
        last[row["life"]] = Streamed(row["life"], row["revision"], lines, row["too_late"])
    return last


def _processor(watched: dict[str, Watched], rules: Rulebook) -> Any:
    import pandas as pd  # noqa: PLC0415 (the extra)
    from pyspark.sql.streaming import StatefulProcessor  # noqa: PLC0415

    class Lives(StatefulProcessor):  # type: ignore[misc] # the extra has no types here
        """A life a key."""

        def init(self, handle: Any) -> None:
            """The state of a key: its revision, and the life's bytes."""
            self.kept = handle.getValueState("life", _STATE)

        def handleInputRows(self, key: Any, rows: Iterable[Any], _timers: Any) -> Iterator[Any]:  # noqa: N802
            """Bring one life on by its rows of this batch."""
            (name,) = key
            seen = watched[name]
            revision, life = self._before(seen)
            batch = [row for frame in rows for row in frame.itertuples(index=False)]
            now_us = max(int(row.came_us) for row in batch)
            facts = [fact_of(json.loads(row.fact)) for row in batch if row.kind != CLOCK]
            told = [told_line(one) for one in life.take(facts, now_us)]
            self.kept.update((revision + 1, life.to_bytes()))
            yield pd.DataFrame(
                {
                    "life": [name],
                    "revision": [revision + 1],
                    "now_us": [now_us],
                    "told": [json.dumps(told)],
                    "too_late": [life.too_late],
                }
            )

        def _before(self, seen: Watched) -> tuple[int, StreamedLife]:
            if not self.kept.exists():
                return 0, StreamedLife.begun(seen, rules)
            revision, content = self.kept.get()
            return int(revision), StreamedLife.from_bytes(bytes(content), seen, rules)

        def close(self) -> None:
            """Nothing is open."""

    return Lives()


def _session(master: str) -> Any:
    if shutil.which("java") is None:
        raise SparkMissingError("Install a Java runtime, as openjdk-17-jre-headless.")
    try:
        import pandas as pd  # noqa: F401, PLC0415 (Spark asks for it, late and unclearly)
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise SparkMissingError("Install the extra: pip install 'tipstaff[spark]'.") from None
    builder = SparkSession.builder.master(master)
    settings = {
        "spark.pyspark.python": sys.executable,
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.streaming.stateStore.providerClass": _ROCKS,
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
