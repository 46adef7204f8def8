"""Forms about one person, as data. A new one is a line in its module here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tipstaff.web.person_forms import (
    absences,
    consents,
    fittings,
    holders,
    homes,
    orders,
    plan_work,
    plans,
    releases,
)
from tipstaff.web.person_forms.form import PersonForm

FORMS: Final[Mapping[str, PersonForm]] = {
    one.name: one
    for part in (absences, consents, fittings, holders, homes, orders, plan_work, plans, releases)
    for one in part.FORMS
}
