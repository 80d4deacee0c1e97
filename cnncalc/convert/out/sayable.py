"""What can be said of a network, and what a format cannot say: every layer with its place and the reason."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics import ERROR, NOTE, WARNING, Diagnostic, SpecError
from ...network import Network, Node, Port
from ...records import Record

#: The code of a layer that a format has no words for.
UNSAYABLE = "not-convertible"
#: Names that a note lists.
_NAMED = 5


class Unsayable(Exception):
    """A layer that a format cannot say: the reason, and what would do instead."""

    def __init__(self, reason: str, help: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help


class Refusal(Record):
    """A layer of a network that cannot be said."""

    node: Node
    reason: str
    help: str | None

    def diagnostic(self, severity: str) -> Diagnostic:
        """It as a fault, or as a warning where a stub stands in its place."""
        node = self.node
        return Diagnostic(severity, UNSAYABLE, f"'{node.name}' ({node.kind}): {self.reason}", node.span, self.help,
                          spot=node.spot, frames=node.frames, layers=(node.name,))  # fmt: skip


class Refusals:
    """Gathers what cannot be said of a network; where `partial`, a stub stands in the place of each."""

    def __init__(self, partial: bool = False) -> None:
        self.partial = partial
        self._found: dict[int, Refusal] = {}

    def add(self, node: Node, error: Unsayable) -> None:
        """One more, once."""
        self._found[node.position] = Refusal(node, error.reason, error.help)

    def __len__(self) -> int:
        return len(self._found)

    def diagnostics(self) -> list[Diagnostic]:
        """All of them: warnings, where a stub stands for each. Raises SpecError where none may."""
        refusals = [self._found[position] for position in sorted(self._found)]
        if not self.partial and refusals:
            raise SpecError([refusal.diagnostic(ERROR) for refusal in refusals])
        return [refusal.diagnostic(WARNING) for refusal in refusals]


def known(network: Network) -> list[Node]:
    """The inputs and layers that inference runs, in order. Raises SpecError where the shape of one is not known."""
    if not network.inputs:
        raise SpecError([Diagnostic(ERROR, UNSAYABLE, "there is no input, so there is no network to write",
                                    help="blocks alone are written where a network uses them")])  # fmt: skip
    nodes = [node for node in network.nodes if not node.train]
    unknown = [node for node in nodes if node.output is None]
    if unknown:
        first = [node for node in unknown if network.input_shapes(node) is not None]
        raise SpecError([_shapeless(node) for node in first or unknown])
    return nodes


def _shapeless(node: Node) -> Diagnostic:
    refusal = Refusal(node, "nothing is known of its shape", "an 'op' line can say it: 'shape=64x28x28'")
    return refusal.diagnostic(ERROR)


def leaving(network: Network) -> list[Port]:
    """What inference gives: its outputs; where no layer runs, what entered last, as the last line gives the output."""
    ports = [port for port in network.outputs if not port.train]
    if ports or any(node.layer is not None for node in network.nodes):
        return ports
    return [Port(node.name, node.position, False) for node in network.inputs[-1:]]


def left_out(network: Network) -> list[Diagnostic]:
    """The note that what only training runs is not written."""
    heads = list(dict.fromkeys(port.name for port in network.outputs if port.train))
    if not heads:
        return []
    named = ", ".join(f"'{name}'" for name in heads[:_NAMED]) + ", …" * (len(heads) > _NAMED)
    message = f"what only training runs is left out: {named}"
    return [Diagnostic(NOTE, "train-left-out", message, layers=tuple(heads))]


def owner(network: Network, node: Node) -> Node:
    """The node whose weights a node uses: its own, or those of another, which may in turn use another's."""
    while node.owner is not None:
        node = network.nodes[node.owner]
    return node


def used_results(network: Network, node: Node) -> list[Node]:
    """The results of a layer: of one whose kind has a single one, as a pool that gives its indices, too, this alone
    where nothing takes the others.
    """
    results = network.results(node)
    if len(results) == 1 or (node.layer is not None and node.layer.several):
        return results
    return results if takers(network, results[1:]) else results[:1]


def takers(network: Network, results: Sequence[Node]) -> int:
    """How many of the results of a layer something reads, or are outputs."""
    taken = {index for one in network.nodes[results[0].position :] for index in one.inputs}
    taken |= {port.node for port in network.outputs}
    return sum(one.position in taken for one in results)


def check_results(node: Node, results: Sequence[Node]) -> None:
    """Raises Unsayable for a layer that gives more `results` than its kind."""
    if len(results) > 1 and not (node.layer is not None and node.layer.several):
        raise Unsayable(f"it gives {len(results)} results, and one of them alone can be said")


def learns(node: Node) -> bool:
    """Whether a node has parameters of its own: what has none is neither frozen nor trained."""
    return node.owner is None and node.result is not None and bool(node.result.params)


def title_of(network: Network, otherwise: str) -> str:
    """What a network is called: its title, else the name of its file; `otherwise` where it has neither."""
    name = network.source.name.replace("\\", "/").rpartition("/")[2]
    stem = name.partition(".")[0].lstrip("@")
    return network.title or (stem if stem[:1].isalnum() else "") or otherwise
