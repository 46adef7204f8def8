"""Times of position files: zones, doubled and skipped hours, patterns, numbers since 1970."""

import io
from datetime import UTC, datetime

import pytest

from tipstaff.domain.periods import to_micros
from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.positions import read_positions

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(text: str, rule: str) -> int | str:
    """A time as microseconds, or why it was refused."""
    data = io.BytesIO(f"d;t;a;o\nD;{text};1;2\n".encode())
    (batch,) = read_positions(data, _semicolons(rule), now=NOW)
    if batch.quarantined.num_rows:
        return str(batch.quarantined["reason"][0])
    return to_micros(batch.accepted["fix_time"][0].as_py())


def _semicolons(rule: str) -> Mapping:
    parsed = parse_mapping(
        'supplier="s"\ndelimiter=";"\n[columns]\ndevice_id="d"\nfix_time="t"\nlatitude="a"\n'
        f'longitude="o"\n[time]\n{rule}'.encode()
    )
    assert isinstance(parsed, Mapping), parsed
    return parsed


def us(*when: int) -> int:
    return to_micros(datetime(*when, tzinfo=UTC))  # type: ignore[arg-type, misc]


UTC_ZONE = 'zone = "UTC"'
LONDON = 'zone = "Europe/London"'


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("2026-01-26 15:57:02", 'zone = "UTC"', us(2026, 1, 26, 15, 57, 2)),
        ("2026-01-26T15:57:02+01:00", 'zone = "UTC"', us(2026, 1, 26, 14, 57, 2)),
        ("2026-01-26 12:00", LONDON, us(2026, 1, 26, 12)),
        ("2025-07-26 12:00:00.25", LONDON, us(2025, 7, 26, 11, 0, 0, 250_000)),
        # the hour that happens twice, the hour that never does, and their edges
        ("2025-10-26 00:59:59", LONDON, us(2025, 10, 25, 23, 59, 59)),
        ("2025-10-26 01:00:00", LONDON, "AMBIGUOUS_TIME"),
        ("2025-10-26 01:59:59", LONDON, "AMBIGUOUS_TIME"),
        ("2025-10-26 02:00:00", LONDON, us(2025, 10, 26, 2)),
        ("2025-10-26 01:30", LONDON + '\nambiguous = "earlier"', us(2025, 10, 26, 0, 30)),
        ("2025-10-26 01:30", LONDON + '\nambiguous = "later"', us(2025, 10, 26, 1, 30)),
        ("2025-10-26 01:30+01:00", LONDON, us(2025, 10, 26, 0, 30)),
        ("2025-03-30 00:59:59", LONDON, us(2025, 3, 30, 0, 59, 59)),
        ("2025-03-30 01:00:00", LONDON, "NONEXISTENT_TIME"),
        ("2025-03-30 02:00:00", LONDON, us(2025, 3, 30, 1)),
        ("2026-01-26", 'zone = "UTC"', "INVALID_TIME"),
        ("9999-12-31 23:59:59", LONDON, "TIME_IN_FUTURE"),
        ("0001-01-01 00:00:00", 'zone = "Asia/Tokyo"', "TIME_BEFORE_2000"),
        ("2026-01-26T15:57:02.1234569Z", "", us(2026, 1, 26, 15, 57, 2, 123_456)),
        ("2026-01-26T15:57:02.123456789+00:00", "", us(2026, 1, 26, 15, 57, 2, 123_456)),
        ("1769443022", 'format = "epoch_s"', us(2026, 1, 26, 15, 57, 2)),
        ("1769443022.123456", 'format = "epoch_s"', us(2026, 1, 26, 15, 57, 2, 123_456)),
        ("1769443022500", 'format = "epoch_ms"', us(2026, 1, 26, 15, 57, 2, 500_000)),
        ("1769443022500001", 'format = "epoch_us"', us(2026, 1, 26, 15, 57, 2, 500_001)),
        ("1e30", 'format = "epoch_s"', "INVALID_TIME"),
        ("nan", 'format = "epoch_s"', "INVALID_TIME"),
        ("26/1/2026 15:57:02", 'format = "%d/%m/%Y %H:%M:%S"\n' + UTC_ZONE,
         us(2026, 1, 26, 15, 57, 2)),
        ("26.1.2026 5:07", 'format = "%d.%m.%Y %H:%M"\nzone="UTC"', us(2026, 1, 26, 5, 7)),
        ("20260126155702", 'format = "%Y%m%d%H%M%S"\nzone="UTC"', us(2026, 1, 26, 15, 57, 2)),
        ("2026|01|26 15:57 +0100", 'format = "%Y|%m|%d %H:%M %z"', us(2026, 1, 26, 14, 57)),
        ("26/01/2026 15:57:02.5", 'format = "%d/%m/%Y %H:%M:%S.%f"\n' + UTC_ZONE,
         us(2026, 1, 26, 15, 57, 2, 500_000)),
        ("26/01/2026 15:57", 'format = "%d/%m/%Y %H:%M"', "INVALID_TIME"),
        ("31/02/2026 15:57", 'format = "%d/%m/%Y %H:%M"\nzone="UTC"', "INVALID_TIME"),
        ("2026-01-26 15:57", 'format = "%d/%m/%Y %H:%M"\nzone="UTC"', "INVALID_TIME"),
    ],
)  # fmt: skip
def test_times(text: str, rule: str, expected: int | str) -> None:
    assert at(text, rule) == expected
