"""Lints: what is legal, and probably not meant or not needed. Each has a name, that '# allow: NAME' silences.

Those about single layers (`unread-input`, `channels-last`) are found where the network is built and are in its
diagnostics already; those that need the whole network are found here, in time linear in its layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...diagnostics import Diagnostic

if TYPE_CHECKING:
    from ..result import Analysis

#: Every lint, with what it finds.
LINTS = {
    "unread-input": "rows or columns at the end of an input that no window reads",
    "channels-last": "an input that looks like height x width x channels",
    "field-covers-early": "layers whose windows grow a field that already covers the input",
    "field-never-covers": "outputs made of neurons none of which sees the whole input",
    "bias-before-norm": "a bias that the normalisation behind it subtracts again",
    "linear-pair": "two weighted layers in a row without an activation: together one linear map",
    "odd-skip": "an odd size that is halved: what is doubled later does not match the skip",
    "misaligned-merge": "paths of a merge that look at different places of the input",
}


def lints(analysis: Analysis) -> tuple[Diagnostic, ...]:
    """What the lints of the whole network find, without what ``# allow:`` silences, in file order.

    Together with ``analysis.diagnostics``, which it does not repeat, these are all lints of :data:`LINTS`.
    """
    from .fields import covers, misaligned
    from .layers import bias_before_norm, linear_pairs, odd_skips

    finders: tuple[Callable[[Analysis], Iterator[Diagnostic]], ...] = (
        covers, misaligned, bias_before_norm, linear_pairs, odd_skips,
    )  # fmt: skip
    first: dict[tuple[object, ...], Diagnostic] = {}
    times: dict[tuple[object, ...], int] = {}
    for finder in finders:
        for one in finder(analysis):
            key = (one.code, one.span)
            times[key] = times.get(key, 0) + 1
            first.setdefault(key, one)
    allows = analysis.network.allows
    found = [_counted(one, times[key]) for key, one in first.items() if not allows(one)]
    return tuple(sorted(found, key=_place))


def _counted(one: Diagnostic, times: int) -> Diagnostic:
    """The first finding of a line in a block or repeat, which says how many more there are."""
    return one if times == 1 else one._replace(message=f"{one.message} (one of {times:,} from this line)")


def _place(one: Diagnostic) -> tuple[str, int, int]:
    return (one.span.source.name, one.span.line, one.span.column) if one.span else ("", 0, 0)
