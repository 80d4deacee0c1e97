"""Merges whose paths look at different places of the input: another stride, or another centre.

Only what moves with the output is compared: a gate from a global pool has no place. One path may end later than the
other along time, since causal convolutions are aligned at the last sample, not at the centre.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...layers.reach import Number, whole_or_fraction
from ...layers.window import AXIS_NAMES
from ...network import Network, Node
from ...records import Record
from .parts import Fields, Part


class Misalignment(Record):
    """Two paths of a merge that disagree along an axis: their strides, or how far apart their centres lie."""

    node: Node
    axis: str
    paths: tuple[int, int]
    jumps: tuple[Number, Number]
    #: Pixels of the input from the first path's centre to the other's; 0 where the jumps differ.
    shift: Number
    nominal: bool

    @property
    def large(self) -> bool:
        """Whether it is a whole position of the merged tensor or more."""
        step, other = self.jumps
        return step != other or max(self.shift, -self.shift) >= step


def misalignments(network: Network, fields: list[Fields | None]) -> Iterator[Misalignment]:
    """The merges whose paths do not look at the same place, in file order; one a merge.

    A shift of less than a position behind upsampling is left out: it is what nearest neighbours and even kernels do.
    """
    for node in network.nodes:
        if node.layer is None or node.output is None or not node.layer.merges or node.layer.routed:
            continue
        if getattr(node.layer, "axis", "C") != "C":
            continue
        found = _at(node, network, fields)
        if found is not None and (found.large or not found.nominal):
            yield found


def _at(node: Node, network: Network, fields: list[Fields | None]) -> Misalignment | None:
    """The first disagreement of a merge."""
    rank = len(node.output or ()) - 1
    names = AXIS_NAMES.get(rank, ())
    for axis, name in enumerate(names):
        first: tuple[int, dict[Number, Part]] | None = None
        for number, index in enumerate(node.inputs):
            known, shape = fields[index], network.nodes[index].output
            if known is None or shape is None or {len(known), len(shape) - 1} != {rank} or shape[axis + 1] == 1:
                continue
            moving = {part.jump: part for part in known[axis].parts if part.jump}
            if not moving:
                continue
            if first is None:
                first = number, moving
                continue
            found = _compared(node, name, (first[0], number), first[1], moving, rank)
            if found is not None:
                return found
    return None


def _compared(
    node: Node, axis: str, paths: tuple[int, int], one: dict[Number, Part], other: dict[Number, Part], rank: int
) -> Misalignment | None:
    jumps: tuple[Number, Number] | None = None
    shift: Number = 0
    if one.keys() != other.keys():
        jumps = (max(one), max(other))
    timely = rank == 1 or axis == "depth"
    for jump, part in one.items() if jumps is None else ():
        mate = other[jump]
        twice = 2 * (mate.start - part.start) + mate.size - part.size  # from the one's middle to the other's
        ends = part.start + part.size == mate.start + mate.size
        if twice and not (timely and ends):
            jumps, shift = (jump, jump), whole_or_fraction(Fraction(twice) / 2)
            break
    if jumps is None:
        return None
    nominal = any(part.nominal for part in (*one.values(), *other.values()))
    return Misalignment(node, axis, paths, jumps, shift, nominal)
