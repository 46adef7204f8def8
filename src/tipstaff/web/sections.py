"""The parts of the console: one line each, shown to the roles that have what they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.web import find_person
from tipstaff.web.callers import may
from tipstaff.web.desk_pages import has_anything
from tipstaff.web.desks import DESKS


@dataclass(frozen=True, slots=True)
class Section:
    """A part: its words, its page, and the use case without which there is nothing to see.

    `or_else`: use cases of which one is enough for the page to have something.
    """

    words: str
    page: str
    use_case: str
    or_else: tuple[str, ...] = ()

    def open_to(self, request: HttpRequest) -> bool:
        """Whether the role has anything there."""
        return any(may(request, one) for one in (self.use_case, *self.or_else))


SECTIONS: Final = (
    Section("Alerts", "alerts", "list_alerts"),
    Section("Map", "live_map", "last_positions"),
    Section("People", "people", "list_orders", find_person.NEEDED),
    Section("Crimes", "crimes", "list_batches"),
    Section("Matches", "matches", "list_runs"),
    Section("Search", "search", "near"),
)


def navigation(request: HttpRequest) -> list[dict[str, object]]:
    """The links of whoever is signed in, the one of this page marked."""
    found: list[dict[str, object]] = [_link(request, "Home", reverse("home"))]
    found += [
        _link(request, one.words, reverse(one.page)) for one in SECTIONS if one.open_to(request)
    ]
    found += [
        _link(request, desk.title, reverse("desk", kwargs={"name": desk.name}))
        for desk in DESKS.values()
        if has_anything(request, desk)
    ]
    return found


def _link(request: HttpRequest, words: str, address: str) -> dict[str, object]:
    here = request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
    return {"text": words, "href": address, "current": here}
