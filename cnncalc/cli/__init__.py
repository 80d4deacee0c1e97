"""The command line. :func:`run` is the program; ``main`` is all of it as a group of click, loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commands import COMMANDS, Commands, main

__all__ = ["COMMANDS", "Commands", "main", "run"]

#: Objects of a network so large that letting go of them one by one, at the end, would take a tenth of the time.
_MANY = 500_000


def run() -> None:
    """Answers the command line of this process, and ends it with an exit code."""
    import sys

    from .quick import answer

    code = answer(sys.argv[1:])
    if code is None:
        from .commands import main

        try:
            main(prog_name="cnncalc")
        except SystemExit as ended:
            code = ended.code  # type: ignore[assignment]  # of the commands it is a number
    if sys.getallocatedblocks() > _MANY:
        from .guard import leave

        leave(code)
    raise SystemExit(code)


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import commands

        return getattr(commands, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
