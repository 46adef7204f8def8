"""Consents recorded and taken back, and the copy that is left with the person."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest
from pydantic import Field

from tipstaff.domain.consent_texts import Language
from tipstaff.domain.consents import Consent, WithdrawnBy
from tipstaff.formats.consent_json import CONSENT
from tipstaff.services.consents import copy_for, record_consent, withdraw_consent
from tipstaff.web.api.asking import who
from tipstaff.web.api.casework import PART
from tipstaff.web.api.order_acts import ConsequenceTold, VersionRecorded, read_sent
from tipstaff.web.api.problems import not_found, refused_by
from tipstaff.web.api.shapes import Asked, At, Instant, Line, Reference, Told

_AS_WRITTEN: Final = "As docs/reference/case.schema.json has it"


class ConsentRecorded(Asked):
    """A consent of a wearer's case. One that is on record is never changed."""

    consent: Annotated[dict[str, Any], Field(description=_AS_WRITTEN)]
    reason: Line = ""


class ConsentTakenBack(Asked):
    """How a consent was taken back, and who was told. `at`: when, if before now."""

    how: WithdrawnBy
    told_to: Annotated[Line, Field(min_length=1)]
    at: Instant | None = None


class TakenBackTold(Told):
    """What followed. `still_supported_by`: orders under which the tag is worn all the same."""

    at: At
    orders_ended: list[str]
    licences_restored: list[str]
    activations_ended: int
    still_supported_by: list[str]
    consequences: list[ConsequenceTold]


class SectionTold(Told):
    """A heading, and what stands under it."""

    heading: str
    paragraphs: list[str]


class CopyTold(Told):
    """A person's copy of a consent; `notice` stands above it."""

    language: Language
    title: str
    notice: str
    sections: list[SectionTold]
    footer: str


@PART.acts("/consents", "record_consent", VersionRecorded)
def record(request: HttpRequest, body: ConsentRecorded) -> Any:
    """It holds from when it was given; nothing is agreed that is not named."""
    consent: Consent = read_sent(CONSENT, body.consent, "consent")
    done = record_consent(**who(request), consent=consent, reason=body.reason)
    if done.problems:
        raise refused_by(done.problems, within="body/consent")
    return done


@PART.acts(
    "/people/{ref:wearer}/consents/{ref:reference}/taken-back", "withdraw_consent", TakenBackTold
)
def take_back(
    request: HttpRequest, wearer: Reference, reference: Reference, body: ConsentTakenBack
) -> Any:
    """Everything that follows holds from then on, at once. No reason is asked for."""
    done = withdraw_consent(
        **who(request), wearer=wearer, reference=reference, how=body.how, told_to=body.told_to,
        at=body.at,
    )  # fmt: skip
    if done.problems:
        raise refused_by(done.problems)
    return done


@PART.reads("/people/{ref:wearer}/consents/{ref:reference}/copy", "copy_consent", CopyTold)
def copy(
    request: HttpRequest, wearer: Reference, reference: Reference, language: Language | None = None
) -> Any:
    """In the language in which it was put to them, or another; 404 where the words are not ours."""
    found = copy_for(**who(request), wearer=wearer, reference=reference, language=language)
    if found is None:
        raise not_found()
    return {
        "language": found.language, "title": found.title, "notice": found.notice,
        "sections": [{"heading": h, "paragraphs": list(each)} for h, each in found.sections],
        "footer": found.footer,
    }  # fmt: skip
