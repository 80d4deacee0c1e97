"""Series as lines of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...network import Network, Node
from ...spec.columns import Piece
from .elements import operator, sayable, words
from .items import Cell, Chapter, Join, Series, Start

#: Columns of a line that is filled with further layers.
_WIDEST = 72
#: Families that start a line of their own; what is of others goes on behind them.
_STARTING = frozenset(("convolution", "dense", "pool", "merge", "resampling", "reshaping", "recurrent", "operator"))


class Lines:
    """Writes the series of a network; `labels` are the names of tensors."""

    def __init__(self, network: Network, labels: Mapping[int, str]) -> None:
        self.network = network
        self.labels = labels

    def series(self, series: Series, indent: int = 0) -> list[Piece]:
        """The lines of a series."""
        made: list[Piece] = []
        elements: list[str] = []
        self._elements(series, indent, made, elements)
        return made

    def _elements(self, series: Series, indent: int, made: list[Piece], elements: list[str]) -> None:
        lead = " " * indent

        def close(label: str = "") -> None:
            if elements:
                made.append(Piece(lead + label + " | ".join(elements), "", ""))
                elements.clear()

        for item in series:
            if isinstance(item, Start):
                close()
                elements.append(f"@{self.labels[item.tensor]}")
            elif isinstance(item, Chapter):
                close()
                made += self.part(item, indent)
            elif isinstance(item, Join):
                if elements:
                    close()
                made += self.join(item, indent)
            else:
                node = self.network.nodes[item.node]
                if elements and (item.alone or self._starts(node, elements)):
                    close()
                elements.append(self.element(item, node))
                label = self._label(node)
                if label:
                    close(label)
        close()

    def _starts(self, node: Node, elements: Sequence[str]) -> bool:
        """Whether a layer starts a line behind these elements of one."""
        if len(elements) == 1 and elements[0].startswith("@"):
            return False
        family = node.layer.family if node.layer is not None else "operator"
        return family in _STARTING and node.kind != "flatten"

    def _label(self, node: Node) -> str:
        """What stands before the line that ends in a layer: its name; of one with several results all names."""
        names = [self.labels[one.position] for one in self.network.results(node) if one.position in self.labels]
        return f"{', '.join(names)} = " if names else ""

    def element(self, cell: Cell, node: Node) -> str:
        """A layer as a line has it."""
        others = [f"@{self.labels[other]}" for other in cell.others]
        if not sayable(node) or node.layer is None:
            said = operator(node, self.network)
            said[2:2] = others
        else:
            said = words(node.layer, self.network.layout, lambda name: self._tensor(node, name))
            if node.layer.merges:
                said[1:1] = others
        if node.owner is not None:
            said.append(f"share=@{self.labels[node.owner]}")
        return " ".join(said)

    def _tensor(self, node: Node, name: str) -> str:
        """The tensor that an argument of a layer is, by its name."""
        if name == "from":
            return f"@{self.labels[node.inputs[1]]}"
        return f"@{self.labels[like(self.network, node)]}"

    def part(self, part: Chapter, indent: int) -> list[Piece]:
        """A stage or a head."""
        what = "head" if part.head else "stage"
        header = f"{' ' * indent}{what} {part.name}{' train' * part.train}:"
        return [Piece(header, "", ""), *self.series(part.series, indent + 4)]

    def join(self, join: Join, indent: int) -> list[Piece]:
        """A merge over paths."""
        node = self.network.nodes[join.node]
        assert node.layer is not None
        said = words(node.layer, self.network.layout, str)
        made = [Piece(f"{' ' * indent}{self._label(node)}{' '.join(said)}:", "", "")]
        for path in join.paths:
            lines = self.series(path, indent + 6) or [Piece("", "", "")]
            code = f"{' ' * (indent + 4)}- {lines[0].code[indent + 6 :]}"
            lines[0] = lines[0]._replace(code=code.rstrip())
            made += lines
        return made


def like(network: Network, node: Node) -> int:
    """A tensor before `node` that has the sizes that its layer takes: that which it names, or the last such."""
    wanted: Any = node.layer.like  # type: ignore[union-attr]
    found = [one for one in network.nodes[: node.position] if one.output == wanted.shape]
    named = [one for one in found if f"@{one.name}" == wanted.name]
    return (named or found or network.inputs)[-1].position
