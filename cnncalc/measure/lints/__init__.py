"""Lints: what is legal, and probably not meant or not needed. Each has a name, that '# allow: NAME' silences.

Those about single layers (`unread-input`, `channels-last`) are found where the network is built and are in its
diagnostics already; those that need the whole network are found here, in time linear in its layers.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ...diagnostics import NOTE, WARNING, Diagnostic
from ...interpret.faults import counted
from ...interpret.specification import specification
from .fields import covers_early, misaligned, never_covers
from .layers import bias_before_norm, linear_pairs, odd_skips
from .lint import Lint

if TYPE_CHECKING:
    from ..result import NetworkAnalysis

#: Every lint by its name.
LINTS: dict[str, Lint] = {
    lint.name: lint
    for lint in (
        Lint("unread-input", NOTE, "rows or columns at the end of an input that no window reads"),
        Lint("channels-last", WARNING, "an input that looks like height x width x channels"),
        Lint("channels-first", WARNING, "with 'layout hwc', an input that looks like channels x height x width"),
        Lint(
            "field-covers-early", NOTE, "layers whose windows grow a field that already covers the input",
            "fewer strides and pools before it, a larger input, or fewer layers", covers_early,
        ),
        Lint(
            "field-never-covers", NOTE, "outputs made of neurons none of which sees the whole input",
            "more or larger windows, strides, dilation or pools before it", never_covers,
        ),
        Lint(
            "misaligned-merge", WARNING, "paths of a merge that look at different places of the input",
            "the pad decides where a window is centred", misaligned,
        ),
        Lint(
            "bias-before-norm", WARNING, "a bias that the normalisation behind it subtracts again",
            find=bias_before_norm,
        ),
        Lint(
            "linear-pair", WARNING, "two weighted layers in a row without an activation: together one linear map",
            "put an activation between them, such as 'relu'", linear_pairs,
        ),
        Lint(
            "odd-skip", WARNING, "an odd size that is halved: what is doubled later does not match the skip",
            find=odd_skips,
        ),
    )
}  # fmt: skip


def lints(analysis: NetworkAnalysis, names: Collection[str] = LINTS) -> tuple[Diagnostic, ...]:
    """What the lints of the whole network find, or those of some names, without what ``# allow:`` silences, in file
    order, once a line.

    Together with ``analysis.diagnostics``, which it does not repeat, these are all lints of :data:`LINTS`.
    """
    first: dict[tuple[object, ...], Diagnostic] = {}
    times: dict[tuple[object, ...], int] = {}
    for name in names:
        for diagnostic in LINTS[name].diagnostics(analysis):
            key = (diagnostic.code, diagnostic.span or diagnostic.message)  # what is in no line has none to share
            times[key] = times.get(key, 0) + 1
            first.setdefault(key, diagnostic)
    allows = specification(analysis.network).allows
    kept = [counted(one, times[key]) for key, one in first.items() if not allows(one)]
    return tuple(sorted(kept, key=_place))


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return (
        (diagnostic.span.source.name, diagnostic.span.line, diagnostic.span.column) if diagnostic.span else ("", 0, 0)
    )
