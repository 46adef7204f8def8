"""The parser against an obvious reading of FACTS §1, and against Python's own csv module."""

from __future__ import annotations

import calendar
import csv
import io
import string
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.crimes import Crime
from tipstaff.formats.crimes import Mode, Status, read_crimes
from tipstaff.formats.crimes_places import degrees_step_m
from tipstaff.formats.crimes_writing import file_json, report_errors, write_crimes
from tipstaff.formats.csv_records import read_records

CODES = {
    "AvonSomerset": "AVS", "Bedfordshire": "BFD", "Cheshire": "CHS", "CoLP": "CoLP",
    "Cumbria": "CMB", "Derbyshire": "DBY", "Durham": "DUR", "Essex": "ESX",
    "Gloucestershire": "GLC", "Gwent": "GWP", "Hampshire": "HAM", "Hertfordshire": "HRT",
    "Humberside": "HMB", "Kent": "KNT", "Metropolitan": "MPS", "NorthWales": "NWL",
    "Nottinghamshire": "NOT", "Sussex": "SXP", "WestMidlands": "WMP",
}  # fmt: skip

# ---- the oracle: slow, obvious, written from the table, sharing nothing with the parser ----

Errors = list[tuple[str, str | None]]


def expected(cells: list[str]) -> Errors:
    force, kind, description, batch, reference, start, end, *place, datum, text = cells
    errors: Errors = []
    if force not in CODES:
        errors.append(("INVALID_POLICE_FORCE", "police_force"))
    if kind not in {"".join(p) for t in TYPES for p in [t.lower(), t, t.title()]}:
        errors.append(("INVALID_CRIME_TYPE", "crime_type"))
    if force in CODES:
        errors += batch_errors(batch, CODES[force])
    if has_control(reference, ""):
        errors.append(("INVALID_TEXT", "crime_reference"))
    elif reference.strip() == "":
        errors.append(("MISSING_CRIME_REFERENCE", "crime_reference"))
    errors += window_errors(start, end)
    errors += place_errors(*place)
    if "\0" in description:
        errors.append(("INVALID_TEXT", "crime_type_description"))
    if "\0" in datum:
        errors.append(("INVALID_TEXT", "datum"))
    if has_control(text, "\n\r\t"):
        errors.append(("INVALID_TEXT", "crime_text"))
    return errors


TYPES = ["RB", "BIAD", "AB", "BOTD", "TOMV", "TFP", "TFMV"]


def has_control(text: str, allowed: str) -> bool:
    return any((ord(c) < 32 or 127 <= ord(c) < 160) and c not in allowed for c in text)


def digits(text: str) -> bool:
    return text != "" and all(c in "0123456789" for c in text)


def real_day(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def batch_errors(batch: str, code: str) -> Errors:
    if batch.strip() == "":
        return [("MISSING_BATCH_ID", "batch_id")]
    ends = [""] + ["-" + x for x in "RrAa"]
    tails = ends + [f"-{n}{e}" for n in range(10) for e in ends]
    day = batch[len(code) : len(code) + 8]
    if not any(batch == code + day + tail for tail in tails) or len(day) != 8 or not digits(day):
        return [("INVALID_BATCH_ID_FORMAT", "batch_id")]
    return [] if real_day(day) else [("INVALID_BATCH_ID_DATE", "batch_id")]


def moment(text: str) -> datetime | None:
    if len(text) != 14 or not digits(text) or not 1900 <= int(text[:4]) < 2200:
        return None
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:])
    if not real_day(text) or hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), hour, minute, second, tzinfo=UTC)


def window_errors(start: str, end: str) -> Errors:
    errors: Errors = []
    first, last = moment(start), moment(end)
    if first is None:
        errors.append(("INVALID_FROM_DATE_FORMAT", "from"))
    if last is None:
        errors.append(("INVALID_TO_DATE_FORMAT", "to"))
    if first is not None and last is not None:
        if last < first:
            errors.append(("CRIME_DATE_TIME_TO_AFTER_FROM", "to"))
        elif last > first + timedelta(hours=12):
            errors.append(("CRIME_DATE_TIME_EXCEEDS_WINDOW", "to"))
    return errors


def number(text: str) -> float | None:
    bare = text[1:] if text[:1] in ("+", "-") else text
    whole, _point, part = bare.partition(".")
    if any(not digits(x) for x in (whole, part) if x) or not whole + part or len(text) > 40:
        return None
    return float(text)


def place_errors(easting: str, northing: str, latitude: str, longitude: str) -> Errors:
    named = {
        "easting": (easting, northing, (latitude, longitude), 0, 600000),
        "northing": (northing, easting, (latitude, longitude), 0, 1300000),
        "latitude": (latitude, longitude, (easting, northing), 49.5, 61.5),
        "longitude": (longitude, latitude, (easting, northing), -8.5, 2.6),
    }
    if all(own.strip() == "" for own, *_rest in named.values()):
        return [("MISSING_LOCATION_DATA", None)]
    errors: Errors = []
    for name, (own, partner, others, low, high) in named.items():
        value = number(own)
        if own.strip() == "":
            continue
        if value is None:
            errors.append(("INVALID_NUMBER", name))
        elif partner.strip() == "":
            errors.append(("DEPENDENT_LOCATION_DATA", name))
        elif any(other.strip() for other in others):
            errors.append(("MULTIPLE_LOCATION_DATA_TYPES", name))
        elif value < low or value > high:
            errors.append(("INVALID_LOCATION_DATA_RANGE", name))
    return errors


NIGHT = datetime(2026, 1, 30, 12, tzinfo=UTC)

# ---- cells: a good row, some of its columns spoiled: often on an edge, sometimes anything ----

anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)


def cell(*likely: str) -> st.SearchStrategy[str]:
    touched = st.tuples(
        st.sampled_from(likely), st.integers(0, 20), st.sampled_from(["", " ", "0", "-", "x", "\n"])
    ).map(lambda p: p[0][: p[1]] + p[2] + p[0][p[1] :])
    return st.one_of(st.sampled_from(likely), touched, anything)


batches = st.tuples(
    st.sampled_from([*CODES.values(), "colp", "DBY"]),
    st.sampled_from(["20260131", "20240229", "20260229", "20261301", "2026013", "00000101"]),
    st.sampled_from(["", "", "-1", "-0", "-12", "-"]),
    st.sampled_from(["", "", "-R", "-a", "-B", "-R-A", " "]),
).map("".join)
seconds = st.integers(-3600, 14 * 3600)
times = st.one_of(
    seconds.map(lambda s: f"{NIGHT + timedelta(seconds=s):%Y%m%d%H%M%S}"),
    cell("20260130120000", "20260131000000", "20260131000001", "20260130115959", "20260230000000"),
)
SPOILED = {
    0: cell("derbyshire", "Kent", ""),
    1: cell("rb", "Biad", "ASB", ""),
    2: anything,
    3: batches,
    4: cell("26000012345", ""),
    5: times,
    6: times,
    7: cell("0", "600000", "600001", "600000.01", "-1", "-0.0", "nan", ""),
    8: cell("0", "336107.5", "1300000", "1300001", "1e5", ".5", ""),
    9: cell("49.5", "61.5", "61.50001", "49.4999999999", ""),
    10: cell("-8.5", "2.6", "2.60001", "-8.500001", "inf", ""),
    11: cell("WGS84", "OSGB36", ""),
    12: anything,
}


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    force = draw(st.sampled_from(["Derbyshire", "Derbyshire", "CoLP"]))
    cells = [force, draw(st.sampled_from(TYPES)), "", f"{CODES[force]}20260131", "C/1"]
    cells += ["20260130120000", draw(seconds.map(abs).map(from_night))]
    cells += draw(st.sampled_from([["435213", "336107", "", ""], ["", "", "52.92", "-1.47"]]))
    cells += ["", "text"]
    for column in draw(st.sets(st.sampled_from(sorted(SPOILED)), max_size=4)):
        cells[column] = draw(SPOILED[column])
    return cells


def from_night(after_s: int) -> str:
    return f"{NIGHT + timedelta(seconds=min(after_s, 12 * 3600)):%Y%m%d%H%M%S}"


def as_csv(table: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    return out.getvalue().encode()


@settings(max_examples=600, deadline=None)
@given(rows())
def test_a_row_is_judged_as_the_oracle_judges_it(cells: list[str]) -> None:
    got = read_crimes(as_csv([cells]))
    wanted = expected(cells)
    assert [(str(e.code), e.field) for e in got.errors if e.row is not None] == wanted
    assert got.status is (Status.ERROR if wanted else Status.SUCCESSFUL)
    assert len(got.crimes) == (0 if wanted else 1)


@settings(max_examples=150, deadline=None)
@given(st.lists(rows(), min_size=1, max_size=6))
def test_a_file_is_judged_as_its_rows_are(table: list[list[str]]) -> None:
    for number_, cells in enumerate(table):
        cells[4] = f"{number_}{cells[4]}"  # no duplicates here
    got = read_crimes(as_csv(table))
    each = [(n, code, field) for n, c in enumerate(table, 1) for code, field in expected(c)]
    assert [(e.row, str(e.code), e.field) for e in got.errors if e.row is not None] == each
    forces = {c[0] for c in table if c[0] in CODES}
    batches_ = {
        (c[0], c[3].upper()) for c in table if c[0] in CODES and not batch_errors(c[3], CODES[c[0]])
    }
    good = len(table) - len({n for n, _code, _field in each})
    whole = set()
    if len(forces) > 1:
        whole.add("MULTIPLE_POLICE_FORCES")
    if len(batches_) > len({force for force, _batch in batches_}):
        whole.add("MULTIPLE_BATCH_IDS")
    if not good and not whole:
        whole.add("ALL_RECORDS_FAILED")
    assert {str(e.code) for e in got.errors if e.row is None} == whole
    failed = bool(whole - {"ALL_RECORDS_FAILED"})
    assert (got.rows, len(got.crimes)) == (len(table), 0 if failed else good)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(anything, min_size=2, max_size=5), max_size=5), st.booleans())
def test_records_are_those_of_the_csv_module(table: list[list[str]], every: bool) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL).writerows(table)
    records = list(read_records(out.getvalue()))
    assert [list(record.cells) for record in records] == table
    assert [record.number for record in records] == list(range(1, len(table) + 1))


csv_like = st.text(alphabet='",\r\n ab\0é=', max_size=60)


@settings(max_examples=500, deadline=None)
@given(csv_like)
def test_every_character_of_any_text_belongs_to_one_record(text: str) -> None:
    records = list(read_records(text))
    lines = [(record.line, record.last_line) for record in records]
    assert lines == sorted(lines)
    assert all(record.torn or len(record.cells) == record.width for record in records)
    # Without quotes nothing can be torn, and the records are the lines.
    plain = text.replace('"', "")
    kept = [line for line in io.StringIO(plain, newline=None).read().split("\n") if line.strip()]
    assert [",".join(record.cells) for record in read_records(plain)] == kept


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=200), csv_like.map(str.encode)), st.sampled_from(Mode))
def test_no_bytes_break_the_reader(content: bytes, mode: Mode) -> None:
    got = read_crimes(content, mode=mode)
    assert got.status is not Status.SUCCESSFUL
    assert all(e.action for e in got.errors)
    assert file_json(got)["accepted"] == len(got.crimes)
    assert report_errors(got).count(b"\n") == 1 + len(got.errors) + len(got.warnings)


words = st.text(alphabet=string.ascii_letters + "éŵ", min_size=1, max_size=8)
free = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60
)


@st.composite
def crimes(draw: st.DrawFn) -> Crime:
    begins = NIGHT + timedelta(seconds=draw(st.integers(-(10**9), 10**9)))
    return Crime(
        force="Kent",
        reference=draw(words),
        version=1,
        crime_type=draw(st.sampled_from(TYPES)),
        start=begins,
        end=begins + timedelta(seconds=draw(st.integers(0, 12 * 3600))),
        latitude=draw(st.integers(4_950_000, 6_150_000)) / 100_000,
        longitude=draw(st.integers(-850_000, 260_000)) / 100_000,
        rounding_m=degrees_step_m(5),
        batch="KNT20260131-1-A",
        text=draw(free),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(crimes(), min_size=1, max_size=5, unique_by=lambda c: c.reference))
def test_what_is_written_is_read(wanted: list[Crime]) -> None:
    content = write_crimes(wanted)
    got = read_crimes(content)
    assert got.status is Status.SUCCESSFUL
    assert list(got.crimes) == wanted
    assert write_crimes(got.crimes) == content


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 600_000), st.integers(0, 1_300_000), st.integers(0, 99))
def test_a_grid_pair_is_written_as_it_was_read(east: int, north: int, part: int) -> None:
    cells = ["Kent", "RB", "", "KNT20260131", "1", "20260130220000", "20260130220000"]
    content = as_csv([[*cells, f"{east}.{part:02d}", f"{north}.00", "", "", "", ""]])
    first = read_crimes(content)
    if first.crimes:
        again = read_crimes(write_crimes(first.crimes))
        assert again.crimes == first.crimes
        assert again.crimes[0].easting == first.crimes[0].easting
    else:
        assert east == 600_000
        assert part > 0
