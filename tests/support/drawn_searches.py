"""Drawn policies, orders and crimes: few names and likely good ones, so that much is permitted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.search_facts import Consent, CrimeFacts, OrderFacts, Scope
from tipstaff.domain.searchable import SearchPolicy, SearchRule

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

likely = st.sampled_from([True, True, True, True, False])
unlikely = likely.map(lambda good: not good)
MOST, FEW = [LegalBasis.LICENCE] * 6, [LegalBasis.VOLUNTARY] * 2
bases = st.sampled_from([*MOST, *FEW])
types = st.sampled_from(["RB", "RB", "AB"])
forces = st.sampled_from(["Durham", "Durham", "Dorset"])
TRAIL, CURFEW = frozenset({ConditionKind.TRAIL}), frozenset({ConditionKind.CURFEW})
KINDS = [TRAIL, TRAIL, TRAIL, TRAIL | CURFEW, CURFEW, frozenset(ConditionKind)]


def instants(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Whole hours after the start of 2026."""
    return st.integers(first, last).map(lambda hours: START + hours * HOUR)


def days(first: int, last: int) -> st.SearchStrategy[date | None]:
    """Days after 1 January 2026, or None."""
    return st.none() | st.integers(first, last).map(lambda n: START.date() + timedelta(days=n))


def scopes(names: st.SearchStrategy[str]) -> st.SearchStrategy[Scope]:
    return st.builds(Scope, st.frozensets(names), likely)


consents = st.builds(
    Consent,
    written=likely,
    crime_matching=likely,
    crime_types=scopes(types),
    forces=scopes(forces),
    given_at=instants(0, 30),
    ends_at=st.none() | instants(50, 200),
    withdrawn_at=st.none() | instants(0, 300),
)
orders = st.builds(
    OrderFacts,
    basis=st.sampled_from([*MOST, *FEW, None]),
    conditions=st.sampled_from([*KINDS, None]),
    start=instants(0, 30),
    end=st.none() | instants(50, 300),
    born_on=st.sampled_from([None, *[date(1990, 1, 1)] * 4, date(2008, 1, 3), date(2010, 1, 1)]),
    victims_device=unlikely,
    scheme=st.sampled_from(["a", "a", None, "b"]),
    consent=st.none() | consents,
)
rules = st.builds(
    SearchRule,
    rule_id=st.sampled_from(["1", "2"]),
    bases=st.frozensets(bases, min_size=1),
    crime_types=scopes(types),
    forces=scopes(forces),
    source=st.just("s"),
    start=days(-2, 3),
    end=days(3, 20),
    crimes_from=days(-2, 3),
    scheme=st.sampled_from([None, None, "a"]),
    conditions=st.sampled_from(KINDS),
    consent=st.booleans(),
    children=st.booleans(),
)
policies = st.lists(rules, min_size=1, max_size=3).map(
    lambda r: SearchPolicy("p", 1, "t", "s", tuple(r))
)


@st.composite
def crimes(draw: st.DrawFn) -> CrimeFacts:
    start = draw(instants(0, 200))
    window = Period(start, start + draw(st.integers(0, 12)) * HOUR)
    return CrimeFacts(
        draw(types), draw(forces), window, window.end + draw(st.integers(0, 99)) * HOUR
    )
