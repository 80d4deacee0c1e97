"""What `cnncalc diff` does, once its options are understood. Nothing here needs click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.output import OutputOptions
from ...cli.specs import ALL_LAYERS, FAIL_ABOVE, Reading, files_of
from ...document.parts import Document
from .sides import Side, both, compared, history, without_warnings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .facts import Diff
    from .limits import GrowthLimit


def answer(
    old: Reading, new: Reading, output: OutputOptions, limits: Sequence[GrowthLimit] = (), whole: bool = False,
    alone: bool = False,
) -> int:  # fmt: skip
    """Writes what changed from one side to the other; the exit code. `whole`: equal layers have rows, too. `alone`: OLD
    was not named, but is what git has of NEW. Raises Refused.
    """
    sides = both(old, new, alone)
    diagnostics = [*history(sides), *sides[1].diagnostics]
    diff = compared(sides)
    known = diff is not None and all(side.known for side in sides)
    judged: list[dict[str, Any]] = []
    if diff is not None and known and limits:
        from .limits import judge

        judged, over = judge(diff, limits, FAIL_ABOVE)
        diagnostics += over
    said = {"limits": judged, "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics]}
    in_json = output.chosen() == "json"
    document = _document(diff, sides, known, whole, said)
    if in_json or known:
        networks = [(side.file, side.analysis.network if side.analysis else None) for side in sides]
        output.show(document, [file for name, network in networks for file in files_of(name, network)])
    if not in_json:
        output.report(diagnostics)
    if known:
        from ...cli.step_summary import add

        add(document)
    return output.code(without_warnings_of(sides[0], diagnostics))


def _document(diff: Diff | None, sides: tuple[Side, Side], known: bool, whole: bool, said: dict[str, Any]) -> Document:
    if diff is None:
        return Document(lambda medium: (), lambda: {**_unread(sides), **said})
    from .page import document

    return document(diff, whole, lambda: {**diff.to_dict(known, whole), **said}, ALL_LAYERS)


def _unread(sides: tuple[Side, Side]) -> dict[str, Any]:
    """The document where one of the two could not be read."""
    from ...measures import FIGURES
    from .facts import head

    nothing = {"format": None, "model": None}
    heads = [head(side.analysis) if side.analysis else {"file": side.file, **nothing} for side in sides]
    unknown = dict.fromkeys(("old", "new", "difference", "ratio"))
    return {
        "version": 1, "command": "diff", "old": heads[0], "new": heads[1], "equal": None,
        "totals": dict.fromkeys(FIGURES, unknown), "counts": None, "changes": [], "network": [], "texts": [],
    }  # fmt: skip
