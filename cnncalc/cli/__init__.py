"""The command line. :func:`run` is the program; ``main`` is all of it as a group of click, loaded when asked for."""

from __future__ import annotations

#: Not from typing, whose loading takes longer than all before `run`: an interrupt meanwhile would be a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .commands import COMMANDS, Commands, main

__all__ = ["COMMANDS", "Commands", "main", "run"]

#: Containers made before the collector looks for cycles: a run of people's size makes fewer, and has none that matter.
#: Left at 700, it takes a tenth of the time of `cnncalc shapes @resnet50`.
_COLLECTED = 100_000


def run() -> None:
    """Answers the command line of this process, and ends it with an exit code."""
    import sys

    try:
        code = _answered(sys.argv[1:])
    except KeyboardInterrupt:  # while something was still being loaded
        code = 130
    from _signal import SIG_IGN, SIGINT, signal  # type: ignore[import-not-found]  # `signal` takes 4 ms to load

    from .guard import leave

    signal(SIGINT, SIG_IGN)  # the process ends already: an interrupt would only make a traceback of it
    leave(code)
    raise SystemExit(code)


def _answered(words: list[str]) -> int | None:
    """The exit code of the command line `words`, answered without click where that can be."""
    import gc

    gc.set_threshold(_COLLECTED)
    from .quick import answer

    code = answer(words)
    if code is None:
        import sys

        from .commands import main
        from .guard import buffered

        sys.stdout = buffered(sys.stdout)  # click prints its help itself
        try:
            main(prog_name="cnncalc")
        except SystemExit as ended:
            code = ended.code  # type: ignore[assignment]  # of the commands it is a number
    return code


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import commands

        return getattr(commands, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
