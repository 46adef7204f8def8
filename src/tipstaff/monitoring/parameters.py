"""Numbers of the engine's rules, as data with a version: a used version is never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel


@dataclass(frozen=True, slots=True)
class ZoneParameters:
    """Numbers of the zone filter; `monitoring.rules.zone` says what they do.

    `prior`: P(in the forbidden state) with no evidence. `relax_s`: how fast evidence fades.
    `cap`: log-odds never go beyond it, so that a few fixes turn them. `levels`: probabilities at
    which evidence is suspected, probable, confirmed; `left` the one below which it is over.
    `harm_shift`: log-odds by which a level comes earlier for high harm and later for low. `line_s`:
    the longest time between the fixes of a line; a way that bows `line_bow` of its length to either
    side must cross too. `rest_s` and `rest_m`: see `rules.lines`.
    """

    prior: float = 0.05
    relax_s: float = 600.0
    cap: float = 5.0
    levels: tuple[float, float, float] = (0.5, 0.8, 0.95)
    left: float = 0.2
    harm_shift: float = 0.7
    line_s: float = 300.0
    line_bow: float = 0.0
    rest_s: float = 0.0
    rest_m: float = 100.0


@dataclass(frozen=True, slots=True)
class PresenceParameters:
    """Numbers of being at a home or a venue; `monitoring.rules.presence` says what they do.

    `home`: P(inside) from which a fix says HOME; `away`: the evidence up to which it says AWAY.
    `margin_m` is put round an outline. `silent_s`: how long a word stands, and after how long
    without one nothing is known. `witness_s`: how far apart two witnesses may be. `grace_s` is
    that of a curfew's start; `stay_s` the least stay at a venue. `radio_s`: how long
    a position by a home unit's radio goes before other fixes; 0: it is one more point.
    """

    home: float = 0.8
    away: float = 0.05
    margin_m: float = 30.0
    silent_s: float = 900.0
    witness_s: float = 3600.0
    grace_s: float = 300.0
    stay_s: float = 300.0
    radio_s: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineParameters:
    """All numbers of the engine."""

    version: str = "monitoring-1"
    error: ErrorModel = ERROR_MODEL_V1
    zone: ZoneParameters = field(default_factory=ZoneParameters)
    presence: PresenceParameters = field(default_factory=PresenceParameters)


PARAMETERS_V1: Final = EngineParameters()
#: Chosen on simulated towns 950 to 953 for fewer false alerts at a delay of one fix more than a
#: point in a polygon has; judged on others (docs/validation/monitoring.md). Evidence fades sooner
#: and goes less far, so that it turns sooner; harm moves the levels less; AWAY asks for more. It
#: wants an error model whose sizes are calibrated, and `away` above its shares of gross errors: a
#: class of fixes that is wrong more often than that can never say AWAY.
PARAMETERS_V2: Final = EngineParameters(
    version="monitoring-2",
    zone=ZoneParameters(relax_s=200.0, cap=3.5, left=0.1, harm_shift=0.2),
    presence=PresenceParameters(away=0.02),
)
#: Versions 1 and 2 with a position by radio as the home unit's hearing, and with lines from where
#: the tag rested told only if it is not soon back there. 3 is what is in use where tags are not
#: calibrated, 4 where they are.
PARAMETERS_V3: Final = replace(
    PARAMETERS_V1,
    version="monitoring-3",
    zone=replace(PARAMETERS_V1.zone, line_bow=0.1, rest_s=300.0),
    presence=replace(PARAMETERS_V1.presence, radio_s=420.0),
)
PARAMETERS_V4: Final = replace(
    PARAMETERS_V2,
    version="monitoring-4",
    zone=replace(PARAMETERS_V2.zone, line_bow=0.1, rest_s=300.0),
    presence=replace(PARAMETERS_V2.presence, radio_s=420.0),
)


def with_sizes_of(parameters: EngineParameters, fitted: ErrorModel) -> EngineParameters:
    """Parameters with the sizes of errors as fitted, and their own time constants.

    Fitted time constants say how long errors stay alike: minutes. A filter that waits so long finds
    breaches late or never, so that what is weighed by time keeps its own. The version names the
    fit and a digest of its numbers.
    """
    pairs = zip(fitted.classes, parameters.error.classes, strict=True)
    gps, fine, coarse, rf = (replace(new, tau_s=old.tau_s) for new, old in pairs)
    sizes = replace(fitted, version=f"{fitted.version}, sizes", classes=(gps, fine, coarse, rf))
    numbers = sha256(json.dumps(sizes.to_json(), sort_keys=True).encode()).hexdigest()[:8]
    version = f"{parameters.version} with {sizes.version} ({numbers})"
    return replace(parameters, version=version, error=sizes)


def parameters_for(error: ErrorModel) -> EngineParameters:
    """What is used with an error model: version 4 with its sizes, or version 3 with none fitted."""
    return PARAMETERS_V3 if error == ERROR_MODEL_V1 else with_sizes_of(PARAMETERS_V4, error)
