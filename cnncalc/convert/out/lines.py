"""Series as lines of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...network import Network, Node
from ...spec.columns import Piece
from ...values import spell
from .blocks import Folded, RepeatedBlock
from .elements import Defaults, operator, sayable, shape_text, words
from .items import BlockUse, Cell, Chapter, Item, Join, Rounds, Series, Start, end, everything
from .names import stage_name
from .units import units

#: Columns of the lines of a path, or of a block, that are put into one.
_WIDEST = 60


class Lines:
    """Writes the series of a network; `labels` are the names of tensors, `defaults` those of kinds."""

    def __init__(self, folded: Folded, labels: Mapping[int, str], defaults: Defaults) -> None:
        self.folded = folded
        self.network: Network = folded.network
        self.labels = labels
        self.defaults = defaults
        #: What tensors are called in the block that is written.
        self._inside: Mapping[int, str] = {}
        #: The tensors that have a name in it; None outside of blocks: all that have one.
        self._named: set[int] | None = None

    def block(self, block: RepeatedBlock) -> list[Piece]:
        """The definition of a block."""
        self._inside, self._named = block.labels, set(_named(block.series))
        said = [
            f"{parameter.name}={spell(parameter.default)}" if parameter.default is not None else parameter.name
            for parameter in block.parameters
        ]
        required = [text for text in said if "=" not in text] + [f"@{name}" for name in block.tensors]
        given = [*required, *[text for text in said if "=" in text]]
        header = f"block {block.name}{f'({chr(44).join(given)})'.replace(',', ', ') if given else ''}:"
        made = [Piece(header, "", ""), *self._packed(block.series, 4)]
        self._inside, self._named = {}, None
        return made

    def series(self, series: Series, indent: int = 0, arrows: bool = False) -> list[Piece]:
        """The lines of a series; with `arrows` at those that make maps of another size."""
        made: list[Piece] = []
        for start, stop in units(self.network, series):
            self._unit(series[start:stop], indent, made)
            if arrows and isinstance(series[stop - 1], Cell | BlockUse):
                made[-1] = made[-1]._replace(arrow=self._arrow(end(series[:start]), end(series[:stop])))
        return made

    def _arrow(self, before: int | None, after: int | None) -> str:
        """The shape behind a line, where that has spatial axes of another size than what enters it."""
        nodes = self.network.nodes
        shape, old = nodes[after or 0].output, nodes[before].output if before is not None else None
        node = nodes[after or 0]
        several = node.layer is not None and node.layer.several
        if shape is None or several or max(shape[1:], default=1) == 1 or (old is not None and old[1:] == shape[1:]):
            return ""
        return f"-> {shape_text(shape, self.network.layout)}" if len(shape) <= 4 else ""

    def _packed(self, series: Series, indent: int) -> list[Piece]:
        """The lines of a path or a block: one, where that is short."""
        made = self.series(series, indent)
        whole = " | ".join(piece.code.strip() for piece in made)
        plain = all(" = " not in piece.code and piece.code[-1:] != ":" for piece in made)
        later = any(piece.code.strip()[:1] == "@" for piece in made[1:]) or any(
            isinstance(item, Cell) and item.alone for item in series[1:]
        )
        if len(made) > 1 and plain and not later and len(whole) <= _WIDEST:
            return [Piece(" " * indent + whole, "", "")]
        return made

    def _unit(self, items: Sequence[Item], indent: int, made: list[Piece]) -> None:
        """The line, or lines, of what belongs together."""
        lead, elements = " " * indent, list[str]()
        for item in items:
            if isinstance(item, Start):
                elements.append(f"@{self._name(item.tensor)}")
            elif isinstance(item, Cell | BlockUse):
                elements.append(self.element(item) if isinstance(item, Cell) else self.use(item))
                label = self._label(self.network.nodes[item.node])
                if label:
                    made.append(Piece(lead + label + " | ".join(elements), "", ""))
                    elements.clear()
            else:
                if elements:
                    made.append(Piece(lead + " | ".join(elements), "", ""))
                    elements.clear()
                made += self._body(item, indent)
        if elements:
            made.append(Piece(lead + " | ".join(elements), "", ""))

    def _body(self, item: Item, indent: int) -> list[Piece]:
        """What has a body."""
        if isinstance(item, Join):
            return self.join(item, indent)
        if isinstance(item, Rounds):
            times = self.folded.texts.get((item.node, "times"), str(item.times))
            return [Piece(f"{' ' * indent}repeat {times}:", "", ""), *self.series(item.series, indent + 4)]
        assert isinstance(item, Chapter)
        return self.chapter(item, indent)

    def _name(self, tensor: int) -> str:
        return self._inside.get(tensor) or self.labels[tensor]

    def _label(self, node: Node) -> str:
        """What stands before the line that ends in a layer: its name; of one with several results all names."""
        results = [result.position for result in self.network.results(node) if result.position in self.labels]
        names = [self.labels[result] for result in results if self._named is None or result in self._named]
        return f"{', '.join(names)} = " if names else ""

    # --- elements -------------------------------------------------------------------------------------

    def element(self, cell: Cell) -> str:
        """A layer as a line has it."""
        node = self.network.nodes[cell.node]
        others = [f"@{self._name(other)}" for other in cell.others]
        if not sayable(node) or node.layer is None:
            said = operator(node, self.network)
            said[2:2] = others
        else:
            said = words(node.layer, self.network.layout, lambda name: self._tensor(node, name), self._texts(node),
                         self.defaults)  # fmt: skip
            if node.layer.merges:
                said[1:1] = others
        if node.owner is not None:
            said.append(f"share=@{self._name(node.owner)}")
        return " ".join(said)

    def _texts(self, node: Node) -> dict[str, str]:
        """The texts of arguments that follow from parameters."""
        if not self.folded.texts or node.layer is None:
            return {}
        names = [*[name for name, _, _ in node.layer.declared], "kind"]
        texts = self.folded.texts
        return {name: texts[node.position, name] for name in names if (node.position, name) in texts}

    def _tensor(self, node: Node, name: str) -> str:
        """The tensor that an argument of a layer is, by its name."""
        return f"@{self._name(node.inputs[1] if name == 'from' else like(self.network, node))}"

    def use(self, use: BlockUse) -> str:
        """The use of a block."""
        block = self.folded.blocks[use.block]
        required, keyed = [], []
        for place, (parameter, value) in enumerate(zip(block.parameters, use.values, strict=True)):
            text = self.folded.texts.get((use.key, str(place)))
            if parameter.default is None:
                required.append(_value(value) if text is None else text)
            elif text is not None or value != parameter.default:
                keyed.append(f"{parameter.name}={_value(value) if text is None else text}")
        return " ".join([block.name, *required, *[f"@{self._name(tensor)}" for tensor in use.tensors], *keyed])

    # --- bodies ---------------------------------------------------------------------------------------

    def chapter(self, chapter: Chapter, indent: int) -> list[Piece]:
        """A stage or a head."""
        what = "head" if chapter.head else "stage"
        header = f"{' ' * indent}{what} {stage_name(chapter.name)}{' train' * chapter.train}:"
        return [Piece(header, "", ""), *self.series(chapter.series, indent + 4, arrows=True)]

    def join(self, join: Join, indent: int) -> list[Piece]:
        """A merge over paths."""
        node = self.network.nodes[join.node]
        assert node.layer is not None
        said = words(node.layer, self.network.layout, str, self._texts(node), self.defaults)
        made = [Piece(f"{' ' * indent}{self._label(node)}{' '.join(said)}:", "", "")]
        for path in join.paths:
            lines = self._packed(path, indent + 6) or [Piece("", "", "")]
            code = f"{' ' * (indent + 4)}- {lines[0].code[indent + 6 :]}"
            lines[0] = lines[0]._replace(code=code.rstrip())
            made += lines
        return made


def _named(series: Series) -> Iterator[int]:
    """The tensors that lines of a series name."""
    for item in everything(series):
        if isinstance(item, Start):
            yield item.tensor
        elif isinstance(item, Cell | BlockUse):
            yield from item.others if isinstance(item, Cell) else item.tensors


def _value(value: Any) -> str:
    return value if isinstance(value, str) else spell(value)


def like(network: Network, node: Node) -> int:
    """A tensor before `node` that has the sizes that its layer takes: that which it names, or the last such."""
    wanted: Any = node.layer.like  # type: ignore[union-attr]
    found = [one for one in network.nodes[: node.position] if one.output == wanted.shape]
    named = [one for one in found if f"@{one.name}" == wanted.name]
    return (named or found or network.inputs)[-1].position
