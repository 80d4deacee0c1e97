"""What is said when a spec has run: there is nothing, nothing uses a tensor, a requirement speaks of nothing."""

from __future__ import annotations

from ..diagnostics import ERROR, EXPECTATION_FAILED, WARNING, Diagnostic, Span
from ..network.assembler import Assembler
from .faults import Faults
from .loading import Unit
from .requirements import check_names
from .specification import Specification


def look_at_the_end(unit: Unit, assembler: Assembler, specification: Specification, faults: Faults) -> None:
    """Reports what can only be told of the whole network."""
    if all(fault.severity != ERROR or fault.code == EXPECTATION_FAILED for fault in faults.found):
        _look_at_layers(unit, assembler, specification.library, faults)
    check_names(specification, assembler.network.extents, faults)


def _look_at_layers(unit: Unit, assembler: Assembler, library: bool, faults: Faults) -> None:
    nodes = assembler.nodes
    if not nodes and not library:
        help = "for example 'input 1x28x28', and below it 'conv 6 5'"
        faults.error("empty-spec", "the spec is empty: it has no input and no layer", Span(unit.source, 1, 1, 2), help)
    elif nodes and not assembler.layer_count:
        message, help = "there is an input, and no layer", "below it for example 'conv 6 5'"
        faults.add(Diagnostic(WARNING, "no-layers", message, nodes[0].span, help))
    else:
        for node in assembler.unused():
            message, help = f"nothing uses the output of '{node.name}'", "delete it, or name it in 'output'"
            faults.add(Diagnostic(WARNING, "unused-tensor", message, node.span, help, (), node.frames))
