"""The four files a match leaves: results, crimes, facts, manifest; bytes ⇄ tables.

Results and crimes are CSV for people (formulas made harmless, undone on reading); facts are
Parquet; the manifest is JSON. The same values give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.formats.tables import encode_table
from tipstaff.matching.outcomes import RESULT_SCHEMA

#: One row per crime version; the counts are of wearers.
CRIMES_SCHEMA: Final = pa.schema(
    [
        ("force", pa.string()),
        ("crime_reference", pa.string()),
        ("crime_version", pa.int32()),
        ("crime_type", pa.string()),
        ("batch", pa.string()),
        ("from", TIMESTAMP),
        ("to", TIMESTAMP),
        ("latitude", pa.float64()),  # empty: unlocatable
        ("longitude", pa.float64()),
        ("rounding_m", pa.float64()),
        ("searched_wearers", pa.int32()),
        ("monitored_wearers", pa.int32()),  # those who might have been searched; empty: not told
        ("not_searched", pa.string()),  # why not, as `matching.kept_out` writes it
        ("candidates", pa.int32()),
        ("excluded", pa.int32()),
        ("excluded_beyond", pa.int32()),  # excluded and not written out
        ("not_monitorable", pa.int32()),
        ("cannot_exclude", pa.int32()),
        ("legacy_candidates", pa.int32()),
    ]
)

#: Columns that a file of an earlier version does not have.
_ADDED: Final = frozenset({"monitored_wearers", "not_searched"})

#: Fixes of candidates and legacy matches within an hour of the window and 2 km of the scene.
FACTS_SCHEMA: Final = pa.schema(
    [
        ("force", pa.string()),
        ("crime_reference", pa.string()),
        ("crime_version", pa.int32()),
        ("wearer_id", pa.string()),
        ("device_id", pa.string()),
        ("fix_time", TIMESTAMP),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("radius95_m", pa.float64()),  # empty: the supplier stated none
        ("mechanism", pa.string()),
        ("role", pa.string()),  # "trail" or "decides"
    ]
)

#: What tells the four files of one run apart, after their common stem.
SUFFIXES: Final = {
    "results": ".csv",
    "crimes": ".crimes.csv",
    "facts": ".facts.parquet",
    "manifest": ".manifest.json",
}


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A file of a run that cannot be read: which, and what to do."""

    what: str
    action: str


def write_results(table: pa.Table) -> bytes:
    """The results as CSV, columns in the order of `RESULT_SCHEMA`."""
    return _write_csv(table, RESULT_SCHEMA)


def write_crimes(table: pa.Table) -> bytes:
    """The crimes as CSV, columns in the order of `CRIMES_SCHEMA`."""
    return _write_csv(table, CRIMES_SCHEMA)


def write_facts(table: pa.Table) -> bytes:
    """The facts as Parquet."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.select(FACTS_SCHEMA.names).cast(FACTS_SCHEMA), sink, compression="zstd")
    return bytes(sink.getvalue())


def write_manifest(values: dict[str, Any]) -> bytes:
    """The manifest as JSON, keys in order."""
    text = json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def read_results(content: bytes) -> pa.Table | UnreadableRun:
    """Read what `write_results` wrote."""
    return _read_csv(content, RESULT_SCHEMA, "results")


def read_crimes(content: bytes) -> pa.Table | UnreadableRun:
    """Read what `write_crimes` wrote."""
    return _read_csv(content, CRIMES_SCHEMA, "crimes")


def read_facts(content: bytes) -> pa.Table | UnreadableRun:
    """Read what `write_facts` wrote."""
    try:
        table = pq.read_table(pa.BufferReader(content))
        return table.select(FACTS_SCHEMA.names).cast(FACTS_SCHEMA)
    except (pa.ArrowException, KeyError, ValueError):
        return _unreadable("facts")


def read_manifest(content: bytes) -> dict[str, Any] | UnreadableRun:
    """Read what `write_manifest` wrote."""
    try:
        values = json.loads(content)
    except ValueError:
        return _unreadable("manifest")
    return values if isinstance(values, dict) else _unreadable("manifest")


def _unreadable(kind: str) -> UnreadableRun:
    return UnreadableRun(
        f"the {kind} of the run (*{SUFFIXES[kind]}) cannot be read",
        "Give the file that `tipstaff match --out` wrote, with its companions beside it, unchanged "
        "by a spreadsheet; or run the match again.",
    )


def _write_csv(table: pa.Table, schema: pa.Schema) -> bytes:
    columns = [table.column(name).to_pylist() for name in schema.names]
    return encode_table(schema.names, zip(*columns, strict=True))


def _read_csv(content: bytes, schema: pa.Schema, kind: str) -> pa.Table | UnreadableRun:
    header = content.partition(b"\n")[0]
    there = [name for name in schema.names if name not in _ADDED or name.encode() in header]
    convert = pacsv.ConvertOptions(
        column_types=schema,
        include_columns=there,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    parse = pacsv.ParseOptions(newlines_in_values=True)
    read = pacsv.ReadOptions(use_threads=False)
    try:
        source = pa.BufferReader(content)
        table = pacsv.read_csv(source, read, parse, convert)
        for name in schema.names:
            if name not in there:
                table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
        # A file of a header alone has no types to convert.
        return _without_escapes(table.select(schema.names).cast(schema))
    except (pa.ArrowException, KeyError):
        return _unreadable(kind)


def _without_escapes(table: pa.Table) -> pa.Table:
    """Take the apostrophe back that `escape_formula` put before a formula's sign."""
    for i, field in enumerate(table.schema):
        if field.type == pa.string():
            # The sign may stand behind spaces, as it may for the writer.
            bare = pc.replace_substring_regex(
                table.column(i), pattern="^'( *[=+\\-@\\t\\r\\n＝＋－＠])", replacement="\\1"
            )
            table = table.set_column(i, field, bare)
    return table
