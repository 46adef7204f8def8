"""Consents of a person's case: given by them, a householder or a victim; and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final
from uuid import uuid4

from django.utils import timezone

from tipstaff.domain.consent_texts import Language
from tipstaff.domain.consents import (
    CONSENT_WORDS,
    Consent,
    ConsentKind,
    ConsentScope,
    WithdrawnBy,
    in_force,
    over_at,
)
from tipstaff.domain.crimes import CRIME_TYPE_WORDS, CrimeType
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.consent_json import ANY, CONSENT
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.consents import (
    WithdrawnConsent,
    consent_texts,
    record_consent,
    withdraw_consent,
)
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.cases import addresses_of, all_of, orders_of
from tipstaff.web.given_times import local_input
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.times import maybe, uk_time
from tipstaff.web.written import unkept

ELSEWHERE: Final = "elsewhere"
_TITLES: Final = {
    ConsentKind.VOLUNTARY: "Record the person’s consent to a voluntary tag",
    ConsentKind.HOUSEHOLDER: "Record a householder’s consent to a curfew",
    ConsentKind.VICTIM: "Record a victim’s consent to being protected",
}
_CAPACITY: Final = "capacity"
_INTERPRETER: Final = "interpreter"
_CONSIDERED: Final = (
    (_CAPACITY, "It was considered whether they can decide this"),
    (_INTERPRETER, "It was considered whether they need an interpreter"),
)


def stands(found: CaseView, one: Consent) -> bool:
    """Whether a consent is in force now, so that it can be taken back."""
    return one in in_force(all_of(found, Consent), one.kind, timezone.now())


def _record(found: CaseView, wearer: str, _about: str, *, kind: ConsentKind) -> Act:
    def do(who: Who, given: Given) -> Done:
        consent = _read(wearer, kind, given)
        return Done(unkept(CONSENT, consent) or record_consent(**who, consent=consent).problems)

    return Act(
        f"consent-{kind.value}", "record_consent", _TITLES[kind], "Record it", do,
        "The consent was recorded. Leave the copy with the person.", "person",
        tuple(_fields(found, kind)), back_values=to_the_person(wearer),
        filled={"given_at": [local_input(timezone.now())], "language": [Language.ENGLISH.value]},
    )  # fmt: skip


def _fields(found: CaseView, kind: ConsentKind) -> Iterable[Field]:
    if kind is ConsentKind.HOUSEHOLDER:
        known = addresses_of(found)
        yield Field("person", "The householder’s name")
        yield Field("address", "Address", Kind.CHOICE, options=choices(known))
    elif kind is ConsentKind.VICTIM:
        yield Field("person", "The victim’s reference", hint="Never their name")
    yield Field("given_at", "When it was given", Kind.MOMENT)
    yield Field("ends_at", "Until when it holds", Kind.MOMENT, needed=False)
    written = (("yes", "In writing"), ("no", "By word of mouth"))
    yield Field("written", "How", Kind.ONE, options=choices(written))
    yield Field("taken_by", "Who took it")
    yield Field("text", "Which words were put to them", Kind.CHOICE, options=choices(_texts(kind)))
    yield Field("language", "In which language", Kind.ONE, options=words_of(Language))
    yield Field(
        "considered", "Before it was given", Kind.SEVERAL, options=choices(_CONSIDERED),
        needed=False, where="capacity_considered",
    )  # fmt: skip
    if kind is ConsentKind.VOLUNTARY:
        yield from _matching(found)
    yield Field(
        "agencies", "With whom it may be shared", needed=False,
        hint="Agencies, with a comma between them", where="scope.agencies",
    )  # fmt: skip
    before = [c for c in all_of(found, Consent) if c.kind is kind and stands(found, c)]
    if before:
        named = [(c.reference, f"{c.reference}, given {uk_time(c.given_at)}") for c in before]
        options = choices(named)
        yield Field(
            "supersedes", "Whose place it takes", Kind.CHOICE, options=options, needed=False
        )


def _matching(found: CaseView) -> Iterable[Field]:
    """What of crime matching is agreed: nothing that is not ticked."""
    types = [(one.value, _upper(CRIME_TYPE_WORDS[one])) for one in CrimeType]
    forces = sorted({order.force for order, _ in orders_of(found)})
    yield Field(
        "crime_types", "Crime matching is agreed for", Kind.SEVERAL, needed=False,
        hint="Needs consent in writing. Nothing is agreed that is not ticked",
        options=choices([*types, (ANY, "Every type of crime")]), where="scope.crime_types",
    )  # fmt: skip
    yield Field(
        "forces", "For crimes of", Kind.SEVERAL, needed=False,
        options=choices([*((one, one) for one in forces), (ANY, "Every force")]), where="scope",
    )  # fmt: skip


def _texts(kind: ConsentKind) -> list[tuple[str, str]]:
    today = wall_time(timezone.now()).date()
    ours = [one for one in consent_texts() if one.kind is kind and one.used_on(today)]
    named = [(one.name, f"Our words, version {one.version}") for one in ours]
    return [*named, (ELSEWHERE, "Other words, kept elsewhere")]


def _read(wearer: str, kind: ConsentKind, given: Given) -> Consent:
    considered = given.several("considered")
    types, forces = _scope(given.several("crime_types")), _scope(given.several("forces"))
    agencies = tuple(one.strip() for one in given.text("agencies").split(",") if one.strip())
    matching = types != Scope()
    return Consent(
        reference=f"cns-{uuid4().hex[:8]}",
        wearer=wearer,
        kind=kind,
        given_at=given.the_moment("given_at"),
        written=given.text("written") == "yes",
        taken_by=given.text("taken_by"),
        text=given.text("text"),
        scope=ConsentScope(
            collection=True, crime_matching=matching, crime_types=types, forces=forces,
            agencies=agencies,
        ),
        person=given.text("person"),
        address=given.text("address"),
        language=given.text("language"),
        capacity_considered=_CAPACITY in considered,
        interpreter_considered=_INTERPRETER in considered,
        ends_at=given.moment("ends_at"),
        supersedes=given.text("supersedes"),
    )  # fmt: skip


def _scope(ticked: list[str]) -> Scope:
    everything = ANY in ticked
    return Scope(frozenset() if everything else frozenset(ticked), everything)


def _withdraw(found: CaseView, wearer: str, about: str) -> Act | None:
    one = next((c for c in all_of(found, Consent) if c.reference == about), None)
    if one is None or not stands(found, one):
        return None

    def do(who: Who, given: Given) -> Done:
        done = withdraw_consent(
            **who, wearer=wearer, reference=one.reference, how=given.the(WithdrawnBy, "how"),
            told_to=given.text("told_to"), at=given.moment("at"),
        )  # fmt: skip
        return Done(done.problems, "" if done.problems else _outcome(done))

    fields = (
        Field("how", "How it was taken back", Kind.ONE, options=words_of(WithdrawnBy)),
        Field("told_to", "Who was told"),
        Field("at", "When", Kind.MOMENT, needed=False, hint="If before now.",
              where="withdrawn.at"),
    )  # fmt: skip
    return Act(
        "withdraw-consent", "withdraw_consent", "Record that a consent was taken back",
        "Record that it was taken back", do, "The consent was taken back.", "person", fields,
        _follows(one), to_the_person(wearer), _told(found, wearer, one),
    )  # fmt: skip


def _follows(one: Consent) -> str:
    if one.kind is ConsentKind.VOLUNTARY:
        return (
            "Collection stops at once. Voluntary orders end, a licence that was relaxed has its "
            "conditions again, and no new crime is matched with what was collected. Any way of "
            "taking it back will do, and no reason is asked for."
        )
    return "No order changes by itself. Whoever made the order decides what follows."


def _outcome(done: WithdrawnConsent) -> str:
    """What it did, without anybody's name."""
    told = ["The consent was taken back."]
    if done.orders_ended:
        told.append(f"Voluntary orders that ended: {', '.join(done.orders_ended)}.")
    if done.licences_restored:
        told.append(f"Licences that have their conditions again: {_list(done.licences_restored)}.")
    if done.activations_ended:
        told.append("The tag is no longer worn under them: have it taken off.")
    if done.still_supported_by:
        told.append(f"The tag is still worn under {_list(done.still_supported_by)}.")
    told += [f"An order now lacks something: {one.action}." for one in done.consequences]
    return " ".join(told)


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _told(found: CaseView, wearer: str, one: Consent) -> tuple[tuple[str, str], ...]:
    said = CONSENT_WORDS[one.kind]
    ends = maybe(over_at(one, all_of(found, Consent)), "No end was agreed")
    return (
        ("Person", wearer),
        ("Consent", _upper(said)),
        ("Given", f"{uk_time(one.given_at)}, taken by {one.taken_by}"),
        ("Holds until", ends),
    )


FORMS: Final[tuple[PersonForm, ...]] = (
    *(
        PersonForm(f"consent-{kind.value}", "record_consent", partial(_record, kind=kind))
        for kind in ConsentKind
    ),
    PersonForm("withdraw-consent", "withdraw_consent", _withdraw),
)
