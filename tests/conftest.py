"""What every test stands on: a quiet environment, steady hypothesis settings, a mark for the oracles."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ORACLES = Path(__file__).parent / "oracles"

# no verdict hangs on how fast the machine is, or on what else it does
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", _PATIENT)
settings.register_profile("ci", _PATIENT, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session", autouse=True)
def _quiet_environment():
    """Nothing of the machine's own settings reaches a test: no colour, no width, no CI service."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in (
            "COLUMNS",
            "LINES",
            "NO_COLOR",
            "FORCE_COLOR",
            "TTY_COMPATIBLE",
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
        ):
            patch.delenv(variable, raising=False)
        patch.setenv("TERM", "xterm-256color")
        yield


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(ORACLES):
            item.add_marker(pytest.mark.oracle)
