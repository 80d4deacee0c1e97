"""A command line to call; a test that does stands in a folder of its own."""

from command_line import folder, run, spec, start  # noqa: F401
