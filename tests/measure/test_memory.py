"""Live memory and depth, held to a simulation that follows the rules word for word, on random networks."""

import random

import pytest

from cnncalc.measure.depth import depth, depths
from cnncalc.measure.execution import Execution
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.memory import liveness
from cnncalc.measure.result import analyze
from helpers import clean, network

VIEWS = ("flatten", "reshape", "identity", "dropout")


def random_spec(seed):
    """A spec of named lines that each read earlier ones, with views, train heads and several inputs and outputs."""
    draw = random.Random(seed)
    lines = [f"i{number} = input {draw.randint(1, 4)}@8" for number in range(draw.randint(1, 2))]
    names = [line.split()[0] for line in lines]
    for number in range(draw.randint(1, 14)):
        one, other = draw.choice(names), draw.choice(names)
        element = draw.choice(
            [
                f"@{one} | relu", f"@{one} | identity", f"@{one} | dropout", f"@{one} | conv {draw.randint(1, 5)} 1",
                f"@{one} | relu | identity | relu", f"concat @{one} @{other}", f"@{one} | tanh",
            ]
        )  # fmt: skip
        lines.append(f"t{number} = {element}")
        names.append(f"t{number}")
        if draw.random() < 0.15:
            lines += [f"head h{number}{draw.choice(['', ' train'])}:", f"    @{draw.choice(names)} | conv 2 1 | relu"]
    mains = draw.sample([name for name in names if name[0] == "t"], k=1)
    return "\n".join(lines) + f"\noutput @{mains[0]} @{names[-1]}" * draw.choice([0, 1])


def simulated(built, unit):
    """The bytes alive at every step, by asking at every step of every tensor whether it must still be there."""
    nodes = built.nodes
    run = [node for node in nodes if node.kind != "input" and not node.train]

    def store(position):
        node = nodes[position]
        return store(node.inputs[0]) if node.kind in VIEWS else position

    outputs = {store(port.node) for port in built.outputs if not port.train}
    curve = []
    for step, now in enumerate(run):
        alive = set()
        for node in nodes:
            if node.train or store(node.position) != node.position:
                continue
            made = node.kind == "input" or node.position <= now.position
            read_later = any(store(index) == node.position for later in run[step:] for index in later.inputs)
            unread_input = node.kind == "input" and step == 0
            if made and (read_later or node.position in outputs or node is now or unread_input):
                alive.add(node.position)
        here = store(now.position)  # the output of the layer that runs, be it a view
        curve.append(sum(elements(nodes[position]) for position in alive | {here}) * unit)
    return tuple(curve)


def elements(node):
    count = 1
    for size in node.output:
        count *= size
    return count


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_live_memory_of_random_networks(start):
    for seed in range(start, start + 50):
        text = random_spec(seed)
        built = network(text)
        assert not [one for one in built.diagnostics if one.severity == "error"], (text, built.diagnostics)
        found = liveness(Execution(built), lambda node: 4 * elements(node))
        assert found.live == simulated(built, 4), text
        assert found.peak == max(found.live)
        assert found.live[found.peak_step] == found.peak == sum(one.bytes for one in found.alive(found.peak_step))


def longest(built, position):
    node = built.nodes[position]
    own = node.kind in ("conv", "dwconv", "upconv", "localconv", "fc", "attention")
    return own + max((longest(built, index) for index in node.inputs), default=0)


def test_depth_of_random_networks():
    for seed in range(100):
        built = network(random_spec(seed))
        assert depths(built.nodes) == {node.position: longest(built, node.position) for node in built.nodes}
        run = [node.position for node in built.nodes if not node.train]
        assert depth(built) == max(longest(built, position) for position in run)
        assert Measurements(analyze(built))("weighted") == sum(
            node.kind == "conv" and not node.train for node in built.nodes
        )


def test_a_chain_by_hand():
    """While conv1 runs its input and its output live; flatten is its input's storage."""
    found = liveness(Execution(clean("input 3x4x4\nconv 2 1 | relu | flatten | fc 5")))
    assert found.live == (48 + 32, 32 + 32, 32, 32 + 5)
    assert (found.peak, found.peak_step) == (80, 0)
    assert [tensor.bytes for tensor in found.alive(0)] == [48, 32]


def test_a_shortcut_is_held():
    found = liveness(Execution(clean("input 2x4x4\nadd:\n    - conv 2 1 | conv 2 1\n    - identity")))
    assert found.live == (64, 96, 64, 96)


def test_outputs_live_to_the_end():
    found = liveness(Execution(clean("input 2x4x4\na = relu\nb = conv 1 1 | relu\noutput @a @b")))
    assert found.live[-1] == 32 + 16 + 16


def test_what_is_not_known():
    assert liveness(Execution(network("input 2x4x4\nconv 1 9 | relu"))) is None
    heads = "input 1x4x4\na = relu\nhead h train:\n    b = relu\nrelu\nadd @b @a"
    assert liveness(Execution(network(heads))) is None


def test_long_chains_are_no_recursion():
    built = clean("input 1@4\nrepeat 50_000:\n    identity | relu".replace("_", ""))
    found = liveness(Execution(built))
    assert (len(found.live), found.peak) == (100_000, 8)


def test_where_nothing_runs_there_is_no_peak():
    found = liveness(Execution(network("input 3x8x8")))
    assert (found.peak, found.peak_step, found.live, [one.bytes for one in found.tensors]) == (0, None, (), [192])
