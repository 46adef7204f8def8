"""Settings of an instance: the only reader of the environment. One folder holds all its data."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, with its default; the environment wins over the file."""

    model_config = SettingsConfigDict(env_prefix="TIPSTAFF_", extra="forbid")

    data: Path = Field(
        default=Path("var"),
        description="The folder that holds everything of this instance.",
    )


def load() -> Settings:
    """The settings in force."""
    return Settings()
