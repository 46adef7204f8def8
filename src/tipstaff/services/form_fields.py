"""The fields of a form or a query that a tag's app sends, with a bound on how many there are."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

_MOST: Final = 200


def form_fields(encoded: bytes) -> dict[str, str]:
    """The fields of a query or a form; none where there are too many."""
    text = encoded.decode("latin-1")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST))
    except ValueError:
        return {}
