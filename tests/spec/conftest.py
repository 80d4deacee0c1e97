"""What the tests of the language share."""

from command_line import run  # noqa: F401
