"""A person who is eligible on every count under the newest rule, to be changed fact by fact."""

from __future__ import annotations

from datetime import date

import pytest

from tipstaff.domain.eligibility_facts import Case, Sentence, SentenceKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.terms import Term


@pytest.fixture(scope="session")
def burglar() -> Case:
    """Three years for burglary of a dwelling, to live in Cheshire: in scope from the first day."""
    return Case(
        born_on=date(1990, 5, 17),
        basis=LegalBasis.LICENCE,
        sentence=Sentence(
            "BIAD", SentenceKind.STANDARD_DETERMINATE, Term(months=36), date(2020, 3, 2)
        ),
        beside=(),
        licence_last_day=date(2024, 3, 1),
        area="Cheshire",
        fixed_address=True,
        monitored_in_full=False,
        unsuitable=False,
    )
