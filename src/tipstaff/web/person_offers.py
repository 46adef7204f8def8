"""Links to forms about one person, from wherever they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class PersonOffer:
    """A form offered on a page of a person: its words, what it is about, what it is filled with."""

    form: str
    words: str
    wearer: str
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def address(self, back: str) -> str:
        """The page of the form, which leads back to the one it was offered on."""
        which = {"wearer": self.wearer, "name": self.form}
        page = "person_act"
        if self.about:
            page, which = "person_act_about", which | {"about": self.about}
        return f"{reverse(page, kwargs=which)}?{urlencode({**self.values, 'next': back})}"
