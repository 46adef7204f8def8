"""The templates' environment: GOV.UK Frontend's components, addresses of pages, times."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from tipstaff.web import (
    callers,
    demo_hints,
    help_pages,
    said,
    sections,
    state_words,
    times,
    value_words,
    words,
)


def environment(loader: Any, **options: Any) -> Environment:
    """What Django's template engine renders with; it escapes whatever it is given."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(  # noqa: S701 (Django passes autoescape=True; a test enters a tag)
        loader=ChoiceLoader([loader, components]),
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    made.globals |= {
        "url": _url,
        "static": static,
        "openid_name": settings.OIDC_NAME,
        "navigation": sections.navigation,
        "said": said.waiting,
        "may": callers.may,
        "about_page": help_pages.about,
        "demonstration": demo_hints.hints,
    }
    made.filters["uk_time"] = times.uk_time
    made.filters["day_words"] = times.day_words
    made.filters["ago"] = words.ago
    made.filters["until"] = words.until
    made.filters["lasting"] = words.lasting
    made.filters["value_words"] = value_words.value_words
    made.filters["sentence"] = _sentence
    made.filters["said"] = state_words.said
    made.filters["spoken"] = state_words.spoken
    return made


def _url(page: str, /, **values: Any) -> str:
    return reverse(page, kwargs=values)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
