"""Forms about one person, as data. A new one is a line in its module here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tipstaff.web.person_forms import (
    absences,
    addresses,
    consents,
    fittings,
    holders,
    homes,
    made_orders,
    orders,
    plan_work,
    plans,
    releases,
)
from tipstaff.web.person_forms.form import PersonForm

_PARTS: Final = (
    absences, addresses, consents, fittings, holders, homes, made_orders, orders, plan_work, plans,
    releases,
)  # fmt: skip
FORMS: Final[Mapping[str, PersonForm]] = {one.name: one for part in _PARTS for one in part.FORMS}
