"""Names for tensors: what they are called already, as far as that is a name in a spec."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...layers import KINDS
from ...network import Network
from ...spec.words import MAX_NAME, RESERVED, is_name
from .alike import Looks, Slot
from .items import BlockUse, Cell, Join, Rounds, Series, Start, everything
from .unique import UniqueNames

#: Names of measures and functions of requirements, and words that mean something to a reader.
_TAKEN = RESERVED | frozenset(
    "params macs flops memory activations peak field layers depth weighted output arena flash training trainable "
    "freeze dtype none input".split()
)


class Labels:
    """Gives each tensor, stage and block a name of its own."""

    def __init__(self, taken: Iterable[str] = (), kinds: bool = False) -> None:
        self._names = UniqueNames(taken)
        #: Whether a kind's name is one, too: it is of a parameter.
        self._kinds = kinds

    def take(self, wanted: str, otherwise: str = "x") -> str:
        """`wanted` as a name that nothing has yet."""
        base = plain(wanted) or otherwise
        if base in _TAKEN or (base in KINDS and not self._kinds):
            base += "_out" if base in KINDS else "_"
        return self._names.take(base)


def plain(text: str) -> str:
    """The last part of a path, as a name; empty where nothing is left: ``/layer1/layer1.0/conv1/Conv`` is ``Conv``."""
    last = text.rstrip("/").rpartition("/")[2] or text
    made = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in last).strip("_")
    if made[:1].isdigit():
        made = f"x{made}"
    return made[:MAX_NAME] if is_name(made) else ""


def stage_name(name: str) -> str:
    """The name of a stage as a spec has it: what is a word of the language, as ``head`` is, has a ``_`` behind it."""
    return f"{name}_" if name in RESERVED or name.lower() in ("yes", "no", "true", "false") else name


class Naming:
    """Names for blocks and their parameters: those that the network has, else what people call such things."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._labels = Labels()

    def block(self, instances: Sequence[Series], looks: Looks) -> str:
        """A name for a block of which these are instances."""
        return self._labels.take(self._called(instances, looks) or self._by_content(instances[0]), "unit")

    def _called(self, instances: Sequence[Series], looks: Looks) -> str:
        """What the network calls all of the instances: the block of a spec, stages whose names begin alike."""
        names: list[str] = []
        for items in instances:
            nodes = [item.first if isinstance(item, BlockUse) else item.node for item in everything(items)
                     if isinstance(item, Cell | Join | BlockUse)]  # fmt: skip
            paths = [self.network.nodes[node].path for node in nodes]
            around = _begin(paths)
            if not around or around[-1].what == "head":
                return ""
            first, last = min(nodes), max([*nodes, *[item.node for item in items if isinstance(item, BlockUse)]])
            if self._goes_on(around, first - 1) or self._goes_on(around, last + 1):
                return ""  # a part of it
            step = around[-1]
            names.append(step.what if step.what != "stage" else step.name)
        begin = plain(names[0]) if len(set(names)) == 1 else plain("".join(_begin(names)).rstrip("0123456789_.-/"))
        return begin if len(begin) > 2 and begin not in _VAGUE and begin not in KINDS else ""

    def _goes_on(self, around: tuple[Any, ...], place: int) -> bool:
        """Whether the layer at a place stands in the stages and blocks `around`, too."""
        return 0 <= place < len(self.network.nodes) and self.network.nodes[place].path[: len(around)] == around

    def _by_content(self, items: Series) -> str:
        """A name by what is in it: one that is true of it."""
        cells = [item.node for item in everything(items) if isinstance(item, Cell)]
        kinds = [self.network.nodes[cell].kind for cell in cells]
        joins = [item for item in everything(items) if isinstance(item, Join)]
        if "attention" in kinds:
            return "encoder"
        if sum(isinstance(item, Join | Rounds) for item in items) > 1:
            return "group"
        if joins:
            return self._merged(joins, cells, kinds)
        if "upconv" in kinds or "resize" in kinds:
            return "up"
        return self._row(cells, kinds)

    def _merged(self, joins: Sequence[Join], cells: Sequence[int], kinds: Sequence[str]) -> str:
        """A name for what has merges in it, the outermost last."""
        merges = [self.network.nodes[join.node].kind for join in joins]
        if "mul" in merges and "gavgpool" in kinds and len(kinds) < _GATE:
            return "se"
        if merges[-1] == "add":
            inverted = self._inverted(cells, kinds)
            return "inverted" if inverted else "bottleneck" if self._bottleneck(joins[-1]) else "residual"
        if merges[-1] == "concat":
            return self._side_by_side(joins[-1], cells)
        return "gated" if "mul" in merges else "merged"

    def _bottleneck(self, join: Join) -> bool:
        """Whether a path is a small convolution between two that are pointwise."""
        paths = [[self._kernel(item.node) for item in path if isinstance(item, Cell)] for path in join.paths]
        found = [[kernel for kernel in path if kernel] for path in paths]
        return any(len(path) == 3 and path[0] == path[2] == 1 < path[1] for path in found)

    def _inverted(self, cells: Sequence[int], kinds: Sequence[str]) -> bool:
        """Whether a convolution to more channels stands before a depthwise one, and another behind it."""
        if "dwconv" not in kinds or "conv" not in kinds[: kinds.index("dwconv")]:
            return False
        node = self.network.nodes[cells[kinds.index("conv")]]
        before = self.network.nodes[node.inputs[0]].output
        widens = bool(node.output and before and node.output[0] > before[0])
        return widens and "conv" in kinds[kinds.index("dwconv") :]

    def _side_by_side(self, join: Join, cells: Sequence[int]) -> str:
        """A name for paths whose channels are put side by side."""
        layers = [[item for item in path if not isinstance(item, Start) and not self._passes(item)]
                  for path in join.paths]  # fmt: skip
        kernels = [max([self._kernel(item.node) for item in everything(path) if isinstance(item, Cell)], default=0)
                   for path in join.paths]  # fmt: skip
        if not any(layers):
            return "joined"
        if not all(layers):
            return "dense"
        squeezed = (
            bool(cells)
            and self._kernel(cells[0]) == 1
            and cells[0] not in {item.node for path in join.paths for item in path if isinstance(item, Cell)}
        )
        if len(join.paths) == 2:
            return "fire" if squeezed and sorted(kernels) == [1, 3] else "branches"
        return "inception" if len(set(kernels)) > 1 else "branches"

    def _passes(self, item: Any) -> bool:
        """Whether an item is an identity."""
        return isinstance(item, Cell) and self.network.nodes[item.node].kind == "identity"

    def _row(self, cells: Sequence[int], kinds: Sequence[str]) -> str:
        """A name for layers that follow each other."""
        kernels = [self._kernel(cell) for cell, kind in zip(cells, kinds, strict=True) if kind in _CONVOLUTIONS]
        if self._inverted(cells, kinds):
            return "inverted"
        if "dwconv" in kinds:
            pair = [kind for kind in kinds if kind in _CONVOLUTIONS]
            return "separable" if pair == ["dwconv", "conv"] and kernels[1] == 1 else "depthwise"
        if "gelu" in kinds and set(kernels) == {1}:
            return "mlp"
        if len(kernels) > 1:
            return {2: "double", 3: "triple"}.get(len(kernels), "convs")
        if kinds[:1] == ["conv"] and all(kind in _INITIALS for kind in kinds):
            return "".join(_INITIALS[kind] for kind in kinds)
        return (
            "down"
            if "maxpool" in kinds
            else "_".join(kinds[:2])
            if 0 < len(kinds) <= 2 and "op" not in kinds
            else "unit"
        )

    def parameters(self, slots: Sequence[Slot], sorts: Sequence[str], items: Series) -> list[str]:
        """Names for parameters that stand for these values of the items."""
        labels = Labels(kinds=True)
        count = sum(sort in ("filters", "width") for sort in sorts)
        names = self._widths(slots, sorts, items) if count > 1 else {}
        made = []
        for number, sort in enumerate(sorts):
            wanted = names.get(number) or _PARAMETERS.get(sort, sort)
            made.append(labels.take(wanted, "value"))
        return made

    def _widths(self, slots: Sequence[Slot], sorts: Sequence[str], items: Series) -> dict[int, str]:
        """Names for several numbers of filters: c3 of a 3x3, r3 of the 1x1 before it; else inner and width."""
        paths = [path for item in everything(items) if isinstance(item, Join) for path in item.paths]
        widths = [number for number, sort in enumerate(sorts) if sort in ("filters", "width")]
        if len(widths) < 3 or len([path for path in paths if path]) < 2:
            last = widths[-1]
            return {number: "width" if number == last else "inner" for number in widths}
        found: dict[int, str] = {}
        for path in paths:
            nodes = [item.node for item in everything(path) if isinstance(item, Cell | BlockUse)]
            kernels = [self._kernel(node) for node in nodes]
            largest = max([kernel for kernel in kernels if kernel], default=1)
            pooled = bool(nodes) and self.network.nodes[nodes[0]].kind in ("maxpool", "avgpool")
            for node, kernel in zip(nodes, kernels, strict=True):
                for number in widths:
                    if slots[number].node == node:
                        small = kernel == 1 < largest
                        found[number] = "pool" if pooled else f"r{largest}" if small else f"c{kernel or largest}"
        return found

    def _kernel(self, node: int) -> int:
        """The side of the kernel of a layer; 0 for one that has none."""
        kernel = getattr(self.network.nodes[node].layer, "kernel", None)
        return max(kernel) if isinstance(kernel, tuple) else kernel if isinstance(kernel, int) else 0

    def tensors(self, found: Sequence[int], taken: Sequence[str]) -> tuple[str, ...]:
        """Names for parameters that are tensors."""
        labels = Labels(taken)
        return tuple(
            [labels.take("skip" if len(found) == 1 else "abcdefgh"[number % 8], "x") for number in range(len(found))]
        )


_CONVOLUTIONS = ("conv", "dwconv")
#: Layers of a gate, at most; the letters by which people call short rows of layers.
_GATE = 8
_INITIALS = {"conv": "c", "bn": "b", "relu": "r", "silu": "s", "leakyrelu": "l", "relu6": "r", "hardswish": "h"}
#: Names of stages that say nothing of what is in them.
_VAGUE = frozenset(("layer", "layers", "features", "module", "model", "body", "main", "net", "block", "blocks"))
#: Names of parameters by the argument that they stand for.
_PARAMETERS = {"filters": "width", "kernel": "k", "kind": "act", "times": "n"}


def _begin(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """What all of the rows begin with."""
    made: list[Any] = []
    for column in zip(*rows, strict=False):
        if any(one != column[0] for one in column):
            break
        made.append(column[0])
    return tuple(made)
