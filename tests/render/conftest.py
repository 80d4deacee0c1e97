"""A command line to call, in a folder of its own, for those that ask for it."""

from command_line import folder, run  # noqa: F401
