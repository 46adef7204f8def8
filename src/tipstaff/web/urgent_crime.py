"""One urgent crime, entered in a form: it becomes a crime file of one row, judged as any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.crimes import Crime, CrimeType
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.crimes_writing import write_crimes
from tipstaff.services.access import RefusedError
from tipstaff.services.crimes import ImportedCrimes
from tipstaff.services.error_models import instance_error_model
from tipstaff.services.matching import match_batch
from tipstaff.services.urgent_batches import batch_of_its_own
from tipstaff.web.callers import calling, may
from tipstaff.web.given_times import read_local

_ASKED: Final = {
    "force": "Choose the force",
    "type": "Choose what kind of crime it is",
    "reference": "Enter the force's reference of the crime",
    "from": "Enter the day and time from which it may have happened",
    "to": "Enter the day and time until which it may have happened",
}


def forces_of(request: HttpRequest) -> list[str]:
    """The forces for which somebody may send a crime: their own, or any."""
    own = getattr(request.user, "force", "") or ""
    return [own] if own else sorted(NATIONAL_FORCES)


def read(given: Mapping[str, str], forces: list[str]) -> bytes | dict[str, str]:
    """The crime as a file, or what is wrong with what was entered, by field."""
    problems = {name: words for name, words in _ASKED.items() if not given.get(name, "").strip()}
    start, end = read_local(given.get("from", "")), read_local(given.get("to", ""))
    if given.get("from") and start is None:
        problems["from"] = "Enter a day and a time"
    if given.get("to") and end is None:
        problems["to"] = "Enter a day and a time"
    place = _place(given)
    if place is None:
        problems["place"] = "Enter easting and northing in metres, or latitude and longitude"
    if given.get("force") not in forces:
        problems["force"] = _ASKED["force"]
    if given.get("type") not in set(CrimeType):
        problems["type"] = _ASKED["type"]
    if problems or start is None or end is None or place is None:
        return problems
    return write_crimes([_crime(given, start, end, place)])


def match_at_once(request: HttpRequest, done: ImportedCrimes) -> UUID | None:
    """Match what was just taken in; None for whoever may not match: others do it then."""
    if not may(request, "match") or done.file.batch is None:
        return None
    try:
        run = match_batch(
            **calling(request, "match"), batch=str(done.file.batch), every=True,
            error=instance_error_model(),
        )  # fmt: skip
    except RefusedError:
        return None
    return None if run is None else run.run_id


def _place(given: Mapping[str, str]) -> tuple[bool, float, float] | None:
    """Whether it is of the national grid, and the pair; None where neither is entered whole."""
    for grid, names in ((True, ("easting", "northing")), (False, ("latitude", "longitude"))):
        try:
            first, second = (float(given.get(name, "")) for name in names)
        except ValueError:
            continue
        return grid, first, second
    return None


def _crime(
    given: Mapping[str, str], start: datetime, end: datetime, place: tuple[bool, float, float]
) -> Crime:
    grid, first, second = place
    force = given["force"]
    batch = batch_of_its_own(force, wall_time(timezone.now()).date())
    return Crime(
        force=force,
        reference=given["reference"].strip(),
        version=1,
        crime_type=given["type"],
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        latitude=0.0 if grid else first,
        longitude=0.0 if grid else second,
        rounding_m=1.0,
        batch=str(batch),
        text=given.get("text", "").strip(),
        easting=first if grid else None,
        northing=second if grid else None,
    )
