"""What cnncalc makes of a .cfg file, in the figures that Darknet prints."""

from __future__ import annotations

from math import prod
from pathlib import Path

import cnncalc


def figures(path: Path, **more: object) -> tuple[dict[str, list[int]], float]:
    """The output of each section, by its number, and the BFLOPs: as make_convolutional_layer and others count them."""
    network = cnncalc.load(path, **more)
    shapes = {node.name.partition(".")[0]: list(node.output) for node in network.layers}
    flops = 0
    for row, node in zip(cnncalc.analyze(network).layers, network.layers, strict=True):
        size = prod(node.output)
        if node.kind == "conv":
            flops += 2 * (row.macs or 0)
        elif node.kind == "maxpool":
            flops += (
                prod(node.layer.windows(network.nodes[node.inputs[0]].output)[axis].kernel for axis in (0, 1)) * size
            )
        elif network.origins[node.position].type == "shortcut" and (node.kind == "add" or len(node.inputs) > 1):
            flops += size * (len(node.inputs) - 1) * (1 if node.kind == "add" else 2)
    return shapes, flops / 1e9
