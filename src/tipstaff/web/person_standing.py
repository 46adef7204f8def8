"""What stands of a person beside their orders, and what may be done about each of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.consents import Consent
from tipstaff.domain.releases import Outcome, Release, Stage, Visit, fitting_state
from tipstaff.services.case_view import CaseView
from tipstaff.web.callers import may
from tipstaff.web.cases import all_of, record_of, shown_of
from tipstaff.web.person_forms import FORMS
from tipstaff.web.person_forms.absences import can_be_cancelled, kept_from, waits, when
from tipstaff.web.person_forms.consents import ELSEWHERE, stands
from tipstaff.web.person_forms.fittings import fitting_of, named
from tipstaff.web.person_forms.holders import holder_words, holders_now
from tipstaff.web.person_forms.releases import can_be_released
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.record_words import record_words
from tipstaff.web.state_words import said
from tipstaff.web.times import uk_time


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of what stands, what may be done about it, and a page about it (empty: none)."""

    words: str
    offers: Sequence[PersonOffer] = ()
    page: str = ""
    page_words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of thing: what stands of it, and what may be added."""

    title: str
    lines: Sequence[Standing]
    offers: Sequence[PersonOffer] = ()


def parts_of(request: HttpRequest, found: CaseView, wearer: str) -> list[Part]:
    """Each kind of which something stands, or to which the role may add something."""
    parts = (
        Part("In whose hands", list(_holders(request, wearer)), (
            PersonOffer("assign", "Assign the case", wearer),
        )),
        Part("Devices", list(_devices(found, wearer)), (
            PersonOffer("fit", "Record a fitting", wearer),
            PersonOffer("home-unit", "Record a home unit", wearer),
        )),
        Part("Addresses", list(_addresses(found, wearer)), (
            PersonOffer("address", "Add an address", wearer),
        ) if record_of(found) is not None else ()),
        Part("Consents", list(_consents(request, found, wearer)), (
            PersonOffer("consent-voluntary", "Record the person’s consent", wearer),
            PersonOffer("consent-householder", "Record a householder’s consent", wearer),
            PersonOffer("consent-victim", "Record a victim’s consent", wearer),
        )),
        Part("Absences", list(_absences(found, wearer, timezone.now())), (
            PersonOffer("ask-absence", "Ask for an absence", wearer),
        ) if kept_from(found) else ()),
        Part("Releases", list(_releases(found, wearer, timezone.now())), (
            PersonOffer("release", "Record a release", wearer),
        ) if can_be_released(found) else ()),
    )  # fmt: skip
    open_to = [_open_to(request, part) for part in parts]
    return [part for part in open_to if part.lines or part.offers]


def allowed(request: HttpRequest, offers: Sequence[PersonOffer]) -> list[PersonOffer]:
    """Those offers that the role may take up."""
    return [one for one in offers if may(request, FORMS[one.form].use_case)]


def _addresses(found: CaseView, wearer: str) -> Iterator[Standing]:
    """By the names that orders have for them: what stands in them is for whoever changes them."""
    record = record_of(found)
    for one in record.addresses if record is not None else ():
        parts = [one.reference]
        parts += ["where it stands is not known"] if one.place is None else []
        parts += ["somebody else’s home"] if one.needs_householder else []
        change = PersonOffer(
            "change-address", f"Put the address {one.reference} right", wearer, one.reference
        )
        yield Standing(", ".join(parts), (change,))


def _open_to(request: HttpRequest, part: Part) -> Part:
    lines = [replace(one, offers=allowed(request, one.offers)) for one in part.lines]
    return replace(part, lines=lines, offers=allowed(request, part.offers))


def _holders(request: HttpRequest, wearer: str) -> Iterator[Standing]:
    if not may(request, "list_assignments"):
        return
    for one in holders_now(request, wearer):
        words, about = f"Take it out of the hands of {one.user or one.team}", str(one.ref)
        yield Standing(holder_words(one), (PersonOffer("end-assignment", words, wearer, about),))


def _devices(found: CaseView, wearer: str) -> Iterator[Standing]:
    for one in found.worn:
        fitting, about = fitting_of(found, one), named(one)
        said = f"Device {one.device_id} is worn; nobody recorded its fitting"
        offers = [
            PersonOffer("remove", f"Device {one.device_id} came off", wearer, about),
            PersonOffer("exchange", f"Exchange device {one.device_id}", wearer, about),
        ]
        if fitting is not None:
            offers.append(
                PersonOffer("annul", f"Device {one.device_id} was never worn", wearer, about)
            )
        yield Standing(said if fitting is None else record_words(fitting), offers)
    worn = {named(one) for one in found.worn}
    for value in shown_of(found, Kind.FITTING):
        if named(value) not in worn:  # type: ignore[arg-type]
            yield Standing(record_words(value))
    for home in found.homes:
        about = str(home.holding_ref)
        words = f"Home unit {home.device_id} at {home.address}, since {uk_time(home.start)}"
        unit = f"Home unit {home.device_id}"
        yield Standing(words, (
            PersonOffer("home-unit-moved", f"{unit} was moved", wearer, about),
            PersonOffer("home-unit-ended", f"{unit} was taken away", wearer, about),
        ))  # fmt: skip


def _consents(request: HttpRequest, found: CaseView, wearer: str) -> Iterator[Standing]:
    for one in all_of(found, Consent):
        copied = may(request, "copy_consent") and one.text != ELSEWHERE
        which = {"wearer": wearer, "reference": one.reference}
        page = reverse("consent_copy", kwargs=which) if copied else ""
        back = PersonOffer(
            "withdraw-consent", f"Consent {one.reference} was taken back", wearer, one.reference
        )
        words = f"{record_words(one)}, {uk_time(one.given_at)}"
        offers = (back,) if stands(found, one) else ()
        yield Standing(words, offers, page, f"Copy of {one.reference}")


def _releases(found: CaseView, wearer: str, now: datetime) -> Iterator[Standing]:
    visits = all_of(found, Visit)
    for one in all_of(found, Release):
        yield _release(one, wearer, fitting_state(one, visits, now).stage)
        for visit in (each for each in visits if each.release == one.reference):
            offers: Sequence[PersonOffer] = ()
            if visit.outcome is Outcome.APPOINTED and not one.cancelled:
                words = f"Say what came of the visit {uk_time(visit.at)}"
                offers = (PersonOffer("visit-went", words, wearer, visit.reference),)
            yield Standing(record_words(visit), offers)


def _release(one: Release, wearer: str, stage: Stage) -> Standing:
    if one.cancelled:
        return Standing(record_words(one))
    which = f"the release {uk_time(one.released_at)}"
    offers = (
        PersonOffer("visit", f"Record a visit after {which}", wearer, one.reference),
        PersonOffer("release-times", f"Change the times of {which}", wearer, one.reference),
        PersonOffer("release-cancelled", f"Cancel {which}", wearer, one.reference),
    )
    return Standing(f"{record_words(one)}. {said(stage)}", offers)


def _absences(found: CaseView, wearer: str, now: datetime) -> Iterator[Standing]:
    for one in all_of(found, Absence):
        offers: Sequence[PersonOffer] = ()
        if waits(one):
            words = f"Decide on the absence {when(one)}"
            offers = (PersonOffer("decide-absence", words, wearer, one.reference),)
        elif can_be_cancelled(one, now):
            words = f"Cancel the absence {when(one)}"
            offers = (PersonOffer("cancel-absence", words, wearer, one.reference),)
        yield Standing(record_words(one), offers)
