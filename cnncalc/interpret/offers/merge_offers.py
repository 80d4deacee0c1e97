"""What made paths differ that are to be joined: a pad, a stride that was forgotten, an identity beside other sizes.

An offer is what was put in its place, in every layer that its line makes, and with which the merge is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...layers import Layer, LayerError
from ...network import UNKNOWN, Node
from ...records import Record
from ...spec.words import is_name
from ...values import Shape, Size, Word, spell, times
from ..merges import IDENTITY
from .written import HALF, Changes, kernel_text, written

#: Layers of a network that is tried, and of a path that are looked at.
_MOST, _LONGEST = 1000, 24
_SPACE = slice(1, None)


class Joined(Record):
    """A merge that fails: its layer, the tensors that it joins, what each is called, and the two that differ.

    `here` is the tensor that entered its paths; None for a merge of names. `text` is what stands there.
    """

    layer: Layer
    inputs: tuple[int, ...]
    labels: tuple[str, ...]
    culprit: int
    here: int | None
    text: str


def offer(nodes: Sequence[Node], joined: Joined) -> str | None:
    """What to write so that the merge is made; None where nothing was found."""
    if len(nodes) > _MOST or UNKNOWN in joined.inputs:
        return None
    trial = _Trial(nodes, joined)
    for changes in _changes(nodes, joined):
        shapes = trial(changes)
        if shapes is not None and trial.joins(shapes):
            size = times(shapes[0][_SPACE])
            return f"write {written(nodes, changes)}: then each is {size}"
    return _shortcut(nodes, joined, trial)


class _Trial:
    """The network once more, with other arguments of some lines."""

    def __init__(self, nodes: Sequence[Node], joined: Joined) -> None:
        self._nodes = nodes[: max(joined.inputs) + 1]
        self._joined = joined

    def __call__(self, changes: Changes) -> list[Shape] | None:
        """The shapes that are joined; None where a layer does not fit."""
        spans = {self._nodes[position].span: values for position, values in changes.items()}
        made: list[Shape | None] = []
        try:
            for node in self._nodes:
                made.append(_output(node, [made[index] for index in node.inputs if index >= 0], spans.get(node.span)))
        except LayerError:
            return None
        shapes = [made[index] for index in self._joined.inputs]
        known = [shape for shape in shapes if shape is not None]
        return known if len(known) == len(shapes) else None

    def joins(self, shapes: Sequence[Shape]) -> bool:
        """Whether the merge takes tensors of these shapes."""
        try:
            self._joined.layer.output(tuple(shapes))
        except LayerError:
            return False
        return True


def _output(
    node: Node, entering: Sequence[Shape | None], values: Mapping[str, int | Size | Word] | None
) -> Shape | None:
    """What a node gives, with other arguments where there are `values`. Raises LayerError."""
    shapes = [shape for shape in entering if shape is not None]
    if node.layer is None or node.output is None or len(shapes) < len(node.inputs):
        return node.output
    if values and HALF in values.values():
        values = dict.fromkeys(values, dict(node.layer.values)["kernel"] // 2)
    layer = node.layer.changed(**values) if values else node.layer
    layer.check()
    return layer.output(tuple(shapes))


def _changes(nodes: Sequence[Node], joined: Joined) -> Iterator[Changes]:
    """What could have been forgotten, the most likely first: a pad, several, a stride."""
    paths = [_path(nodes, index, joined) for index in joined.inputs]
    yield from (changes for changes in _pads(nodes, paths) if changes)
    yield from (changes for changes in (_halves(nodes, paths), _unstrided(nodes, paths)) if changes)
    first, other = paths[0], paths[joined.culprit]
    for path, own, wanted in ((other, joined.culprit, 0), (first, 0, joined.culprit)):
        sizes = nodes[joined.inputs[own]].output or (), nodes[joined.inputs[wanted]].output or ()
        for node in path:
            for stride in _strides(node, *sizes):
                change: Changes = {node.position: {"stride": stride}}
                yield change
                yield {**change, **_padded(nodes, path)}


def _pads(nodes: Sequence[Node], paths: Sequence[Sequence[Node]]) -> list[Changes]:
    """The pads that may be missing: of one layer, of those of a path, of all."""
    found = [_padded(nodes, path) for path in paths]
    each = {position: pad for pads in found for position, pad in pads.items()}
    return [*({position: pad} for position, pad in each.items()), *(one for one in found if len(one) > 1), each]


def _padded(nodes: Sequence[Node], path: Sequence[Node]) -> dict[int, Mapping[str, int | Size | Word]]:
    """The pads of the layers of a path that have none, and would keep their size with one."""
    return {node.position: pad for node in path if (pad := _pad(nodes, node))}


def _halves(nodes: Sequence[Node], paths: Sequence[Sequence[Node]]) -> Changes:
    """Half the kernel as the pad of all layers without one whose line leaves the kernel open: ``conv c k``."""
    found: dict[int, Mapping[str, int | Size | Word]] = {}
    for node in (node for path in paths for node in path if _pad(nodes, node)):
        kernel = None if node.layer is None else dict(node.layer.values)["kernel"]
        if isinstance(kernel, int) and is_name(kernel_text(node)):
            found[node.position] = _padding(HALF)
    return found


def _unstrided(nodes: Sequence[Node], paths: Sequence[Sequence[Node]]) -> Changes:
    """A stride of 1 for all pools that have the stride of their kernel, and the pad with which they keep the size."""
    found: dict[int, Mapping[str, int | Size | Word]] = {}
    for node in (node for path in paths for node in path):
        kernel = {} if node.layer is None or node.layer.weighted else dict(node.layer.values)
        size = kernel.get("kernel")
        if isinstance(size, int) and size % 2 and size > 1 and kernel.get("stride") in (None, size):
            found[node.position] = {"stride": 1, **_padding(size // 2)}
    return found


def _path(nodes: Sequence[Node], index: int, joined: Joined) -> list[Node]:
    """The layers that run into a tensor, the last first, from where the others come from as well."""
    stops = {joined.here, *joined.inputs} - {index}
    found: list[Node] = []
    node = nodes[index]
    while node.layer is not None and node.inputs and len(found) < _LONGEST and node.position not in stops:
        if node.position == joined.here or min(node.inputs) < 0:
            break
        found.append(node)
        node = nodes[node.inputs[0]]
    return found


def _pad(nodes: Sequence[Node], node: Node) -> dict[str, int | Size | Word]:
    """The pad with which a layer that has none keeps its size; empty for a layer where there is none, or has one."""
    values = {} if node.layer is None or node.layer.transposed else dict(node.layer.values)
    entering = nodes[node.inputs[0]].output or ()
    kernel, dilation = values.get("kernel"), values.get("dilation") or 1
    if values.get("pad") != 0 or kernel is None or len(entering) < 2:
        return {}
    rank = len(entering) - 1
    kernels, steps = (one if isinstance(one, Size) else (one,) * rank for one in (kernel, dilation))
    reach = [step * (size - 1) for size, step in zip(kernels, steps, strict=True)]
    strided = node.layer is not None and not node.layer.weighted and values.get("stride") != 1
    if any(one % 2 for one in reach) or not any(reach) or strided:  # a pool that strides halves as it is
        return {}
    halves = [one // 2 for one in reach]
    return _padding(halves[0] if len(set(halves)) == 1 else Size(halves))


def _padding(amount: int | Size | Word) -> dict[str, int | Size | Word]:
    return {"pad": amount}


def _strides(node: Node, own: Shape, wanted: Shape) -> list[int]:
    """The strides that could bring a path of size `own` to the size `wanted`, of a layer that has none."""
    layer = node.layer
    values = {} if layer is None else dict(layer.values)
    if layer is None or "kernel" not in values or values.get("stride") != 1 or len(own) != len(wanted) or len(own) < 2:
        return []
    more, less = (wanted[-1], own[-1]) if layer.transposed else (own[-1], wanted[-1])
    if 2 * more < 3 * less:  # a row or two are no stride's
        return []
    return [stride for stride in dict.fromkeys((round(more / less), -(-more // less), more // less)) if stride > 1]


def _shortcut(nodes: Sequence[Node], joined: Joined, trial: _Trial) -> str | None:
    """A layer of its own for the tensor that goes round the others, an identity, or what a merge names; with the pads
    that are missing on the way of the others where these are as well.
    """
    pads: list[Changes] = _pads(nodes, [_path(nodes, index, joined) for index in joined.inputs])
    for own, wanted in ((joined.culprit, 0), (0, joined.culprit)):
        if not _goes_round(nodes, joined, own, wanted):
            continue
        for changes in ({}, *pads):
            shapes = trial(changes)
            layers = None if shapes is None else _projection(shapes[own], shapes[wanted])
            if shapes is None or layers is None:
                continue
            alike = [joined.inputs[own] == index for index in joined.inputs]
            made = [shapes[wanted] if same else shape for same, shape in zip(alike, shapes, strict=True)]
            if trial.joins(made):
                before = f"write {written(nodes, changes)}, and " if changes else ""
                return before + _beside(joined, own, layers)
    return None


def _goes_round(nodes: Sequence[Node], joined: Joined, own: int, wanted: int) -> bool:
    """Whether tensor number `own` is what entered the paths, or of a merge of names what the other one is made of."""
    index = joined.inputs[own]
    node = nodes[index]
    if joined.here is None:
        return _round(nodes, index, joined.inputs[wanted])
    return index == joined.here or (node.kind == "identity" and node.inputs == (joined.here,))


def _beside(joined: Joined, own: int, layers: str) -> str:
    """Where the layers of the tensor that goes round the others are put."""
    name = joined.labels[own]
    if joined.here is not None:
        path = name.removesuffix(IDENTITY)
        return f"in {path}, {'for' if path == name else 'where it is the'} identity: '{layers}'"
    return in_paths(joined, own, layers)


def in_paths(joined: Joined, own: int, layers: str) -> str:
    """A merge of names as one of paths, of which number `own` has `layers` more."""
    starts = [label if label.startswith("@") else "identity" for label in joined.labels]
    paths = [f"'- {start} | {layers}'" if at == own else f"'- {start}'" for at, start in enumerate(starts)]
    header = " ".join(word for word in joined.text.split() if word[0] != "@")
    return f"in the place of '{joined.text}' write '{header}:', and below it {' and '.join(paths)}"


def as_many_channels(nodes: Sequence[Node], joined: Joined) -> str | None:
    """The layer that gives one of two tensors as many channels as the other has, and where it stands."""
    shapes = [nodes[index].output or () for index in joined.inputs]
    first, other = shapes[0], shapes[joined.culprit]
    if len(first) != len(other) or first[1:] != other[1:]:
        return None
    running = joined.here is None and not joined.labels[0].startswith("@")
    own, count = (joined.culprit, first[0]) if not running else (0, other[0])
    made = [(count, *shape[1:]) if at == own else shape for at, shape in enumerate(shapes)]
    if not _Trial(nodes, joined).joins(made):
        return None
    label, name = joined.labels[own], joined.labels[joined.culprit]
    frames = nodes[joined.inputs[own]].frames
    if frames and running and name.startswith("@"):  # in a block that may be used with others
        layer = f"conv {name}.C 1" if len(first) > 1 else f"fc {name}.C"
    else:
        layer = f"conv {count} 1" if len(first) > 1 else f"fc {count}"
    if label.startswith("@"):
        return in_paths(joined, own, layer)
    where = "before it" if joined.here is None else f"at the end of {label.removesuffix(IDENTITY)}"
    return f"'{layer}' {where} makes the channels equal"


def _round(nodes: Sequence[Node], index: int, behind: int) -> bool:
    """Whether tensor `behind` is made of `index`, without a merge between."""
    node = nodes[behind]
    for _ in range(_LONGEST):
        if node.position == index:
            return True
        if len(node.inputs) != 1 or node.inputs[0] < 0:
            return False
        node = nodes[node.inputs[0]]
    return False


def _projection(shape: Shape, wanted: Shape) -> str | None:
    """The 1x1 convolution with which `shape` becomes `wanted`, and its batch norm; None where a stride is not all."""
    if len(shape) != len(wanted) or len(shape) < 2:
        return None
    strides = [-(-size // want) for size, want in zip(shape[1:], wanted[1:], strict=True)]
    if any(-(-size // step) != want for size, step, want in zip(shape[1:], strides, wanted[1:], strict=True)):
        return None
    stride = strides[0] if len(set(strides)) == 1 else Size(strides)
    return f"conv {wanted[0]} 1" + f" stride={spell(stride)}" * (stride != 1) + " | bn"
