"""Tags: their models, and who wore which when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tipstaff.simulation.chance import stream
from tipstaff.simulation.people import numbered
from tipstaff.simulation.plan import DAY_S, WorldPlan

#: A: repeats its very position when still. B: drifts when still. C: no satellites indoors, to
#: save power. D: an older tag, worse in all.
HOLDS, DRIFTS, SAVES, OLD = range(4)
MODEL_SHARES: Final = (0.35, 0.30, 0.23, 0.12)
#: Share of wearers given another tag in the middle, half of them one that someone else gave back.
CHANGES: Final = 0.14


@dataclass(frozen=True, slots=True)
class Wearing:
    """A period in which one wearer wore one device; `end_s` None while it goes on."""

    wearer: int
    device: int
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Device:
    """A tag: its model, its second of the minute, how good it is, and its clock's error."""

    index: int
    device_id: str
    model: int
    phase_s: int
    network_every: int
    quality: float
    skew_s: float
    home_unit: bool


def _skew_s(rng: np.random.Generator) -> float:
    """Most clocks are right; some are off by seconds to minutes, the odd one by an hour."""
    chance = rng.random()
    if chance < 0.955:
        return 0.0
    size = float(np.exp(rng.uniform(np.log(8), np.log(400)))) if chance < 0.992 else 3600.0
    return round(size) * (1.0 if rng.random() < 0.5 else -1.0)


def build_wearings(plan: WorldPlan) -> list[Wearing]:
    """Who wears which device when; a device never on two people at once."""
    rng = stream(plan.seed, "wearings")
    wearings, spare, device = [], list[tuple[int, float]](), 0
    for wearer in range(plan.wearers):
        late = rng.random() < 0.06
        start = round(rng.uniform(0.1, 0.25) * plan.days) * DAY_S + 39_600 if late else 0.0
        if rng.random() >= CHANGES:
            wearings.append(Wearing(wearer, device, start, None))
            device += 1
            continue
        swap = round(rng.uniform(0.3, 0.7) * plan.span_s / 60) * 60.0
        first = device
        device += 1
        if spare and rng.random() < 0.6 and spare[-1][1] + 3600 < plan.span_s:
            second, free_from = spare.pop()
            swap = max(swap, free_from + 3600)
        else:
            second = device
            device += 1
        wearings.append(Wearing(wearer, first, start, swap))
        wearings.append(Wearing(wearer, second, swap + round(rng.uniform(5, 90)) * 60.0, None))
        spare.append((first, swap))
    return wearings


def build_devices(plan: WorldPlan, count: int) -> list[Device]:
    """The tags themselves."""
    ids = numbered(stream(plan.seed, "device ids"), "T", count)
    devices = []
    for index, device_id in enumerate(ids):
        rng = stream(plan.seed, "device", index)
        devices.append(
            Device(
                index=index,
                device_id=device_id,
                model=int(rng.choice(4, p=MODEL_SHARES)),
                phase_s=int(rng.integers(60)),
                network_every=int(rng.integers(3, 6)),
                quality=float(np.exp(rng.normal(0, 0.15))),
                skew_s=_skew_s(rng),
                home_unit=bool(rng.random() < 0.08),
            )
        )
    return devices
