"""Help: what each kind of page is about, each role's first day, and the words they are told in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_accounts import train
from sign_in_fixtures import signed_in, text

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
#: Roles with too little in the console for five things to do there.
FEW = {Role.TAG_SUPPLIER, Role.PROGRAMME_LEAD, Role.WEARER}
#: Addresses that need no word about them: why.
NO_WORDS = {
    "help": "it is the help itself", "help_words": "it is the help itself",
    "live": "no page", "ground": "no page", "streets": "no page", "basemap": "no page",
    "health": "no page", "said_read": "leads back", "purpose": "asks in the place of a page",
    "crimes_errors": "a file", "trail_export": "a file", "end_session": "leads back",
    "end_token": "leads back", "add_token": "shows a token once",
}  # fmt: skip
#: Pages of signing in, of a wearer's own, and data for maps.
ELSEWHERE = re.compile(r"^(account_|mfa_|openid|own_|api)|_data$")


def without_words(names: set[str]) -> set[str]:
    return {one for one in names if one not in NO_WORDS and not ELSEWHERE.search(one)}


def kinds() -> set[str]:
    """Every kind of page, as the table of help calls it."""
    from tipstaff.web.desks import DESKS, LISTINGS
    from tipstaff.web.help_pages import kind_of_page
    from tipstaff.web.urls import urlpatterns

    class Match:
        def __init__(self, url_name: str, name: str = "") -> None:
            self.url_name, self.kwargs = url_name, {"name": name}

    named = {"desk": DESKS, "listing": LISTINGS}
    names = {one.name for one in urlpatterns if getattr(one, "name", None)}
    found = {kind_of_page(Match(one)) for one in without_words(names) if one not in named}
    return found | {kind_of_page(Match(page, one)) for page, of in named.items() for one in of}


def test_every_kind_of_page_says_what_it_is_about_and_no_other(pages: Pages) -> None:
    from tipstaff.web.help.texts import abouts

    assert set(abouts("/help/words")) == kinds()


def test_words_mean_what_the_glossary_says(pages: Pages) -> None:
    from tipstaff.web.help import texts

    told = re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "GLOSSARY.md").read_text(), re.M)
    known: dict[str, str] = {}
    for word, meaning in told:
        known.setdefault(word, meaning)
    kept = texts._words()
    assert len(kept) > 50
    assert {word: known.get(word) for word in kept} == dict(kept)
    assert len({texts.anchor(word) for word in kept}) == len(kept)


def test_a_text_that_names_no_word_is_found_out(pages: Pages) -> None:
    from tipstaff.web.help.texts import linked

    assert 'href="/w#gap"' in linked("No [gaps|gap] & no *more*", "/w")
    assert "&amp; no <em>more</em>" in linked("No [gaps|gap] & no *more*", "/w")
    with pytest.raises(ValueError, match="flurb"):
        linked("A [flurb]", "/w")


def trained(pages: Pages, role: Role) -> Any:
    """A browser of somebody in that role, whose training is on record."""
    browser = signed_in(pages, role)
    train("olive")
    return browser


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.LOCAL])
def test_a_first_day_of_pages_that_open(pages: Pages, role: Role) -> None:
    browser = trained(pages, role)
    page = browser.get("/help")
    steps = re.findall(r'<li><a class="govuk-link govuk-!-font-weight-bold" href="([^"]+)"',
                       page.content.decode())  # fmt: skip
    assert len(steps) == 5 or role in FEW, steps
    assert steps
    words = browser.get("/help/words").content.decode()
    for address in steps:
        where, _, anchor = address.replace("&amp;", "&").partition("#")
        assert browser.get(where).status_code == 200, address
        assert not anchor or f'id="{anchor}"' in words, address


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.LOCAL])
def test_every_page_of_the_menu_says_what_it_is_about(pages: Pages, role: Role) -> None:
    browser = trained(pages, role)
    home = browser.get("/").content.decode()
    links = re.findall(r'govuk-service-navigation__link" href="([^"]+)"', home)
    assert links[0] == "/"
    for address in links:
        page = browser.get(address)
        assert page.status_code == 200, address
        assert "About this page" in text(page), address
        assert "What it cannot show" in text(page), address


def test_help_is_for_whoever_signed_in(pages: Pages) -> None:
    assert pages().get("/help").status_code == 302
    assert "Your first day" not in text(pages().get("/sign-in"))


def test_what_to_say_is_there_for_every_kind_of_alert() -> None:
    from tipstaff.web.help.texts import calls

    said = [calls(kind) for kind in FindingKind]
    assert all(len(one) >= 6 for one in said)
    assert len(set(said)) == len(FindingKind)
