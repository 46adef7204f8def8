"""What is believed of the errors of an instance's tags, and the numbers of rules that go with it.

One model for the whole instance: the setting `error_model`. Each process reads it once.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.monitoring.brought_on import Rulebook
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.parameters import parameters_for
from tipstaff.settings import SettingsError
from tipstaff.settings import load as settings_in_force

#: The tags of `tipstaff simulate`, and of the demonstration.
SIMULATED: Final = "simulated"


def error_model_named(given: str, *, where: str) -> ErrorModel:
    """The model of a file of `tipstaff calibrate errors`, of simulated tags, or error-1 for ''.

    SettingsError, naming `where` it was given, for a file that cannot be read or is no model.
    """
    if not given:
        return ERROR_MODEL_V1
    if given == SIMULATED:
        return ERROR_MODEL_SIMULATED
    try:
        return ErrorModel.from_json(json.loads(Path(given).read_bytes()))
    except OSError as error:
        raise SettingsError(f"{where} {given}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise SettingsError(
            f"{where} {given}: is not an error model. 'tipstaff calibrate errors' writes one."
        ) from None


def instance_error_model() -> ErrorModel:
    """The model of this instance's tags."""
    return _once(settings_in_force().error_model)


def rulebook() -> Rulebook:
    """The numbers by which this instance watches."""
    return _rules(instance_error_model())


@lru_cache(maxsize=8)
def _once(given: str) -> ErrorModel:
    return error_model_named(given, where="error_model")


@lru_cache(maxsize=8)
def _rules(model: ErrorModel) -> Rulebook:
    return Rulebook(parameters_for(model), DEVICES_V2)
