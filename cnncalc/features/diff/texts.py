"""What differs beside the layers: inputs and outputs, and what leaves the network as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...diagnostics import Source
from ...interpret.specification import specification
from ...network import Network, Port
from ...records import Record
from ...spec import parse
from ...spec.nodes import Line, Stmt
from ...spec.spacing import expression
from ...spec.words import split
from ...values import laid_out, times
from .layers import NAME, Difference
from .match import paired_inputs
from .wiring import Wiring

#: What differs where nothing else does: blanks, comments, the way that something is written.
TEXT = "text"


class Remark(Record):
    """Something that differs: what it is, its name, and how it was and is; None where there is or was none."""

    what: str
    name: str
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        """Its entry in the JSON document."""
        return {**self._asdict(), **{side: list(value) for side, value in (("old", self.old), ("new", self.new))
                                     if isinstance(value, tuple)}}  # fmt: skip


Networks = tuple[Network, Network]


# --- inputs and outputs -----------------------------------------------------------------------------


def structure(networks: Networks, wiring: Wiring) -> list[Remark]:
    """The inputs and outputs that differ: an input's shape, an output that is another tensor, or gone, or new."""
    return [*_inputs(*networks), *_outputs(*networks, wiring)]


def _inputs(old: Network, new: Network) -> Iterator[Remark]:
    pairs = paired_inputs(old, new)
    for node in old.inputs:
        partner = pairs.get(node.position)
        if partner is None:
            yield Remark("input", node.name, node.output, None)
        elif new.nodes[partner].output != node.output:
            yield Remark("input", new.nodes[partner].name, node.output, new.nodes[partner].output)
    taken = set(pairs.values())
    for node in new.inputs:
        if node.position not in taken:
            yield Remark("input", node.name, None, node.output)


def _outputs(old: Network, new: Network, wiring: Wiring) -> Iterator[Remark]:
    rest = _Rest(new, wiring)
    order = []
    for port in old.outputs:
        place = rest.taken(port)
        if place is None:
            yield Remark("output", port.name, _source(old, port), None)
            continue
        found = new.outputs[place]
        order.append(place)
        if not wiring.same(port.node, found.node) or port.train != found.train:
            yield Remark("output", found.name, _source(old, port), _source(new, found))
    for place in rest.places:
        port = new.outputs[place]
        yield Remark("output", port.name, None, _source(new, port))
    if order != sorted(order):
        yield Remark("output order", "", *(tuple(one.name for one in side.outputs) for side in (old, new)))


class _Rest:
    """The new outputs that no old one has become yet, found by their tensors and names: there may be thousands."""

    def __init__(self, new: Network, wiring: Wiring) -> None:
        self.wiring = wiring
        self.ports = new.outputs
        #: In the order of the network.
        self.places = dict.fromkeys(range(len(new.outputs)))
        self._named: dict[str, list[int]] = {}
        self._same: dict[tuple[bool, int | None], list[int]] = {}
        for place in reversed(self.places):
            port = self.ports[place]
            self._named.setdefault(port.name, []).append(place)
            for key in wiring.keys(1, port.node):
                self._same.setdefault((port.train, key), []).append(place)

    def taken(self, port: Port) -> int | None:
        """Takes the place of the output that an old one has become: the same tensor's, else that of the same name."""
        named = self._next(self._named.get(port.name, []))
        found = named
        if named is None or not self._is(port, self.ports[named]):
            keys = self.wiring.keys(0, port.node)
            firsts = [self._next(self._same.get((port.train, key), [])) for key in keys]
            found = min((one for one in firsts if one is not None), default=named)
        if found is not None:
            del self.places[found]
        return found

    def _is(self, old: Port, new: Port) -> bool:
        return self.wiring.same(old.node, new.node) and old.train == new.train

    def _next(self, places: list[int]) -> int | None:
        """The first of some places, which are there from the last on, that is not taken."""
        while places and places[-1] not in self.places:
            places.pop()
        return places[-1] if places else None


def _source(network: Network, port: Port) -> str | None:
    """What an output gives: the layer that makes it, and when."""
    if port.node < 0:
        return None
    return network.nodes[port.node].name + (" (training only)" if port.train else "")


# --- what leaves the network as it is -------------------------------------------------------------------


def texts(networks: Networks, naming: Sequence[Sequence[Difference]]) -> list[Remark]:
    """What differs and leaves the network as it is; where nothing of that sort is found, whether the text does."""
    old, new = networks
    found = []
    if old.title != new.title:
        found.append(Remark("title", "", old.title, new.title))
    if old.layout != new.layout:
        found.append(Remark("layout", "", old.layout, new.layout))
    found += _input_names(old, new)
    found += _names(naming)
    found += _lines("requirement", _requirements(old), _requirements(new))
    if old.source.text != new.source.text:
        found += _lines("expectation", _arrows(old.source), _arrows(new.source))
    return found or _only_text(old, new)


def _only_text(old: Network, new: Network) -> list[Remark]:
    same = _texts(old) == _texts(new)
    return [] if same else [Remark(TEXT, "", None, None)]


def _texts(network: Network) -> list[str]:
    """The texts of its file and of those that it uses."""
    sources = dict.fromkeys([network.source, *(node.source for node in network.nodes)])
    return [source.text for source in sources if source is not None]


def _input_names(old: Network, new: Network) -> list[Remark]:
    pairs = [(old.nodes[one].name, new.nodes[other].name) for one, other in paired_inputs(old, new).items()]
    return [Remark("name", "", before, after) for before, after in pairs if before != after]


def _names(naming: Iterable[Sequence[Difference]]) -> list[Remark]:
    """Every change of a name or of stages and blocks around a layer, once."""
    changes = dict.fromkeys((one.name, one.old_text, one.new_text) for some in naming for one in some)
    found = [Remark("name", "", old, new) if name == NAME else _place(old, new) for name, old, new in changes]
    return list(dict.fromkeys(found))


def _place(old: str, new: str) -> Remark:
    """A change of what stands around a layer, without the inner blocks that stay."""
    before, after = old.split("/"), new.split("/")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        del before[-1], after[-1]
    return Remark("place", "", "/".join(before), "/".join(after))


def _lines(what: str, old: Iterable[str], new: Iterable[str]) -> list[Remark]:
    """The texts that are in one and not in the other; one that is replaced by one is told as its change."""
    before, after = Counter(old), Counter(new)
    gone, come = list((before - after).elements()), list((after - before).elements())
    if len(gone) == len(come):
        return [Remark(what, "", *pair) for pair in zip(gone, come, strict=True)]
    return [*(Remark(what, "", one, None) for one in gone), *(Remark(what, "", None, one) for one in come)]


def _requirements(network: Network) -> list[str]:
    """The requirements as they are written, with their messages; blanks are those of the formatter."""
    nodes = [one.node for one in specification(network).requirements]
    return [expression(node.text, comparisons=True) + (f'  "{node.message}"' if node.message else "") for node in nodes]


def _arrows(source: Source) -> list[str]:
    """The expectations of a file, as they are written; blanks are those of the formatter."""
    program, _ = parse(source)
    found, work = [], list(program.body)
    while work:
        stmt: Stmt = work.pop()
        work += stmt.body
        if isinstance(stmt.node, Line) and stmt.node.arrow is not None:
            arrow = stmt.node.arrow
            text = source.line(stmt.line)[stmt.indent + arrow.start : stmt.indent + arrow.end]
            found.append(" ".join(expression(word.text) for word in split(text)))
    return found[::-1]


def spelled(value: Any, layout: str) -> str:
    """How a remark's value reads: a shape in the layout, a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return times(laid_out(value, layout), "×") if all(isinstance(one, int) for one in value) else ", ".join(value)
    return str(value)
