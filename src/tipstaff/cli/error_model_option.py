"""`--error-model`: what is known of the errors of the tags whose positions a command reads."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.position_files import fail
from tipstaff.domain.accuracy import ErrorModel

ErrorModelOption = Annotated[
    str | None,
    typer.Option(
        "--error-model",
        metavar="FILE",
        help="An error model from tipstaff calibrate errors; 'simulated' for simulated tags. "
        "[default: error-1; on an instance what its setting error_model says]",
    ),
]


def error_model_of(given: str | None) -> ErrorModel:
    """The model that was named, or error-1; ends the command where it cannot be read."""
    from tipstaff.services.error_models import error_model_named
    from tipstaff.settings import SettingsError

    try:
        return error_model_named(given or "", where="--error-model")
    except SettingsError as error:
        raise fail(str(error)) from None
