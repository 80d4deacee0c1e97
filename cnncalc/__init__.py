r"""cnncalc: shapes, parameters, MACs and FLOPs of convolutional networks, from a text file.

    >>> import cnncalc
    >>> net = cnncalc.loads("input 1x32x32\nconv 6 5 | tanh")
    >>> cnncalc.analyze(net).totals.params
    156

Names are loaded at their first use, so that ``import cnncalc`` costs nothing.
"""

from __future__ import annotations

#: Not from typing, whose loading takes longer than all before `run`: an interrupt meanwhile would be a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .api import (
        Analysis,
        Network,
        SpecError,
        Verdict,
        analyze,
        check,
        diff,
        from_keras,
        from_torch,
        load,
        loads,
        sweep,
    )

__version__ = "0.1.0"

__all__ = [
    "Analysis", "Network", "SpecError", "Verdict", "__version__", "analyze", "check", "diff", "from_keras",
    "from_torch", "load", "loads", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
