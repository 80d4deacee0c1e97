"""Whether a spec that was written says what the network is: it is read again, and its layers are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

from ...diagnostics import Source, SpecError, exit_code
from ...network import Network
from .sayable import learns

#: Reads a spec: `interpret.build`, which stands above what is here. Faults are the network's diagnostics.
Reader: TypeAlias = Callable[[Source], Network]
#: The exit code of faults.
_FAULTY = 2


def difference(text: str, network: Network, read: Reader) -> str:
    """What is otherwise where `text` is read again than in `network`; empty where nothing is.

    Compared are the shapes, parameters, buffers and MACs of all layers, whatever the order of those that do not depend
    on each other, and the shapes of the outputs; not what a model owns and never runs, which a spec does not say.
    """
    try:
        made = read(Source("<written>", text))
    except SpecError as error:
        return error.diagnostics[0].message
    if exit_code(made.diagnostics) == _FAULTY:
        return next(diagnostic.message for diagnostic in made.diagnostics if diagnostic.severity == "error")
    old, new = _layers(network), _layers(made)
    missing = next(iter((old - new) or (new - old)), None)
    if missing is None:
        return "" if _outputs(made) == _outputs(network) else "other outputs"
    return f"{'no' if missing in old else 'another'} {missing[0]} of {missing[1]}"


def _layers(network: Network) -> Counter[tuple[object, ...]]:
    """How often there is a layer of a kind, a shape and figures."""
    return Counter(
        (
            "op" if node.layer is None or node.layer.opaque else node.kind, node.output,
            node.result and (node.result.params, node.result.buffers, node.result.macs),
            node.owner is None, node.train, node.frozen and learns(node),
        )
        for node in network.nodes
        if not (node.further or node.unrun)
    )  # fmt: skip


def _outputs(network: Network) -> Counter[object]:
    """The shapes of the outputs, of each once: a spec names no tensor twice."""
    ports = {(port.node, port.train) for port in network.outputs}
    return Counter((network.nodes[node].output, train) for node, train in ports)
