"""A reference as one step of an address, whatever stands in it.

A force's references hold strokes (`26/1234`), which an address takes for a step of its own, also
where they are percent-encoded: servers decode that first. So a stroke is written `~2F`, the tilde
itself `~7E`, and the dots of `.` and `..`, which browsers take for steps, `~2E`. A tilde before
anything else stands for itself.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from django.urls import register_converter

#: What stands for itself in a step of an address: RFC 3986, section 3.3.
_PLAIN: Final = "!$&'()*+,;=~:@"
_ESCAPES: Final = {"/": "~2F", "~": "~7E", ".": "~2E"}
_MEANT: Final = {code: sign for sign, code in _ESCAPES.items()}
_CODES: Final = re.compile("|".join(_MEANT), re.IGNORECASE)


def in_address(reference: str) -> str:
    """A reference as a step of an address; what else needs it is percent-encoded as ever."""
    signs = "/~." if reference in (".", "..") else "/~"
    return "".join(_ESCAPES[one] if one in signs else one for one in reference)


def quoted_step(reference: str) -> str:
    """A reference as `reverse` writes it into an address: for pages that name thousands."""
    return quote(in_address(reference), safe=_PLAIN)


def from_address(step: str) -> str:
    """The reference that a step of an address means."""
    return _CODES.sub(lambda found: _MEANT[found[0].upper()], step)


class Referred:
    """Django's converter of both ways: `<ref:wearer>`."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """What the view is given."""
        return from_address(value)

    def to_url(self, value: object) -> str:
        """What `reverse` writes."""
        return in_address(str(value))


register_converter(Referred, "ref")
