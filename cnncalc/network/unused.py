"""What a model owns and does not run: it is counted besides, as heads are that only training runs."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import NOTE, Diagnostic
from ..layers.op import Op
from ..values import Size
from .assembler import Assembler
from .model import Origin, Step

#: The head under which it stands, and how many modules the note names.
_HEAD, _NAMED = "unused", 5


def unused_head(
    assembler: Assembler, found: Sequence[tuple[str, str, int]], run: str = "forward", why: Sequence[str] = ()
) -> Diagnostic:
    """Puts modules that nothing runs into a head: path, class and parameters of each. The note that names them.

    `run` is what does not run them; `why` is said below.
    """
    before = assembler.enter(Step(_HEAD, "head"), train=True)
    for path, name, count in found:
        layer = assembler.layer(Op, {"name": name, "shape": Size((count,)), "params": count, "macs": 0})
        node = assembler.apply(layer, (), path).node
        assembler.network.origins[node] = Origin(name, None, path, 1, None)
    assembler.leave(before)
    assembler.looked_at_sizes()
    total = sum(count for _, _, count in found)
    tops = list(dict.fromkeys(path.partition(".")[0] for path, _, _ in found))
    more = f" and {len(tops) - _NAMED} more" if len(tops) > _NAMED else ""
    message = f"{run} never runs {', '.join(tops[:_NAMED])}{more}: {total:,} parameters, counted as of training only"
    return Diagnostic(NOTE, "unused-module", message, notes=(*why,))
