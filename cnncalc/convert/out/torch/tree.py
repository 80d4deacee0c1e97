"""The tree of modules that a network was read from, as calls: what each module runs, on which tensors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ....network import INPUT, Network, Node
from ....records import Record
from .calls import code_of
from .columns import Unlike

#: Containers, whose children are called by the module around them.
LISTS = frozenset(("ModuleList", "ModuleDict"))
SEQUENTIAL = "Sequential"
#: Children of a sequence that may be there without running.
_PASSING = frozenset(("Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"))


class TreeStep(Record):
    """What a module runs: a child by its key, or a layer of its own; of which tensors, and what it gives."""

    key: str | None
    node: Node
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


class Leaf:
    """A module of torch.nn: the first layer that it is; None of one that passes on what enters it; and the call that
    makes it, as the source has it.
    """

    def __init__(self, node: Node | None, made: str = "") -> None:
        self.node = node
        self.made = made


class TreeModule:
    """A module with modules in it: its class, the class of torch.nn that runs it, its children in the order in which
    they are defined, its steps, and the tensors that enter and leave.
    """

    def __init__(self, path: str, type: str, base: str) -> None:
        self.path, self.type, self.base = path, type, base
        self.children: dict[str, TreeModule | Leaf] = {}
        self.steps: list[TreeStep] = []
        self.inputs: tuple[int, ...] = ()
        self.outputs: tuple[int, ...] = ()

    @property
    def inline(self) -> bool:
        """Whether it is written where it stands: a plain sequence."""
        return self.base == SEQUENTIAL and self.type == SEQUENTIAL

    @property
    def numbered(self) -> bool:
        """Whether its children have numbers for names."""
        return bool(self.children) and list(self.children) == [str(number) for number in range(len(self.children))]

    def modules(self) -> Iterator[TreeModule]:
        """The modules in it that have others in them, inner ones first; then itself."""
        for child in self.children.values():
            if isinstance(child, TreeModule):
                yield from child.modules()
        yield self


def tree_of(network: Network) -> TreeModule:
    """The tree of a network. Raises Unlike where modules and layers do not go together."""
    return _Growing(network).grown()


class _Growing:
    """Puts the layers of a network into the modules that they stand in."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.known = network.modules
        self._order = {path: place for place, path in enumerate(self.known)}
        nodes = [node for node in network.nodes if not node.train and node.kind != INPUT]
        self._ends = {port.node for port in network.outputs if not port.train}
        #: What a tensor is that a module only passes on.
        self._same_as: dict[int, int] = {}
        for node in nodes:
            if self._passes(node):
                self._same_as[node.position] = self._inputs(node)[0]
        nodes = [node for node in nodes if node.position not in self._same_as]
        self._readers: dict[int, list[int]] = {}
        for node in nodes:
            for index in self._inputs(node):
                self._readers.setdefault(index, []).append(node.position)
        self._nodes = nodes

    def _inputs(self, node: Node) -> tuple[int, ...]:
        return tuple([self._same_as.get(index, index) for index in node.inputs])

    def _passes(self, node: Node) -> bool:
        """Whether a layer is a module that only passes on what enters it, of one that names what it runs."""
        path = self.path(node)
        module, around = self.known.get(path), self.known.get(path.rpartition(".")[0])
        named = around is not None and around.base == ""
        return module is not None and module.base == "Identity" and named and node.position not in self._ends

    def grown(self) -> TreeModule:
        """The module of the network itself."""
        if "" not in self.known or any(node.owner is not None and not self._same(node) for node in self._nodes):
            raise Unlike("module")
        made = self._module("", self._nodes)
        made.outputs = tuple(dict.fromkeys(port.node for port in self.network.outputs if not port.train))
        return made

    def path(self, node: Node) -> str:
        origin = self.network.origins.get(node.position)
        return origin.module or "" if origin is not None else ""

    def _same(self, node: Node) -> bool:
        """Whether a layer has the weights of another call of its own module."""
        return self.path(node) == self.path(self.network.nodes[node.owner or 0])

    def _module(self, path: str, nodes: Sequence[Node]) -> TreeModule:
        module = self.known[path]
        made = TreeModule(path, module.type, module.base)
        inside = {node.position for node in nodes}
        made.inputs = tuple(
            dict.fromkeys(index for node in nodes for index in self._inputs(node) if index not in inside)
        )
        outputs = [one for one in sorted(inside) if self._leaves(one, inside)]
        made.outputs = tuple(outputs or sorted(inside)[-1:])  # of what nothing reads the last
        if -1 in made.inputs:
            raise Unlike("input")
        for key, run in groupby(nodes, lambda node: self._key(path, node)):
            self._run(made, key, list(run))
        if module.base == SEQUENTIAL:
            self._sequence(made)
        made.children = dict(sorted(made.children.items(), key=lambda pair: self._order[_below(path, pair[0])]))
        return made

    def _leaves(self, tensor: int, inside: set[int]) -> bool:
        return tensor in self._ends or any(reader not in inside for reader in self._readers.get(tensor, ()))

    def _key(self, path: str, node: Node) -> str | None:
        """The child of a module that a layer stands in: of containers those in them; None for the module itself."""
        own = self.path(node)
        if own == path:
            return None
        if path and not own.startswith(f"{path}."):
            raise Unlike("path")
        parts = own[len(path) + 1 if path else 0 :].split(".")
        for count in range(1, len(parts) + 1):
            key = ".".join(parts[:count])
            module = self.known.get(_below(path, key))
            if module is None:
                raise Unlike("path")
            if module.base not in LISTS:
                return key
        raise Unlike("list")

    def _run(self, made: TreeModule, key: str | None, nodes: list[Node]) -> None:
        """The steps of layers of one child, one behind the other."""
        leaf = key is not None and bool(self.known[_below(made.path, key)].base.removeprefix(SEQUENTIAL))
        if key is None or leaf:
            for node in nodes:
                if not node.further:
                    outputs = tuple([result.position for result in self.network.results(node)])
                    made.steps.append(TreeStep(key, node, self._inputs(node), outputs))
            if key is not None:
                module = self.known[_below(made.path, key)]
                made.children.setdefault(key, Leaf(nodes[0], module.made))
            return
        if key in made.children:
            raise Unlike("called twice")
        child = self._module(_below(made.path, key), nodes)
        made.children[key] = child
        made.steps.append(TreeStep(key, nodes[0], child.inputs, child.outputs))

    def _sequence(self, made: TreeModule) -> None:
        """Sees that a sequence is one, and puts those of its children in that run nothing. Raises Unlike."""
        running = made.inputs
        for step in made.steps:
            if step.key is None or step.inputs != running or len(step.outputs) != 1:
                raise Unlike("sequence")
            running = step.outputs
        keys = [step.key for step in made.steps]
        if len(set(keys)) < len(keys) or (running != made.outputs and made.steps):
            raise Unlike("sequence")
        start = f"{made.path}." if made.path else ""
        for path, module in self.known.items():
            key = path.removeprefix(start)
            if path.startswith(start) and path and "." not in key and key not in made.children:
                if module.base not in _PASSING:
                    raise Unlike("sequence")
                made.children[key] = Leaf(None, module.made)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


# --- variants ---------------------------------------------------------------------------------------


class StepLook(Record):
    """How a step looks, whatever its numbers: its key, what is called, and its tensors by their numbers."""

    key: str | None
    what: object
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def looks_of(network: Network, module: TreeModule, groups: Mapping[str, object]) -> tuple[StepLook, ...]:
    """The steps of a module as they look; `groups` are the classes of those in it, by path. Raises Unsayable."""
    numbers = {tensor: number for number, tensor in enumerate(module.inputs)}
    found = []
    for step in module.steps:
        for tensor in (*step.inputs, *step.outputs):
            numbers.setdefault(tensor, len(numbers))
        child = module.children.get(step.key or "")
        what = look_of(network, step.node, child, groups)
        found.append(StepLook(step.key, what, tuple([numbers[one] for one in step.inputs]),
                          tuple([numbers[output] for output in step.outputs])))  # fmt: skip
    return (*found, StepLook(None, "return", tuple([numbers[output] for output in module.outputs]), ()))


def look_of(network: Network, node: Node, child: TreeModule | Leaf | None, groups: Mapping[str, object]) -> object:
    """What is called."""
    if isinstance(child, TreeModule) and not child.inline:
        return groups[child.path]
    if isinstance(child, TreeModule):
        inner = [(key, look_of(network, one.node or node, one, groups) if isinstance(one, Leaf)
                  else look_of(network, node, one, groups)) for key, one in child.children.items()]  # fmt: skip
        return tuple(inner)
    if isinstance(child, Leaf):
        return leaf_code(network, child, child.node).partition("(")[0]
    return re.sub(r"\d+(\.\d+)?", "#", own_code(network, node))


def own_code(network: Network, node: Node) -> str:
    """The call of a layer that no module is. Raises Unsayable."""
    return code_of(network, node, len(node.inputs) if node.layer is not None and node.layer.merges else None)


def leaf_code(network: Network, leaf: Leaf, node: Node | None) -> str:
    """What makes a module of torch.nn, as its source does; else what the layer says of it. Raises Unsayable."""
    if leaf.made:
        return f"nn.{leaf.made}"
    return "nn.Identity()" if node is None else own_code(network, node)


def without(more: Sequence[StepLook], less: Sequence[StepLook]) -> list[int] | None:
    """The steps of `more` that `less` has not, where it is the same without them: each passes on what enters it. None
    where it is not.
    """
    names: dict[int, int] = {}
    passed: dict[int, int] = {}
    left: list[int] = []
    place = 0

    def known(one: StepLook, other: StepLook) -> bool:
        mine = [passed_on(tensor) for tensor in one.inputs]
        return len(mine) == len(other.inputs) and all(
            names.setdefault(a, b) == b for a, b in zip(mine, other.inputs, strict=True)
        )

    def passed_on(tensor: int) -> int:
        while tensor in passed:
            tensor = passed[tensor]
        return tensor

    for number, look in enumerate(more):
        other = less[place] if place < len(less) else None
        before = dict(names)
        if other is not None and (look.key, look.what) == (other.key, other.what) and known(look, other):
            names.update(zip(look.outputs, other.outputs, strict=False))
            place += 1
            continue
        names.clear()
        names.update(before)
        if len(look.outputs) != 1 or not look.inputs or (look.key is not None and len(look.inputs) > 1):
            return None
        passed[look.outputs[0]] = max(look.inputs)
        left.append(number)
    return left if place == len(less) else None
