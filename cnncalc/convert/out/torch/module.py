"""A network as one file of PyTorch source: a class for the network, and one for each of its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ....network import Network
from ..blocks import Folded, RepeatedBlock
from ..formats import WriteOptions, Written
from ..items import BlockUse, Cell, Item, Rounds, Series, Start, end, everything, inner, with_inner
from ..sayable import Refusals, Unsayable, known, leaving, left_out
from ..spec import anyway, labels_of, referred, structure
from ..stages import stages_of
from .calls import activation, makes_module
from .classes import ClassText
from .columns import Code, Unlike
from .concrete import MAIN, Unfolded
from .helpers import HELPERS, with_helpers
from .layout import attribute_lines, call, lines, signature
from .names import ClassNames, variable, variables
from .tree_module import class_text, tree_classes

_NAME = re.compile(r"[A-Za-z_]\w*")


def write(network: Network, options: WriteOptions) -> Written:
    """The source of a module. Raises SpecError where a layer has no call in PyTorch, unless a stub may stand for it."""
    known(network)
    named = _with_names(network, options) if network.modules else ""
    try:
        source, refusals = _source(network, options, fold=True)
    except Unlike:
        source, refusals = _source(network, options, fold=False)
    if named and (len(refusals) or named.count("\n") <= _MOST_LONGER * source.count("\n")):
        return Written(named, left_out(network))
    return Written(source, [*refusals.diagnostics(), *left_out(network)])


def _with_names(network: Network, options: WriteOptions) -> str:
    """The source with the modules of the code that the network was read from; empty where they cannot be kept."""
    title = options.name or network.title or "Net"
    try:
        classes = tree_classes(network, options.name)
        texts = [class_text(tree_class) for tree_class in classes]
    except (Unlike, Unsayable):
        return ""
    ending = _ending(network, classes[-1].name, len(classes[-1].outputs))
    return "\n\n".join([_head(title, texts), *with_helpers(texts), ending])


#: How much longer a source may be that has the names of the modules.
_MOST_LONGER = 2


def _head(title: str, texts: Sequence[str] = ()) -> str:
    """What a file begins with."""
    ordered = "from collections import OrderedDict\n\n" * any("OrderedDict(" in text for text in texts)
    return f'"""{_docstring(title)}"""\n\n{ordered}import torch\nfrom torch import Tensor, nn\n'


def _source(network: Network, options: WriteOptions, fold: bool) -> tuple[str, Refusals]:
    refusals = Refusals(options.partial)
    series = structure(network, stages_of(network))
    wanted = set(referred(network, series))
    folded = Folded(network, series, set(anyway(network, series)), fold)
    labels = labels_of(network, folded, wanted)
    called = variables(labels)
    _promote(folded, labels)
    unfolded = Unfolded(folded)
    title = options.name or network.title or "Net"
    names = ClassNames(("Tensor", *HELPERS))
    main_name = names.take(title, "Net")
    made: dict[int, ClassText] = {}
    for block in _inner_first(folded):
        name = names.take(block.name, "Block")
        made[block.number] = _block(unfolded, block, name, made, labels, called, refusals)
    main = ClassText(unfolded, main_name, MAIN, made, labels, called, refusals)
    _network(main)
    texts = [_class(made[block.number]) for block in _inner_first(folded)]
    texts.append(_class(main, title))
    parts = [_head(title), *with_helpers(texts), _ending(network, main.name, len(main.outputs))]
    return "\n\n".join(parts), refusals


def _docstring(title: str) -> str:
    plain = " ".join("".join(sign if sign.isprintable() and sign not in '"\\' else " " for sign in title).split())
    return f"{plain or 'A network'}."


def _promote(folded: Folded, labels: Mapping[int, str]) -> None:
    """Makes a block of what is repeated and has merges in it: it is a class."""

    def promoted(series: Series) -> Series:
        made = tuple([with_inner(item, tuple(map(promoted, inner(item)))) for item in series])
        return tuple([_as_block(folded, item, labels) if isinstance(item, Rounds) else item for item in made])

    folded.series = promoted(folded.series)
    for block in list(folded.blocks):
        block.series = promoted(block.series)


def _as_block(folded: Folded, item: Rounds, labels: Mapping[int, str]) -> Rounds:
    if all(_is_plain(folded, one, labels) for one in item.series):
        return item
    block = RepeatedBlock(len(folded.blocks), item.series, None)
    block.name = folded.naming.block([item.series], folded.looks)
    folded.blocks.append(block)
    use = BlockUse(end(item.series) or 0, block.number, (), (), -1, 0, -(10**9) - block.number, 1)
    return item._replace(series=(use,))


def _is_plain(folded: Folded, item: Item, labels: Mapping[int, str]) -> bool:
    """Whether an item is a module of one tensor, which needs no class."""
    if isinstance(item, Rounds):
        return all(_is_plain(folded, one, labels) for one in item.series)
    if isinstance(item, BlockUse):
        return not item.tensors and item.node not in labels
    if not isinstance(item, Cell) or item.others or item.alone or item.node in labels:
        return False
    node = folded.network.nodes[item.node]
    return node.owner is None and makes_module(folded.network, node)


def _inner_first(folded: Folded) -> Iterator[RepeatedBlock]:
    """The blocks that are used, each behind those that it uses."""
    done: set[int] = set()
    work = [(number, False) for number in reversed(_used(folded.series))]
    while work:
        number, ready = work.pop()
        if number in done:
            continue
        block = folded.blocks[number]
        if ready:
            done.add(number)
            yield block
        else:
            work.append((number, True))
            work += [(one, False) for one in reversed(_used(block.series)) if one not in done]


def _used(series: Series) -> list[int]:
    return list(dict.fromkeys(item.block for item in everything(series) if isinstance(item, BlockUse)))


# --- classes ----------------------------------------------------------------------------------------


def _block(
    unfolded: Unfolded, block: RepeatedBlock, name: str, made: Mapping[int, ClassText], labels: Mapping[int, str],
    called: Mapping[int, str], refusals: Refusals,
) -> ClassText:  # fmt: skip
    """The class of a block."""
    text = ClassText(unfolded, name, block.number, made, labels, called, refusals)
    channels = [_channels(unfolded, instance.entering) for instance in text.instances]
    if None not in channels:
        text.scope.add("in_channels", channels)
    for parameter in block.parameters:
        values = unfolded.column(block, parameter)
        kinds = parameter.slot.name == "kind"
        text.scope.add(variable(parameter.name), [Code(activation(value)) if kinds else _value(value)
                       for value in values], None if kinds else parameter.default)  # fmt: skip
    entering = "x"
    used = {item.tensor for item in everything(block.series) if isinstance(item, Start)}
    used |= {tensor for item in everything(block.series) for tensor in getattr(item, "others", ())}
    if block.entering in used:
        entering = "inputs"
    text.inputs = [entering, *block.tensors]
    text.variables.update(
        dict(zip([t for t in block.labels if block.labels[t] != "input"], block.tensors, strict=False))
    )
    if block.entering is not None:
        text.variables[block.entering] = entering
    _fill(text, block.series, entering)
    text.scope.arguments = [argument for argument in text.scope.arguments if argument.used]
    return text


def _value(value: object) -> object:
    """A value as PyTorch has it."""
    return tuple(value) if isinstance(value, tuple) else value


def _channels(unfolded: Unfolded, tensor: int | None) -> int | None:
    shape = None if tensor is None else unfolded.network.nodes[tensor].output
    return shape[0] if shape else None


def _network(text: ClassText) -> None:
    """The class of the network itself."""
    network, folded = text.unfolded.network, text.unfolded.folded
    single = len(network.inputs) == 1
    text.inputs = ["x"] if single else [text.names[node.position] for node in network.inputs]
    used = {item.tensor for item in everything(folded.series) if isinstance(item, Start)}
    used |= {tensor for item in everything(folded.series) for tensor in getattr(item, "others", ())}
    used |= {tensor for item in everything(folded.series) for tensor in getattr(item, "tensors", ())}
    if single and network.inputs[0].position in used:
        text.inputs = ["inputs"]
    for node, name in zip(network.inputs, text.inputs, strict=True):
        text.variables[node.position] = name
    running = text.run(folded.series, text.inputs[0], 0)
    ports = list(dict.fromkeys(port.node for port in leaving(network) if port.node >= 0))
    text.outputs = [text.variables.get(node) or text.names.get(node, running)
                    for node in ports] or [running]  # fmt: skip


def _fill(text: ClassText, series: Series, entering: str) -> None:
    """The lines of a block's class: of a sequence where it is one."""
    if all(map(text.modules.plain, series)):
        text.sequence = text.modules.of(series)
    else:
        text.outputs = [text.run(series, entering, 0)]


def _class(text: ClassText, title: str = "") -> str:
    """The lines of a class."""
    names = text.attributes.names()
    base = "nn.Module" if text.sequence is None else "nn.Sequential"
    made = [f"class {text.name}({base}):", *lines(signature(text.scope), 4, "def __init__", " -> None:")]
    if text.sequence is not None:
        made += lines(call("super().__init__", text.sequence), 8)
        return "\n".join(made) + "\n"
    made.append("        super().__init__()")
    for name, piece in text.parts:
        made += attribute_lines(names[name], piece.renamed(names))
    several = len(text.outputs) > 1
    result = f"tuple[{', '.join('Tensor' for _ in text.outputs)}]" if several else "Tensor"
    given = call("", ["self", *[f"{name}: Tensor" for name in text.inputs]])
    made += ["", *lines(given, 4, "def forward", f" -> {result}:")]
    made += _statements(text, names)
    return "\n".join(made) + "\n"


def _statements(text: ClassText, names: Mapping[str, str]) -> list[str]:
    """The lines of `forward`; what is given back at once has no name."""
    statements = text.statements
    direct = len(text.outputs) == 1 and bool(statements) and statements[-1][0] == text.outputs[0]
    used, wanted = set(text.outputs), list[str]()
    for target, piece in reversed(statements):
        wanted.append(", ".join([name if name in used else "_" for name in target.split(", ")]))
        used |= set(_NAME.findall(piece.flat))
    made: list[str] = []
    for target, (_, piece) in zip(reversed(wanted), statements[:-1] if direct else statements, strict=False):
        made += lines(piece.renamed(names), 8, f"{target} = ")
    if direct:
        return [*made, *lines(statements[-1][1].renamed(names), 8, "return ")]
    return [*made, f"        return {', '.join(text.outputs)}"]


def _ending(network: Network, name: str, outputs: int) -> str:
    """What the file does when it is run: it prints the shapes of the outputs."""
    embedded = {node.inputs[0] for node in network.nodes if node.kind == "embed"}
    tensors = []
    for node in network.inputs:
        sizes = ", ".join(map(str, (1, *(node.output or ()))))
        tensors.append(f"torch.zeros({sizes}{', dtype=torch.long' * (node.position in embedded)})")
    made = [*lines(call(f"{name}().eval()", tensors), 4, "outputs = ")]
    several = outputs > 1
    shown = "print(*(tuple(output.shape) for output in outputs))" if several else "print(tuple(outputs.shape))"
    return "\n".join(['if __name__ == "__main__":', *made, f"    {shown}", ""])
