"""The same network as a PyTorch module, written out as Python source: what its author would have written by hand.

As a script: torch_twins.py FOLDER SPEC … writes twin_NAME.py for every spec, chain_N.py for a number of layers. A twin has `SHAPES`, of its inputs, and
`build()`. Needs the cnncalc of the checkout, but neither torch nor what is installed.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

if __name__ == "__main__":
    TESTS = Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TESTS), str(TESTS.parent)]

from benchmarks import chains
from cnncalc import load, loads
from cnncalc.convert.call import letters
from cnncalc.convert.torch_call import torch_call
from cnncalc.network import Network, Node

#: A module that is called on the spot: its constructor, and the rest.
CALLED = re.compile(r"(nn\.\w+\(.*?\))(\([*\[]*x.*)")
HEAD = "import torch\nfrom torch import nn\n\n"


class NoTwin(Exception):
    """A layer for which PyTorch has no call: its kind."""


def identifier(name: str) -> str:
    """The name of the twin of a spec of that name."""
    return "twin_" + re.sub(r"\W", "_", name)


def _code(network: Network, node: Node) -> str:
    assert node.layer is not None and node.output is not None
    call = torch_call(node.layer, [network.nodes[index].output or () for index in node.inputs], node.output)
    if not call.code:
        raise NoTwin(node.kind)
    return call.code


def _layer(network: Network, node: Node) -> tuple[str, str]:
    """The lines of a layer in the constructor, empty where it has none, and in `forward`."""
    code, name = _code(network, node), f"n{node.position}"
    own = f"self.n{node.position if node.owner is None else node.owner}"
    inputs = [f"n{index}" for index in node.inputs]
    made, parameter = "", code.startswith("nn.Parameter")
    if called := CALLED.fullmatch(code):
        made, code = f"{own} = {called[1]}", own + called[2]
    elif code.startswith("nn."):
        made, code = f"{own} = {code}", own if parameter else f"{own}({inputs[0]})"
    names = ["x"] if len(inputs) == 1 else letters(len(inputs))
    given = f"{', '.join(names)} = {', '.join(inputs)}; " if inputs and not code.startswith(own) else ""
    if called:
        given = f"x = {inputs[0]}; "
    return ("" if node.owner is not None else made), f"{given}{name} = {code}"


def source(network: Network) -> str:
    """The module of a network. Raises NoTwin."""
    inputs = {f"n{node.position}": node.output for node in network.inputs}
    pairs = [_layer(network, node) for node in network.layers]
    made = "".join(f"        {one}\n" for one, _ in pairs if one)
    run = "".join(f"        {one}\n" for _, one in pairs)
    outputs = ", ".join(dict.fromkeys(f"n{port.node}" for port in network.outputs))
    return (
        f"{HEAD}SHAPES = {list(inputs.values())}\n\n\nclass Twin(nn.Module):\n    def __init__(self):\n"
        f"        super().__init__()\n{made}\n    def forward(self, {', '.join(inputs)}):\n{run}"
        f"        return {outputs}\n\n\nbuild = Twin\n"
    )


def chain_source(layers: int) -> str:
    """The chain of five lines, made in a loop: PyTorch's modules are told the channels that enter them."""
    period = len(chains.FIVE)
    text = "\n".join([chains.INPUT, *islice(chains.five(layers), 2 * period), ""])
    network = loads(text)
    calls = [_code(network, node) for node in network.layers]
    make = [f"lambda: {call}" for call in calls[period:]]
    return (
        f"{HEAD}SHAPES = {[node.output for node in network.inputs]}\n\n\ndef build():\n"
        f"    layers = [{', '.join(calls[:period])}]\n    make = [{', '.join(make)}]\n"
        f"    layers += [make[i % {period}]() for i in range({layers - period})]\n"
        f"    return nn.Sequential(*layers)\n"
    )


def main(folder: Path, specs: list[str]) -> None:
    """Writes what has a twin."""
    for spec in specs:
        if spec.isdecimal():
            (folder / f"chain_{spec}.py").write_text(chain_source(int(spec)), "utf-8")
        else:
            with suppress(NoTwin):
                (folder / f"{identifier(Path(spec).stem)}.py").write_text(source(load(spec)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
