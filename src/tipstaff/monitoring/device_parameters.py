"""Numbers of the rules about devices, as data with a version: a used version is never changed.

Each has its reason beside it. Those marked † rest on secondary sources or on our own reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

MINUTE_S: Final = 60
HOUR_S: Final = 3_600
DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class TamperParameters:
    """Strap and case."""

    #: Closed for this long, it is over; cut again before, it is the same. A worn strap sensor flaps
    #: by the second; a wearer who closes a strap and waits must not be rid of it at once.
    settle_s: int = 10 * MINUTE_S
    #: On its charger a device may report what its cable pulls at. Told at once all the same, as
    #: probable; confirmed once off the charger, or after this long.
    excuse_s: int = 5 * MINUTE_S


@dataclass(frozen=True, slots=True)
class BatteryParameters:
    """Battery and charging."""

    #: Per cent from which down it is low, critical, dead, where a level is reported †.
    levels_pct: tuple[int, int, int] = (20, 8, 0)
    #: Per cent from which up it is charged again: well above low, so that it does not flap.
    charged_pct: int = 40
    #: How long a full battery lasts; tags are meant to be charged daily, so no more than a day †.
    full_lasts_s: int = DAY_S
    #: A device's own drain counts once it has been seen to drop this much over this long.
    drain_pct: int = 5
    drain_s: int = HOUR_S
    #: What is left after it says low, critical, dead, if no level is reported †.
    lasts_s: tuple[int, int, int] = (2 * HOUR_S, 30 * MINUTE_S, 0)
    #: How long before a demand it is warned of: long enough to charge, about two hours for a tag †.
    ahead_s: int = 3 * HOUR_S
    #: So long on a charger that works charges it, where no level is reported †.
    charges_s: int = 30 * MINUTE_S


@dataclass(frozen=True, slots=True)
class ChargingParameters:
    """Missed charging, and chargers."""

    #: What is let pass after the time agreed: a day's routine is not kept to the minute.
    grace_s: int = 6 * HOUR_S
    #: A touch of the charger is no charging.
    least_s: int = 10 * MINUTE_S
    #: On for this long, the level must have risen by so much, unless it is near full.
    rise_s: int = 45 * MINUTE_S
    rise_pct: int = 3
    full_pct: int = 95
    #: On and off so often within so long: a loose contact.
    flaps: int = 5
    flaps_s: int = 30 * MINUTE_S


@dataclass(frozen=True, slots=True)
class SilenceParameters:
    """No communication, and no position."""

    #: So many uploads missed, or fixes, and never before `least_s`: a lost signal is mostly an
    #: underpass (agencies had 63.5 such alerts a wearer in a month †).
    missed: int = 3
    least_s: int = 15 * MINUTE_S
    #: That it tells no position can be said of a device that was heard within so many uploads; of
    #: one that was not, only that it is not heard.
    recent: float = 1.5
    #: It has gone further at these multiples of what is allowed.
    grows: tuple[int, int] = (4, 16)
    #: A stretch is told of where no gap is left over this, or three fixes: more is missing data.
    gap_s: int = 5 * MINUTE_S
    #: A fact is of the future from here on: clocks differ a little.
    ahead_s: int = 2 * MINUTE_S


@dataclass(frozen=True, slots=True)
class ShieldingParameters:
    """Shielding or jamming, apart from plain loss. Odds of the evidence are our own reading †."""

    #: A loss is looked at after this long, with the device heard so often within it.
    least_s: int = 15 * MINUTE_S
    heard: int = 2
    #: Sudden: the last fix before was a satellite's, and this good.
    good_m: float = 15.0
    #: Another loss counts as at the same place or hour within these, for so many days.
    same_m: float = 200.0
    same_s: int = HOUR_S
    kept_days: int = 14
    most_kept: int = 32
    #: Odds before any evidence, and what each piece multiplies them by.
    prior: float = 0.1
    sudden: float = 4.0
    again: float = 2.0
    most_again: int = 3
    others_seen: float = 4.0
    others_lost: float = 0.05
    says_so: float = 20.0
    #: Another device is near within this: the same buildings and the same sky, about a block.
    near_m: float = 300.0
    #: Odds at which it is suspected and probable. Only a person confirms.
    levels: tuple[float, float] = (1.0, 6.0)


@dataclass(frozen=True, slots=True)
class EquipmentParameters:
    """Equipment suspect."""

    #: Before this many days ahead of the activation, a clock was not set.
    before_days: int = 30
    #: Satellite weeks start again every 1,024 (19.6 years); receivers' software picks the round.
    weeks: int = 1_024
    weeks_off_s: int = 2 * DAY_S
    ahead_s: int = 2 * MINUTE_S
    hour_off_s: int = 5 * MINUTE_S
    #: Receivers hold a position at rest, a night through; a whole day without one other digit is
    #: suspect, and so is an hour of it while a network places it beyond its radius and this.
    frozen_s: int = DAY_S
    elsewhere_s: int = HOUR_S
    elsewhere_m: float = 2_000.0
    #: Jumps faster than this (beyond the radii) so often among so many steps †: trains stay below.
    jump_mps: float = 90.0
    jumps: int = 3
    among: int = 20
    #: Cut and whole again so often within a day: the sensor.
    strap_flaps: int = 6
    #: Nothing wrong for this long: it is over.
    over_s: int = DAY_S


@dataclass(frozen=True, slots=True)
class DeviceParameters:
    """All numbers of the rules about devices."""

    version: str = "devices-1"
    tamper: TamperParameters = field(default_factory=TamperParameters)
    battery: BatteryParameters = field(default_factory=BatteryParameters)
    charging: ChargingParameters = field(default_factory=ChargingParameters)
    silence: SilenceParameters = field(default_factory=SilenceParameters)
    shielding: ShieldingParameters = field(default_factory=ShieldingParameters)
    equipment: EquipmentParameters = field(default_factory=EquipmentParameters)


DEVICES_V1: Final = DeviceParameters()
#: In use. Others with positions rule out what takes them from all: a building is as likely as ever.
DEVICES_V2: Final = replace(
    DEVICES_V1, version="devices-2", shielding=replace(DEVICES_V1.shielding, others_seen=1.2)
)
