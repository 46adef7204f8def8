"""Releases and visits recorded, each in a case document's own JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tipstaff.domain.releases import Release, Visit
from tipstaff.formats.release_json import RELEASE, VISIT
from tipstaff.services.releases import record_fitting, record_release
from tipstaff.web.api.asking import who
from tipstaff.web.api.casework import PART
from tipstaff.web.api.order_acts import VersionRecorded, Written, read_sent, recorded
from tipstaff.web.api.shapes import Asked, Line


class ReleaseRecorded(Asked):
    """A release as a whole: a new one, or the one that is there told anew, with the reason."""

    release: Written
    reason: Line = ""


class VisitRecorded(Asked):
    """A visit to fit a device: planned, or what came of it."""

    visit: Written
    reason: Line = ""


@PART.acts("/releases", "record_release", VersionRecorded)
def release(request: HttpRequest, body: ReleaseRecorded) -> Any:
    """Somebody who is released to be fitted by a deadline; `cancelled`: nobody is, after all."""
    value: Release = read_sent(RELEASE, body.release, "release")
    return recorded(record_release(**who(request), release=value, reason=body.reason), "release")


@PART.acts("/visits", "record_fitting", VersionRecorded)
def visit(request: HttpRequest, body: VisitRecorded) -> Any:
    """News of a fitting in time takes the alarm back. The device itself: `fit_device`."""
    value: Visit = read_sent(VISIT, body.visit, "visit")
    return recorded(record_fitting(**who(request), visit=value, reason=body.reason), "visit")
