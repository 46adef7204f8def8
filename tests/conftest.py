"""Fixtures every kind of test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = [
    "program",
    "long_first",
    "checkpoint_fixtures",
    "instance_fixtures",
    "sign_in_fixtures",
    "relay_fixtures",
]

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; present in continuous integration."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data (../shared/data) is not beside this checkout")
    return SHARED_DATA
