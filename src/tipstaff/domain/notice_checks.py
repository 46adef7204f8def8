"""What is wrong with a contact for notices, before it is recorded."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Means

#: No address is longer: an email's is the shortest limit.
_LONGEST: Final = {Means.EMAIL: 254, Means.TEXT: 20, Means.WEBHOOK: 500}
_EMAIL: Final = re.compile(r"[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_TEXT: Final = re.compile(r"\+?[0-9 ]{8,19}")
_WEBHOOK: Final = re.compile(r"(https://|http://(localhost|127\.0\.0\.1)[:/])[\x21-\x7e]+")
_SHAPES: Final = {Means.EMAIL: _EMAIL, Means.TEXT: _TEXT, Means.WEBHOOK: _WEBHOOK}
_ACTIONS: Final = {
    Means.EMAIL: "give an email address, as lead@example.org",
    Means.TEXT: "give the number of a mobile telephone, in digits",
    Means.WEBHOOK: "give an https:// address",
    Means.QUEUE: "a place in a queue needs no contact: choose email, text or webhook",
}


class NoticeCode(StrEnum):
    """Why something about notices is refused."""

    ADDRESS = "ADDRESS"
    CONTACT_NOT_KNOWN = "CONTACT_NOT_KNOWN"
    NOTICE_NOT_DEAD = "NOTICE_NOT_DEAD"
    NOT_SET_UP = "NOT_SET_UP"
    NOT_SENT = "NOT_SENT"


def check_address(means: Means, address: str) -> list[Problem]:
    """What is wrong with an address of that means; what was entered is not repeated."""
    shape = _SHAPES.get(means)
    if shape and len(address) <= _LONGEST[means] and shape.fullmatch(address):
        return []
    return [Problem(NoticeCode.ADDRESS, "address", _ACTIONS[means])]
