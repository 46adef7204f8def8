"""Why a row of a position file is quarantined: kept aside with its reason, never dropped."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Reason(IntEnum):
    """Codes; the names are what users and files see."""

    NONE = 0
    COLUMN_COUNT = 1
    MALFORMED = 2
    NUL_BYTE = 3
    NOT_UTF8 = 4
    LINE_TOO_LONG = 5
    MISSING_VALUE = 6
    INVALID_DEVICE = 7
    INVALID_TIME = 8
    AMBIGUOUS_TIME = 9
    NONEXISTENT_TIME = 10
    TIME_BEFORE_2000 = 11
    TIME_IN_FUTURE = 12
    INVALID_NUMBER = 13
    NOT_FINITE = 14
    OUT_OF_RANGE = 15
    UNKNOWN_MECHANISM = 16


ACTIONS: Final[dict[Reason, str]] = {
    Reason.COLUMN_COUNT: "give every row as many columns as the header",
    Reason.MALFORMED: "mend the quotes or brackets; a row is one line",
    Reason.NUL_BYTE: "remove the NUL bytes; the file may be damaged",
    Reason.NOT_UTF8: "write the file as UTF-8",
    Reason.LINE_TOO_LONG: "a row may have at most 65,536 bytes",
    Reason.MISSING_VALUE: "device, time, latitude and longitude are required",
    Reason.INVALID_DEVICE: "a device id has at most 200 characters, none of them a control",
    Reason.INVALID_TIME: "write the time as the mapping says; ISO 8601 needs an offset",
    Reason.AMBIGUOUS_TIME: "this local hour happened twice: send times with an offset, "
    "or let the mapping say which is meant",
    Reason.NONEXISTENT_TIME: "this local hour was skipped by the clocks: check the mapping's zone",
    Reason.TIME_BEFORE_2000: "check the device's clock",
    Reason.TIME_IN_FUTURE: "check the device's clock, and the mapping's time format",
    Reason.INVALID_NUMBER: "write a plain decimal number",
    Reason.NOT_FINITE: "NaN and infinity are not measurements: leave the value empty",
    Reason.OUT_OF_RANGE: "check the value, and the mapping's columns and units",
    Reason.UNKNOWN_MECHANISM: "add the code to the mapping's [mechanisms]",
}
