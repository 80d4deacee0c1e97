"""What a layer is apart from its shapes, and what differs between two: arguments, wiring, weights, names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any

from ...convert.lookup import lookup
from ...layers import Argument, Layer
from ...network import Network, Node
from ...records import Record, make
from ...values import Pair, Size, laid_out, spell, times


class Difference(Record):
    """One thing that differs between two layers: an argument, by its name, or one of the words below."""

    name: str
    #: As programs read it, and as people do; None and empty for what one of them does not have.
    old: Any
    new: Any
    old_text: str
    new_text: str

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "old": self.old, "new": self.new}


#: Differences that are no argument's: another kind, other tensors read, other weights shared, in a train head or not.
KIND, INPUTS, WEIGHTS, TRAIN = "kind", "inputs", "weights", "train"
#: Those of names only, which leave the network as it is.
NAME, PATH = "name", "path"


class Profile(Record):
    """All that an alignment goes by. Equal for layers that were written alike at like places."""

    kind: str
    arguments: tuple[tuple[str, Any], ...] | None
    #: The name that the user gave it, without path and rounds.
    name: str | None
    #: The stages, heads and blocks that it stands in; blocks without the number of the instance.
    place: tuple[tuple[str, str | None], ...]
    train: bool
    shared: bool


def stage(profile: Profile) -> str | None:
    """The outermost stage or head of a layer."""
    return profile.place[0][1] if profile.place else None


def likeness(one: Profile, other: Profile, stages: Collection[str | None]) -> int | None:
    """How much speaks for two layers being the same one; None where they cannot be.

    The kind alone says little; a name of the user's says most, then the arguments, the stage and the blocks around.
    A layer of one of the `stages` that both networks have is never one of another stage.
    """
    if one.kind != other.kind:
        return None
    homes = (stage(one), stage(other))
    if homes[0] != homes[1] and (homes[0] in stages or homes[1] in stages):
        return None
    worth = 4 + 2 * (one == other) + (one.train == other.train)
    if one.arguments == other.arguments:
        worth += 6
    elif one.arguments is not None and other.arguments is not None:
        same = sum(left == right for left, right in zip(one.arguments, other.arguments, strict=True))
        worth += 3 * same // len(one.arguments)
    worth += 3 * (one.place == other.place) + 3 * (homes[0] is not None and homes[0] == homes[1])
    if one.name is not None or other.name is not None:
        worth += 8 if one.name == other.name else -1
    return worth


class Profiles:
    """The profiles of a network's nodes; what layers share is worked out once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._bodies: dict[tuple[int, int], tuple[tuple[str, Any], ...]] = {}
        self._places: dict[int, tuple[tuple[str, str | None], ...]] = {}

    def of(self, node: Node) -> Profile:
        place = self._places.get(id(node.path))
        if place is None:
            steps = ((step.what, step.name if step.what in ("stage", "head") else None) for step in node.path)
            place = self._places[id(node.path)] = tuple(steps)
        name = own_name(node, self.network)
        return make(Profile, (node.kind, self._body(node), name, place, node.train, node.owner is not None))

    def _body(self, node: Node) -> tuple[tuple[str, Any], ...] | None:
        if node.layer is None:
            return None
        rank = _rank(node, self.network)
        key = (id(node.layer), rank)
        if key not in self._bodies:
            self._bodies[key] = _arguments(node.layer, rank)
        return self._bodies[key]


def _rank(node: Node, network: Network) -> int:
    """The number of spatial axes of what a layer reads; 0 where that is not known."""
    index = node.inputs[0] if node.inputs else -1
    shape = network.nodes[index].output if index >= 0 else None
    return len(shape) - 1 if shape else 0


def own_name(node: Node, network: Network) -> str | None:
    """The name that the user gave a layer, without the path and the rounds; None for a kind and a number."""
    name, number = node.name, node.name[len(node.kind) :]
    if number.isdigit() and name.startswith(node.kind) and name not in network.extents:
        return None
    return name.rpartition("/")[2].partition("[")[0]


# --- arguments --------------------------------------------------------------------------------------


def _arguments(layer: Layer, rank: int) -> tuple[tuple[str, Any], ...]:
    """The arguments, by name, each in its one plainest form: ``3`` for ``3x3``, the kernel for a pool's stride."""
    values = []
    for arg in layer.args:
        value = getattr(layer, arg.name)
        if arg.name == "stride" and value is None:
            value = getattr(layer, "kernel", None)
        values.append((arg.name, _plainest(value, arg, rank)))
    return tuple(values)


def _plainest(value: Any, arg: Argument[Any], rank: int) -> Any:
    if arg.sort == "tensor" and value is not None:
        return Size(value[1:])  # of a tensor that is taken as a measure only its spatial sizes count
    if isinstance(value, Size) and arg.sort in ("size", "padding") and len(value) == rank:
        value = Size(_side(item) for item in value)
        return value[0] if len(set(value)) == 1 else value
    return _side(value) if arg.sort == "padding" else value


def _side(value: Any) -> Any:
    """``1`` for ``1:1``."""
    return value.before if isinstance(value, Pair) and value.before == value.after else value


def plain(value: Any) -> Any:
    """An argument's value as JSON has it."""
    if isinstance(value, Size):
        return [plain(item) for item in value]
    if isinstance(value, Pair):
        return spell(value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def argument_differences(old: Node, new: Node, profiles: tuple[Profile, Profile], show: Shown) -> list[Difference]:
    """The arguments of two layers of one kind that differ."""
    if old.layer is None or new.layer is None or profiles[0].arguments == profiles[1].arguments:
        return []
    theirs, mine = dict(profiles[0].arguments or ()), dict(profiles[1].arguments or ())
    found = []
    for arg in new.layer.args:
        before, after = theirs[arg.name], mine[arg.name]
        written = (getattr(old.layer, arg.name), getattr(new.layer, arg.name))
        if before == after or written == (None, None):
            continue
        if arg.sort == "tensor" and None not in written and _follows(old, new, arg, show):
            continue
        texts = (show.argument(arg, before, old, 0), show.argument(arg, after, new, 1))
        found.append(Difference(arg.name, plain(before), plain(after), *texts))
    return found


def _follows(old: Node, new: Node, arg: Argument[Any], show: Shown) -> bool:
    """Whether a ``like=@name`` is written as before, and only the tensor has another size, as what it reads has."""
    words = [_word(node, arg) for node in (old, new)]
    return words[0] == words[1] and show.shapes(old, 0) != show.shapes(new, 1)


def _word(node: Node, arg: Argument[Any]) -> str | None:
    found = lookup(node.kind)
    keys = found[0].keys if found else {}
    span = node.span
    words = span.source.line(span.line)[span.column - 1 : span.end_column - 1].split() if span else []
    pairs = (word.partition("=") for word in words)
    return next((value for key, sign, value in pairs if sign and keys.get(key) == arg.name), None)


class Shown:
    """Two networks, for the texts of what differs: arguments, shapes and names as people read them."""

    def __init__(self, networks: tuple[Network, Network]) -> None:
        self.networks = networks
        self._lines: dict[int, dict[int, str]] = {}

    def argument(self, arg: Argument[Any], value: Any, node: Node, side: int) -> str:
        """An argument's value, or a dash where there is none."""
        network = self.networks[side]
        if value is None:
            return "–"
        if arg.sort == "tensor":
            return times(value)
        if arg.sort == "shape":
            return times(laid_out(value, network.layout))
        return arg.show(value, _rank(node, network), network.layout)

    def shapes(self, node: Node, side: int) -> tuple[Any, ...]:
        nodes = self.networks[side].nodes
        return tuple(nodes[index].output if index >= 0 else None for index in node.inputs)

    def names(self, indices: tuple[int, ...], side: int) -> list[str | None]:
        """The names of nodes; None for what is unknown."""
        nodes = self.networks[side].nodes
        return [nodes[index].name if index >= 0 else None for index in indices]

    def labels(self, indices: tuple[int, ...], side: int) -> str:
        """The same for people: by the names of their lines and stages where they have none of their own."""
        network = self.networks[side]
        if side not in self._lines:
            self._lines[side] = {extent.output: name for name, extent in reversed(network.extents.items())}
        lines, nodes = self._lines[side], network.nodes
        return ", ".join(lines.get(index) or nodes[index].name if index >= 0 else "?" for index in indices) or "–"

    def owner(self, node: Node, side: int) -> str | None:
        """The layer whose weights a layer uses; None where they are its own."""
        return None if node.owner is None else self.networks[side].nodes[node.owner].name


def naming_differences(old: Node, new: Node, profiles: tuple[Profile, Profile]) -> list[Difference]:
    """The names of the user's that differ: the layer's own, and those of the stages and blocks around it."""
    before, after = profiles
    found = []
    if before.name != after.name:
        found.append(Difference(NAME, before.name, after.name, before.name or "–", after.name or "–"))
    if before.place != after.place:
        paths = ([step.name for step in old.path], [step.name for step in new.path])
        found.append(Difference(PATH, *paths, _place(before), _place(after)))
    return found


def _place(profile: Profile) -> str:
    return "/".join(name or what for what, name in profile.place) or "–"


def wiring_differences(
    old: Node, new: Node, same: Callable[[int, int], bool], partner: Callable[[int], int | None], show: Shown
) -> list[Difference]:
    """Whether two layers read other tensors, share other weights, or run at other times.

    `same` tells whether an old and a new node are one tensor, `partner` the new node that an old one has become.
    """
    found = []
    pairs = zip(old.inputs, new.inputs, strict=False)
    if len(old.inputs) != len(new.inputs) or not all(same(before, after) for before, after in pairs):
        names = (show.names(old.inputs, 0), show.names(new.inputs, 1))
        found.append(Difference(INPUTS, *names, show.labels(old.inputs, 0), show.labels(new.inputs, 1)))
    before, after = old.owner, new.owner
    if (before is None) != (after is None) or (before is not None and partner(before) != after):
        owners = (show.owner(old, 0), show.owner(new, 1))
        texts = [f"of {name}" if name else "its own" for name in owners]
        found.append(Difference(WEIGHTS, *owners, texts[0], texts[1]))
    if old.train != new.train:
        texts = ["training only" if node.train else "always" for node in (old, new)]
        found.append(Difference(TRAIN, old.train, new.train, texts[0], texts[1]))
    return found
