"""What differs beside the layers: inputs and outputs, and what leaves the network as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...deployment import Dtypes
from ...interpret.specification import specification
from ...network import Network, Port
from ...records import Record
from ...spec.nodes import Line, Stmt
from ...spec.spacing import expression
from ...spec.words import split
from ...values import laid_out, times
from .layers import NAME, Difference
from .match import Wiring, paired_inputs

#: What differs where nothing else does: blanks, comments, the way that something is written.
TEXT = "text"


class NetworkChange(Record):
    """Something that differs: what it is, its name, and how it was and is; None where there is or was none."""

    what: str
    name: str
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        return {**self._asdict(), **{side: list(value) for side, value in (("old", self.old), ("new", self.new))
                                     if isinstance(value, tuple)}}  # fmt: skip


# --- inputs and outputs -----------------------------------------------------------------------------


def inputs(old: Network, new: Network) -> Iterator[NetworkChange]:
    """The inputs that are gone, or new, or have another shape."""
    pairs = paired_inputs(old, new)
    for node in old.inputs:
        partner = pairs.get(node.position)
        if partner is None:
            yield NetworkChange("input", node.name, node.output, None)
        elif new.nodes[partner].output != node.output:
            yield NetworkChange("input", new.nodes[partner].name, node.output, new.nodes[partner].output)
    taken = set(pairs.values())
    for node in new.inputs:
        if node.position not in taken:
            yield NetworkChange("input", node.name, None, node.output)


def outputs(old: Network, new: Network, wiring: Wiring) -> Iterator[NetworkChange]:
    """The outputs that are gone, or new, or another tensor."""
    rest = _Rest(new, wiring)
    order = []
    for port in old.outputs:
        place = rest.taken(port)
        if place is None:
            yield NetworkChange("output", port.name, _source(old, port), None)
            continue
        found = new.outputs[place]
        order.append(place)
        if not wiring.same(port.node, found.node) or port.train != found.train:
            yield NetworkChange("output", found.name, _source(old, port), _source(new, found))
    for place in rest.places:
        port = new.outputs[place]
        yield NetworkChange("output", port.name, None, _source(new, port))
    if order != sorted(order):
        yield NetworkChange("output order", "", *(tuple(output.name for output in side.outputs) for side in (old, new)))


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
        named = found = self._next(self._named.get(port.name, []))
        new = None if named is None else self.ports[named]
        if new is None or port.train != new.train or not self.wiring.same(port.node, new.node):
            keys = self.wiring.keys(0, port.node)
            firsts = [self._next(self._same.get((port.train, key), [])) for key in keys]
            found = min((one for one in firsts if one is not None), default=named)
        if found is not None:
            del self.places[found]
        return found

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


def texts(old: Network, new: Network, naming: Sequence[Sequence[Difference]]) -> list[NetworkChange]:
    """What differs and leaves the network as it is; where nothing of that sort is found, whether the text does."""
    found = []
    if old.title != new.title:
        found.append(NetworkChange("title", "", old.title, new.title))
    if old.layout != new.layout:
        found.append(NetworkChange("layout", "", old.layout, new.layout))
    types = [str(Dtypes().over(network.dtypes)) for network in (old, new)]
    if types[0] != types[1]:
        found.append(NetworkChange("types", "", *types))
    names = [(old.nodes[one].name, new.nodes[other].name) for one, other in paired_inputs(old, new).items()]
    found += [NetworkChange("name", "", before, after) for before, after in names if before != after]
    found += _names(naming)
    found += _lines("requirement", _requirements(old), _requirements(new))
    if old.source.text != new.source.text:
        found += _lines("expectation", _arrows(old), _arrows(new))
    if not found and _texts(old) != _texts(new):
        found.append(NetworkChange(TEXT, "", None, None))
    return found


def _texts(network: Network) -> list[str]:
    """The texts of its file and of those that it uses."""
    sources = dict.fromkeys([network.source, *(node.source for node in network.nodes)])
    return [source.text for source in sources if source is not None]


def _names(naming: Iterable[Sequence[Difference]]) -> list[NetworkChange]:
    """Every change of a name or of stages and blocks around a layer, once."""
    changes = dict.fromkeys(
        (difference.name, difference.old_text, difference.new_text) for some in naming for difference in some
    )
    found = [NetworkChange("name", "", old, new) if name == NAME else _place(old, new) for name, old, new in changes]
    return list(dict.fromkeys(found))


def _place(old: str, new: str) -> NetworkChange:
    """A change of what stands around a layer, without the inner blocks that stay."""
    before, after = old.split("/"), new.split("/")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        del before[-1], after[-1]
    return NetworkChange("place", "", "/".join(before), "/".join(after))


def _lines(what: str, old: Iterable[str], new: Iterable[str]) -> list[NetworkChange]:
    """The texts that are in one and not in the other; one that is replaced by one is told as its change."""
    before, after = Counter(old), Counter(new)
    gone, come = list((before - after).elements()), list((after - before).elements())
    if len(gone) == len(come):
        return [NetworkChange(what, "", *pair) for pair in zip(gone, come, strict=True)]
    return [
        *(NetworkChange(what, "", one, None) for one in gone),
        *(NetworkChange(what, "", None, one) for one in come),
    ]


def _requirements(network: Network) -> list[str]:
    """The requirements as they are written, with their messages; blanks are those of the formatter."""
    nodes = [requirement.node for requirement in specification(network).requirements]
    return [expression(node.text, comparisons=True) + (f'  "{node.message}"' if node.message else "") for node in nodes]


def _arrows(network: Network) -> list[str]:
    """The expectations of its file, as they are written; blanks are those of the formatter."""
    program, source = specification(network).program, network.source
    found, work = [], list(program.body if program else ())
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
