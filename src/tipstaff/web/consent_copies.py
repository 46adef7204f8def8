"""The copy of a consent that is left with the person: a page to print, in English or in Welsh."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.consent_texts import Language
from tipstaff.services.consents import copy_for
from tipstaff.web.callers import calling

#: The other language, and what the link to it says.
_OTHER = {
    Language.ENGLISH: (Language.WELSH, "In Welsh"),
    Language.WELSH: (Language.ENGLISH, "In English"),
}


@require_GET
def copy(request: HttpRequest, wearer: str, reference: str) -> HttpResponse:
    """What was agreed, in its very words; 404 where the words are not ours, or not to be seen."""
    wanted = next((one for one in Language if one.value == request.GET.get("language")), None)
    who = calling(request, "copy_consent")
    found = copy_for(**who, wearer=wearer, reference=reference, language=wanted)
    if found is None:
        raise Http404
    other, words = _OTHER[found.language]
    shown = {"wearer": wearer, "copy": found, "other": other.value, "other_words": words}
    return render(request, "consent_copy.html.jinja", shown)
