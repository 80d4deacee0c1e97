"""A command line to call, in a folder of its own."""

import pytest

from command_line import folder, run, spec, start  # noqa: F401


@pytest.fixture(autouse=True)
def _own_folder(folder):  # noqa: F811 -- pytest asks for it by this name
    """Every test of the command line has a folder of its own to work in."""
