"""A network as the text of a spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...network import Network, Node, Port
from ...spec.columns import Piece, columns, joined
from . import Unsaid
from .blocks import Folded
from .elements import Defaults, shape_text
from .items import Cell, Chapter, Item, Join, Series, Start, end, everything
from .lines import Lines, like
from .names import Labels, stage_name
from .paths import Folding
from .sayable import Refusals, Unsayable, check_results, learns, takers
from .stages import heads_of, in_stages, stages_of

#: Weights, activations and biases have types.
_PARTS = 3
#: Kinds whose biases are often left out, where bn stands behind them.
_UNBIASED = ("conv", "dwconv", "upconv")


def text(network: Network, name: str | None, fold: bool = True) -> str:
    """The text of the spec, where `fold` with blocks and repeats. Raises Unsaid."""
    _check(network)
    series = structure(network, stages_of(network))
    wanted = set(referred(network, series))
    folded = Folded(network, series, set(anyway(network, series)), fold)
    labels = labels_of(network, folded, wanted)
    defaults = _defaults(network)
    writer = Lines(folded, labels, defaults)
    blocks = [writer.block(block) for block in folded.blocks]
    body = writer.series(folded.series, arrows=True)
    head = [*_head(network, name, labels), *_frozen(network, series, labels), *_default_lines(defaults)]
    paragraphs = [head, *blocks, body, _outputs(network, labels, series)]
    return "\n\n".join(_laid_out(paragraph) for paragraph in paragraphs if paragraph) + "\n"


def _defaults(network: Network) -> Defaults:
    """Biases of convolutions, where most have none."""
    found: Counter[tuple[str, bool]] = Counter()
    for node in network.layers:
        if node.kind in _UNBIASED and node.layer is not None:
            found[node.kind, node.layer.bias] += 1  # type: ignore[attr-defined]
    return {(kind, "bias"): False for kind in _UNBIASED if found[kind, False] > max(found[kind, True], 2)}


def _default_lines(defaults: Defaults) -> list[Piece]:
    kinds = [kind for kind, _ in defaults]
    return [Piece(f"default {' '.join(kinds)} bias=no", "", "")] * bool(kinds)


def structure(network: Network, groups: Sequence[str | None]) -> Series:
    """The layers of a network in series, merges, stages and heads."""
    heads = {position: head for position, head in heads_of(network).items() if not network.nodes[position].unrun}
    main = Folding(network, groups).series(
        [node for node in network.nodes if node.position not in heads and not node.unrun]
    )
    if len(network.inputs) == 1 and main[:1] == (Start(network.inputs[0].position),):
        main = main[1:]
    parts: dict[str, list[Node]] = {}
    for position, head in heads.items():
        parts.setdefault(head, []).append(network.nodes[position])
    found = [
        Chapter(head, Folding(network, groups).series(nodes), True, nodes[0].train) for head, nodes in parts.items()
    ]
    return in_stages(_with_heads(network, main, found), groups)


def _with_heads(network: Network, main: Series, heads: Sequence[Chapter]) -> Series:
    """The series with each head where its first layer ran, or as soon as it can stand there."""
    made: list[Item] = []
    waiting = list(heads)
    running: int | None = 0
    for item in (*main, None):
        while waiting and (item is None or _first_node(waiting[0].series) < _node(item)):
            head = waiting.pop(0)
            made.append(head._replace(series=tidy_start(head.series, running)))
        if item is not None:
            made.append(item)
            running = _runs_on(network, end((item,)))
    return tuple(made)


def _runs_on(network: Network, tensor: int | None) -> int | None:
    """The tensor that runs on behind an item: of a layer with several results none does."""
    layer = None if tensor is None else network.nodes[tensor].layer
    return None if layer is not None and layer.several else tensor


def tidy_start(series: Series, running: int | None) -> Series:
    """The series without the Start at what runs into it."""
    return series[1:] if series and series[0] == Start(-1 if running is None else running) else series


def _node(item: Item) -> int:
    return item.tensor if isinstance(item, Start) else item.node if not isinstance(item, Chapter) else 0


def _first_node(series: Series) -> int:
    return min((item.node for item in everything(series) if isinstance(item, Cell | Join)), default=0)


#: What to do about a tensor without axes.
_KEEP = "leave out what takes the last axis away: the figures of the others stay the same"


def _check(network: Network) -> None:
    """Raises Unsaid where the network cannot be written, SpecError where a layer cannot."""
    for node in network.inputs:
        if node.output is None:
            raise Unsaid(f"the shape of input '{node.name}' is not known")
    if not network.inputs:
        raise Unsaid("the network has no input")
    refusals = Refusals()
    for node in network.nodes:
        if node.output == () and not (node.further or node.unrun):
            refusals.add(node, Unsayable("it gives one number a sample, without an axis, and a spec has axes", _KEEP))
        _check_results(network, node, refusals)
    refusals.diagnostics()


def _check_results(network: Network, node: Node, refusals: Refusals) -> None:
    """Refuses a layer of which several results are taken, and whose line has one name."""
    results = [] if node.further or node.unrun else network.results(node)
    if len(results) > 1 and takers(network, results) > 1:
        try:
            check_results(node, results)
        except Unsayable as error:
            refusals.add(node, error)


# --- names ------------------------------------------------------------------------------------------


def labels_of(network: Network, folded: Folded, wanted: set[int]) -> dict[int, str]:
    """The names of the tensors that have one in the text, and of all inputs."""
    labels, given = Labels(block.name for block in folded.blocks), dict[int, str]()
    for node in network.inputs:
        given[node.position] = "input" if _is_the_input(network, node) else labels.take(node.name, "x")
    for part in everything(folded.series):
        if isinstance(part, Chapter):
            labels.take(stage_name(part.name))
    for node in network.nodes:
        several_results = node.layer is not None and node.layer.several
        if (node.position in wanted or several_results) and node.position not in given:
            called = node.name if network.format == "spec" else node.name.lower()
            given[node.position] = labels.take(called, node.kind + "_out")
    return given


def _is_the_input(network: Network, node: Node) -> bool:
    """Whether an input needs no name: it is the only one, and nobody gave it one in a spec."""
    return len(network.inputs) == 1 and (node.name == "input" or network.format != "spec")


def referred(network: Network, series: Series) -> Iterable[int]:
    """The tensors that are told by name."""
    for item in everything(series):
        if isinstance(item, Start):
            yield item.tensor
        elif isinstance(item, Cell):
            yield from item.others
    yield from anyway(network, series)


def anyway(network: Network, series: Series) -> Iterable[int]:
    """The tensors that have names, whatever line stands where: owners of shared weights, outputs, what is frozen."""
    for node in network.nodes:
        if node.owner is not None:
            yield node.owner
        if node.kind == "unpool" and getattr(node.layer, "like", None) is not None:
            yield like(network, node)
    yield from (port.node for port in _mains(network) if not _goes_without(network, series))
    in_frozen_stages = {node for part in _frozen_stages(network, series) for node in _nodes(part)}
    yield from (node for node in _frozen_layers(network) if node not in in_frozen_stages)


# --- what stands around the layers ------------------------------------------------------------------


def _head(network: Network, name: str | None, labels: dict[int, str]) -> list[Piece]:
    title = name or network.title or ""
    lines = [f"model {_title(title)}"] * bool(_title(title))
    lines += ["layout hwc"] * (network.layout == "hwc")
    for node in network.inputs:
        shape = shape_text(node.output or (), network.layout)
        named = labels[node.position]
        lines.append(f"input {shape}" if named == "input" else f"{named} = input {shape}")
    if network.dtypes:
        kinds = set(network.dtypes.values())
        one = kinds.pop() if len(kinds) == 1 and len(network.dtypes) == _PARTS else None
        lines.append("dtype " + (one or " ".join(f"{part}={kind}" for part, kind in network.dtypes.items())))
    return [Piece(line, "", "") for line in lines]


def _title(text: str) -> str:
    """A title in one line."""
    return " ".join("".join(sign if sign.isprintable() and sign != "#" else " " for sign in text).split())


def _frozen(network: Network, series: Series, labels: dict[int, str]) -> list[Piece]:
    """What is not trained: whole stages, else the lines."""
    stages = _frozen_stages(network, series)
    inside = {node for part in stages for node in _nodes(part)}
    names = [stage_name(part.name) for part in stages]
    names += [labels[node] for node in _frozen_layers(network) if node not in inside]
    return [Piece("freeze " + " ".join(names), "", "")] * bool(names)


def _frozen_stages(network: Network, series: Series) -> list[Chapter]:
    frozen, learned = set(_frozen_layers(network)), {node.position for node in network.nodes if learns(node)}
    parts = [part for part in series if isinstance(part, Chapter)]
    return [part for part in parts if learned & _nodes(part) and learned & _nodes(part) <= frozen]


def _frozen_layers(network: Network) -> list[int]:
    return [node.position for node in network.nodes if node.frozen and learns(node)]


def _nodes(part: Chapter) -> set[int]:
    return {item.node for item in everything((part,)) if isinstance(item, Cell | Join)}


def _mains(network: Network) -> list[Port]:
    """The outputs beside the heads."""
    heads = heads_of(network)
    return [port for port in network.outputs if port.node >= 0 and port.node not in heads]


def _goes_without(network: Network, series: Series) -> bool:
    """Whether the last line is all that the network gives."""
    mains = [port.node for port in _mains(network)]
    last = next((item for item in reversed(series) if not (isinstance(item, Chapter) and item.head)), None)
    return not mains or (last is not None and mains == [end((last,))])


def _outputs(network: Network, labels: dict[int, str], series: Series) -> list[Piece]:
    mains = list(dict.fromkeys(port.node for port in _mains(network)))
    if _goes_without(network, series):
        return []
    return [Piece("output " + " ".join(f"@{labels[node]}" for node in mains), "", "")]


def _laid_out(pieces: Sequence[Piece]) -> str:
    arrow, comment = columns(pieces)
    return "\n".join(joined(piece, arrow, comment) for piece in pieces)
