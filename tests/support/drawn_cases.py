"""Cases drawn at random, of every kind of value: right in form, whether they make sense or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from hypothesis import strategies as st

from tipstaff.domain.cases import Case
from tipstaff.domain.conditions import (
    Attendance,
    Curfew,
    Protected,
    Proximity,
    Trail,
    TreatmentAppointment,
    Venue,
    ZoneCondition,
)
from tipstaff.domain.identifiers import CHECK_LETTERS, Identifier, IdentifierKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Officer, Order, OrderStatus, SchemeRule
from tipstaff.domain.plan_work import (
    Benefit,
    Channel,
    Contact,
    Participant,
    Party,
    Review,
    ReviewOutcome,
    Task,
    TaskState,
)
from tipstaff.domain.plans import Agency, AgencyKind, ConditionName, Goal, GoalState, Plan, Relaxed
from tipstaff.domain.timetables import Hours, OneOff, Row, Timetable, Weekday
from tipstaff.domain.wearers import (
    Address,
    ChildSafeguards,
    Name,
    Need,
    NeedKind,
    ResponsibleAdult,
    Risk,
    RiskKind,
    Wearer,
)
from tipstaff.domain.zones import (
    AddressBuffer,
    Area,
    Circle,
    Corridor,
    Harm,
    Place,
    Polygon,
    Zone,
    ZoneKind,
)

texts = (
    st.text(min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: bool(text) and text.isprintable())
)
notes = st.just("") | texts
references = st.sampled_from(["home", "mother", "W1", "O1", "c1", "ö/1"]) | texts
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
walls = st.datetimes(datetime(1996, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 (wall time)
instants = st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 <= at.year <= 2999)
clocks = st.times() | st.builds(time, st.integers(0, 23), st.integers(0, 59))
numbers = st.floats(-1e9, 1e9) | st.integers(0, 500).map(float)
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


def some(item: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    """A tuple of a few."""
    return st.lists(item, max_size=most).map(tuple)


adults = st.builds(ResponsibleAdult, texts, texts, texts)
identifiers = st.sampled_from(
    [
        Identifier(IdentifierKind.CRN, "X123456"),
        Identifier(IdentifierKind.NOMIS, "A1234BC"),
        Identifier(IdentifierKind.PNC, f"2001/0234567{CHECK_LETTERS[10234567 % 23]}"),
    ]
)
wearers = st.builds(
    Wearer,
    reference=references,
    names=some(st.builds(Name, texts, notes)),
    born_on=st.none() | days,
    identifiers=some(identifiers),
    addresses=some(st.builds(Address, references, some(texts), notes, st.none() | places)),
    language=texts,
    interpreter=st.booleans(),
    needs=some(st.builds(Need, st.sampled_from(NeedKind), notes)),
    risks=some(st.builds(Risk, st.sampled_from(RiskKind), notes)),
    limited_access=st.booleans(),
    child=st.none()
    | st.builds(ChildSafeguards, st.none() | adults, notes, st.none() | st.booleans()),
)

hours = st.builds(Hours, clocks, clocks, some(references))
timetables = st.builds(
    Timetable,
    rows=some(st.builds(Row, st.sampled_from(Weekday), hours)),
    first_day=days,
    last_day=st.none() | days,
    release_day=st.none() | hours,
    one_offs=some(st.builds(OneOff, walls, walls, some(references), st.booleans())),
)
#: Wound as GeoJSON asks, so that a ring comes back as it went in.
OUTER = (Place(53.0, -1.5), Place(53.0, -1.4), Place(53.1, -1.4), Place(53.1, -1.5))
HOLE = (Place(53.02, -1.48), Place(53.04, -1.48), Place(53.04, -1.46), Place(53.02, -1.46))
polygons = st.sampled_from([Polygon(OUTER), Polygon(OUTER, (HOLE,))])
shapes = (
    st.lists(polygons, min_size=1, max_size=2).map(lambda parts: Area(tuple(parts)))
    | st.builds(Circle, places, numbers)
    | st.builds(Corridor, some(places), numbers)
    | st.builds(AddressBuffer, texts, polygons | places, numbers)
)
zones = st.builds(
    Zone,
    st.sampled_from(ZoneKind),
    shapes,
    st.sampled_from(Harm),
    st.none() | timetables,
)
venues = st.builds(Venue, texts, places, numbers)
conditions = (
    st.builds(Curfew, references, timetables)
    | st.builds(ZoneCondition, references, zones)
    | st.builds(Trail, references, st.none() | days)
    | st.builds(Attendance, references, venues, timetables)
    | st.builds(TreatmentAppointment, references, venues, timetables)
    | st.builds(Proximity, references, st.sampled_from(Protected), references, numbers)
)
orders = st.builds(
    Order,
    reference=references,
    wearer=references,
    basis=st.sampled_from(LegalBasis),
    issued_by=texts,
    starts_at=instants,
    officer=st.builds(Officer, texts, texts),
    force=texts,
    status=st.sampled_from(OrderStatus),
    ends_at=st.none() | instants,
    served_at=st.none() | instants,
    rule=st.none() | st.builds(SchemeRule, texts, st.integers(1, 50)),
    reviews=some(days),
    conditions=some(conditions, 4),
)
cases = st.builds(Case, wearers, some(orders), st.none() | instants, st.none() | instants, notes)

condition_names = st.builds(ConditionName, references, references)
agencies = st.builds(
    Agency, references, texts, st.sampled_from(AgencyKind), notes, notes, some(condition_names)
)
goals = st.builds(Goal, references, texts, references, texts, days, st.sampled_from(GoalState))
plans = st.builds(
    Plan,
    reference=references,
    wearer=references,
    scheme=texts,
    lead=st.builds(Officer, texts, texts),
    starts_on=days,
    first_review=days,
    ends_on=st.none() | days,
    wearer_agrees=st.none() | st.booleans(),
    agencies=some(agencies),
    goals=some(goals),
    relaxed=some(st.builds(Relaxed, condition_names, texts, days, texts)),
)
reviews = st.builds(
    Review,
    reference=references,
    wearer=references,
    plan=references,
    held_on=days,
    benefit=st.sampled_from(Benefit),
    outcome=st.sampled_from(ReviewOutcome),
    reasons=texts,
    took_part=some(st.builds(Participant, texts, notes)),
    wearer_took_part=st.booleans(),
    wearer_view=notes,
    no_view_because=notes,
    next_due=st.none() | days,
)
tasks = st.builds(
    Task,
    reference=references,
    wearer=references,
    plan=references,
    agency=references,
    what=texts,
    set_on=days,
    due=days,
    assignee=notes,
    state=st.sampled_from(TaskState),
    result=notes,
)
contacts = st.builds(
    Contact,
    reference=references,
    wearer=references,
    at=instants,
    made_by=texts,
    channel=st.sampled_from(Channel),
    party=st.sampled_from(Party),
    note=texts,
    party_name=notes,
)
plan_values = plans | reviews | tasks | contacts
