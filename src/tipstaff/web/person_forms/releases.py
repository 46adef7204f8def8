"""Releases, and visits to fit a device: recorded, changed, called off; what came of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from tipstaff.domain.orders import OVER, Officer
from tipstaff.domain.releases import Outcome, Release, ReleasePlace, Visit
from tipstaff.formats.release_json import RELEASE, VISIT
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.releases import record_fitting, record_release
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.cases import addresses_of, all_of, orders_known
from tipstaff.web.given_times import local_input
from tipstaff.web.person_forms.fittings import now
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.state_words import spoken
from tipstaff.web.times import uk_time
from tipstaff.web.written import unkept

_TIMES: Final = (
    Field("released_at", "When they are released", Kind.MOMENT),
    Field("fit_by", "To be fitted by", Kind.MOMENT),
)
_WHY: Final = Field("reason", "Why it changed", Kind.WORDS)
_DONE: Final = {
    Outcome.APPOINTED: "The appointment was recorded.",
    Outcome.FITTED: "The visit was recorded. Record the fitting of the device too: from it on its "
    "positions are this person’s.",
}


def orders_to_release_under(found: CaseView) -> list[tuple[str, str]]:
    """Orders under which somebody may be released to be fitted: by reference, in words."""
    return [
        (one.reference, f"{_upper(spoken(one.basis))}, {one.reference}")
        for one in orders_known(found)
        if one.status not in OVER
    ]


def can_be_released(found: CaseView) -> bool:
    """Whether an order and an address are on record, without which no release is."""
    return bool(orders_to_release_under(found) and addresses_of(found))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _record(found: CaseView, wearer: str, _about: str) -> Act | None:
    if not can_be_released(found):
        return None
    orders, addresses = orders_to_release_under(found), addresses_of(found)

    def do(who: Who, given: Given) -> Done:
        made = Release(
            f"rel-{uuid4().hex[:8]}", wearer, given.text("order"),
            given.the(ReleasePlace, "place"), given.text("place_name"),
            given.the_moment("released_at"),
            Officer(given.text("officer"), given.text("organisation")), given.text("address"),
            given.the_moment("fit_by"),
        )  # fmt: skip
        return Done(unkept(RELEASE, made) or record_release(**who, release=made).problems)

    fields = (
        Field("order", "Under which order", Kind.CHOICE, options=choices(orders)),
        Field("place", "Released from", Kind.ONE, options=words_of(ReleasePlace)),
        Field("place_name", "Name of the prison or court"),
        *_TIMES,
        Field("address", "To be fitted at which address", Kind.CHOICE, options=choices(addresses)),
        Field("officer", "Who answers for the release", where="officer.name",
              hint="The prison offender manager, or who answers at court"),
        Field("organisation", "Their organisation", where="officer.organisation"),
    )  # fmt: skip
    only = {"order": orders, "address": addresses}
    filled = {name: [known[0][0]] for name, known in only.items() if len(known) == 1}
    return Act(
        "release", "record_release", "Record a release", "Record it", do,
        "The release was recorded. Whoever is not fitted in time is shown to the centre.",
        "person", fields, back_values=to_the_person(wearer), about=(("Person", wearer),),
        filled=filled,
    )  # fmt: skip


def _put_off(found: CaseView, wearer: str, about: str) -> Act | None:
    one = release_of(found, about)
    if one is None or one.cancelled:
        return None

    def do(who: Who, given: Given) -> Done:
        start, end = given.the_moment("released_at"), given.the_moment("fit_by")
        return _again(who, replace(one, released_at=start, fit_by=end), given)

    filled = {"released_at": [local_input(one.released_at)], "fit_by": [local_input(one.fit_by)]}
    return Act(
        "release-times", "record_release", "Change the times of a release", "Record it", do,
        "The times were changed.", "person", (*_TIMES, _WHY), back_values=to_the_person(wearer),
        about=_told(wearer, one), filled=filled,
    )  # fmt: skip


def _call_off(found: CaseView, wearer: str, about: str) -> Act | None:
    one = release_of(found, about)
    if one is None or one.cancelled:
        return None

    def do(who: Who, given: Given) -> Done:
        return _again(who, replace(one, cancelled=given.text("reason")), given)

    return Act(
        "release-cancelled", "record_release", "Record that a release was cancelled",
        "It was cancelled", do, "The release was cancelled: nobody is to be fitted under it.",
        "person", (Field("reason", "Why nobody is to be fitted", Kind.WORDS, where="cancelled"),),
        "Nobody is shown as not fitted under it from now on.", to_the_person(wearer),
        _told(wearer, one),
    )  # fmt: skip


def _again(who: Who, changed: Release, given: Given) -> Done:
    why = given.text("reason")
    wrong = unkept(RELEASE, changed)
    return Done(wrong or record_release(**who, release=changed, reason=why).problems)


def _visit(found: CaseView, _wearer: str, about: str) -> Act | None:
    one = release_of(found, about)
    if one is None or one.cancelled:
        return None
    outcomes = list(Outcome)
    return _visited(found, one, f"vis-{uuid4().hex[:8]}", outcomes, {"at": now()})


def _went(found: CaseView, _wearer: str, about: str) -> Act | None:
    before = next((each for each in all_of(found, Visit) if each.reference == about), None)
    if before is None or before.outcome is not Outcome.APPOINTED:
        return None
    one = release_of(found, before.release)
    if one is None:
        return None
    outcomes = [each for each in Outcome if each is not Outcome.APPOINTED]
    filled = {
        "at": [local_input(before.at)], "by": [before.by.name],
        "organisation": [before.by.organisation],
    }  # fmt: skip
    made = _visited(found, one, about, outcomes, filled)
    planned = ("Appointment", f"{uk_time(before.at)}, {before.by.name}")
    return replace(made, name="visit-went", title="Say what came of a visit",
                   about=(*made.about, planned))  # fmt: skip


def _visited(
    found: CaseView, release: Release, reference: str, outcomes: Sequence[Outcome],
    filled: dict[str, list[str]],
) -> Act:  # fmt: skip
    wearer = release.wearer

    def do(who: Who, given: Given) -> Done:
        outcome = given.the(Outcome, "outcome")
        visit = Visit(
            reference, wearer, release.reference, outcome, given.the_moment("at"),
            Officer(given.text("by"), given.text("organisation")),
            given.text("device") if outcome is Outcome.FITTED else "", given.text("reason"),
        )  # fmt: skip
        done = unkept(VISIT, visit) or record_fitting(**who, visit=visit).problems
        return Done(done, _DONE.get(outcome, ""))

    said = [(one.value, _upper(spoken(one))) for one in outcomes]
    fields = (
        Field("outcome", "What came of it", Kind.ONE, options=choices(said)),
        Field("at", "When", Kind.MOMENT),
        Field("by", "Who visits or visited", where="by.name"),
        Field("organisation", "Their organisation", where="by.organisation"),
        Field("device", "Number of the device", needed=False, hint="Where one was fitted"),
        Field("reason", "Why it could not be done, or was refused", Kind.WORDS, needed=False),
    )
    worn = {"device": [found.worn[-1].device_id]} if found.worn else {}
    return Act(
        "visit", "record_fitting", "Record a visit to fit a device", "Record it", do,
        "The visit was recorded.", "person", fields, back_values=to_the_person(wearer),
        about=_told(wearer, release), filled=filled | worn,
    )  # fmt: skip


def release_of(found: CaseView, reference: str) -> Release | None:
    """The release of that reference as it shows now."""
    return next((one for one in all_of(found, Release) if one.reference == reference), None)


def _told(wearer: str, one: Release) -> tuple[tuple[str, str], ...]:
    return (
        ("Person", wearer),
        ("Released", f"From {one.place_name}, {uk_time(one.released_at)}"),
        ("To be fitted", f"At the address {one.address}, by {uk_time(one.fit_by)}"),
    )


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("release", "record_release", _record),
    PersonForm("release-times", "record_release", _put_off),
    PersonForm("release-cancelled", "record_release", _call_off),
    PersonForm("visit", "record_fitting", _visit),
    PersonForm("visit-went", "record_fitting", _went),
)
