"""The excursion table of version 0: it knows nothing, so that only reach excludes."""

from __future__ import annotations

from typing import Final

from tipstaff.matching.excursions import Excursions, from_text

EXCURSIONS_V1: Final[Excursions] = from_text("", "excursions-0")
