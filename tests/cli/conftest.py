"""A command line to call, in a folder of its own."""

import signal

import pytest

from command_line import folder, run, spec, start  # noqa: F401


@pytest.fixture(autouse=True)
def _own_folder(folder):  # noqa: F811 -- pytest asks for it by this name
    """Every test of the command line has a folder of its own to work in."""


@pytest.fixture(autouse=True)
def _interrupts():
    """A run of the program, which ignores interrupts at its end, leaves those of the tests alone."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)
