"""What a wearer's own page says, in the form that was chosen: times, rules, alerts, looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    Proximity,
    Trail,
    TreatmentAppointment,
    ZoneCondition,
)
from tipstaff.domain.looked_at import OPERATIONS, SHOWN, Line
from tipstaff.domain.own_week import Hold
from tipstaff.domain.roles import Role
from tipstaff.domain.timetables import Weekday
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearers import Wearer
from tipstaff.domain.zones import ZoneKind
from tipstaff.formats.own_texts import OwnTexts
from tipstaff.matching import uk_times

_PURPOSES: Final = {words: purpose.value for purpose, words in SHOWN.items()}
_OPERATIONS: Final = {words: operation.value for operation, words in OPERATIONS.items()}
_MIDNIGHT: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Says things in one form. `addresses`: the lines of the wearer's own, by reference."""

    texts: OwnTexts
    addresses: Mapping[str, str]

    def day(self, day: date) -> str:
        """A day of the days to come, with its weekday."""
        weekday = self.texts.of("days", Weekday(day.weekday()).name.lower())
        return self._form("day", weekday=weekday, day=day.day, month=self._month(day))

    def date_of(self, day: date) -> str:
        """A day with its year."""
        return self._form("date", day=day.day, month=self._month(day), year=day.year)

    def moment(self, instant: datetime) -> str:
        """A day and a time of the UK's clocks, with GMT or BST in the hour that comes twice."""
        on = wall_time(instant).date()
        at = uk_times.clock(instant)
        return self._form("moment", day=on.day, month=self._month(on), year=on.year, time=at)

    def hours(self, hold: Hold) -> str:
        """From when to when of its day."""
        return self._form("hours", start=self._clock(hold.start), end=self._clock(hold.end))

    def hold(self, hold: Hold) -> str:
        """What to do in that time."""
        at = [self.addresses[name] for name in hold.addresses if name in self.addresses]
        if isinstance(hold.condition, Curfew) and at and len(self.addresses) > 1:
            return self._rule("curfew_at", place=" / ".join(at))
        return self.rule(hold.condition)

    def rule(self, condition: Condition) -> str:
        """What a condition asks, without its hours."""
        match condition:
            case Attendance():
                return self._rule("attendance", name=condition.venue.name)
            case TreatmentAppointment():
                return self._rule("treatment", name=condition.venue.name)
            case ZoneCondition():
                inside = condition.zone.kind is ZoneKind.INCLUSION
                return self._rule("in" if inside else "out", name=condition.reference)
            case Proximity():
                return self._rule("proximity", distance=self._distance(condition.distance_m))
            case Trail() if condition.until is not None:
                return self._rule("trail_until", day=self.date_of(condition.until))
            case _:
                return self._rule("curfew" if isinstance(condition, Curfew) else "trail")

    def look(self, line: Line) -> str:
        """One look, as it is told: by whom, from where, what they did, why."""
        did = self.texts.of("operations", _OPERATIONS[line.operation])
        why = self.texts.of("purposes", _PURPOSES.get(line.purpose, "over"))
        maybe = "" if line.certain else f" ({self.texts.words['look_maybe']})"
        if line.role == Role.WEARER:
            return f"{self.texts.words['look_you']}: {did}{maybe}"
        role = self.texts.tables["roles"].get(line.role, line.role)
        return f"{role}, {line.organisation}: {did}{maybe}, {why}"

    def _rule(self, name: str, /, **told: object) -> str:
        return self.texts.of("rules", name).format(**told)

    def _form(self, name: str, /, **told: object) -> str:
        return self.texts.of("forms", name).format(**told)

    def _month(self, day: date) -> str:
        return self.texts.of("months", str(day.month))

    def _clock(self, minute: int) -> str:
        if minute == _MIDNIGHT:
            return self.texts.of("forms", "midnight")
        return f"{minute // 60:02d}:{minute % 60:02d}"

    def _distance(self, metres: float) -> str:
        if metres < 1000:
            return self._form("metres", number=f"{metres:.0f}")
        return self._form("kilometres", number=f"{metres / 1000:.1f}".removesuffix(".0"))


def own_words(texts: OwnTexts, wearer: Wearer | None) -> OwnWords:
    """For one wearer, in one form."""
    listed = () if wearer is None else wearer.addresses
    return OwnWords(texts, {one.reference: ", ".join(one.lines) for one in listed})
