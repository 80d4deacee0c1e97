"""Short cuts that tests share."""

from __future__ import annotations

from pathlib import Path
from random import Random

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.features.rewrite.formatter import format_source
from cnncalc.interpret import build
from cnncalc.network import Network
from cnncalc.network.assembler import Assembler

PICTURE = "input 3x32x32\n"


def network(text: str, **options: object) -> Network:
    """The network of `text`, faults and all."""
    return build(Source("model.txt", text), **options)  # type: ignore[arg-type]


def clean(text: str, **options: object) -> Network:
    """The network of `text`, which must be free of errors and warnings."""
    built = network(text, **options)
    assert [one for one in built.diagnostics if one.severity != "note"] == []
    return built


def fault(text: str, **options: object) -> Diagnostic:
    """The one error of `text`."""
    errors = [one for one in network(text, **options).diagnostics if one.severity == "error"]
    assert len(errors) == 1, [one.message for one in errors]
    return errors[0]


def shapes(text: str, **options: object) -> list[tuple[int, ...] | None]:
    """The output shapes of the layers of `text`."""
    return [node.output for node in clean(text, **options).layers]


def names(text: str, **options: object) -> list[str]:
    """The names of the layers of `text`."""
    return [node.name for node in clean(text, **options).layers]


def params(text: str, **options: object) -> int:
    """The parameters of `text`, each stored tensor once, train heads included."""
    return sum(node.result.params for node in clean(text, **options).layers if node.result and node.owner is None)


def used(folder: Path, name: str, text: str) -> None:
    """Writes a file for `use`."""
    (folder / name).write_text(text, encoding="utf-8")


def format_text(text: str) -> str:
    """`text` formatted, its byte-order mark kept."""
    mark = text[: text.startswith("\ufeff")]
    return mark + format_source(Source("<spec>", text[len(mark) :]))


#: What writes over its input where it may, what does not, and views.
_LAYERS = (
    "relu", "tanh", "prelu", "bn", "gelu", "conv 3 1", "maxpool 3 stride=1 pad=1", "softmax", "ln", "shuffle 3", "identity",
    "dropout",
)  # fmt: skip


def drawn_graph(seed: int) -> str:
    """A network of named lines, each of which reads one or two tensors before it."""
    chance = Random(seed)
    lines, names = ["x0 = input 3x6x6"], ["x0"]
    for number in range(1, chance.randint(3, 14)):
        names.append(f"x{number}")
        if len(names) > 2 and chance.random() < 0.35:
            a, b = chance.choices(names[:-1], k=2)
            lines.append(f"x{number} = {chance.choice(('add', 'mul', 'add'))} @{a} @{b}")
        else:
            element = chance.choice(_LAYERS)
            lines.append(f"x{number} = @{chance.choice(names[-4:-1])} | {element}")
    outputs = sorted({names[-1], *chance.choices(names, k=chance.randint(0, 2))})
    return "\n".join([*lines, f"output {' '.join(f'@{name}' for name in outputs)}"])


#: The person detection of TFLite Micro's examples; with three channels it is visual wake words.
DETECTOR = """
let channels = 1
input (channels, 96, 96)
default conv dwconv bias=no
block sep(width, stride=1):
    dwconv 3 stride=stride pad=same | bn | relu6
    conv width 1 | bn | relu6
conv 8 3 stride=2 pad=same | bn | relu6
sep 16
sep 32 stride=2
sep 32
sep 64 stride=2
sep 64
sep 128 stride=2
repeat 5:
    sep 128
sep 256 stride=2
sep 256
avgpool 3
conv 2 1 bias=yes | flatten | softmax
"""


def named(name: str) -> Network:
    """A network whose title, stage, layer and output have a name that no spec could give them."""
    assembler = Assembler(Source(name, ""))
    image = assembler.add_input(name + "i", (3, 8, 8))
    with assembler.stage(name):
        made, *_ = assembler.apply(assembler.layer("conv", {"filters": 4, "kernel": 3}), (image,), name)
        made, *_ = assembler.apply(assembler.layer("relu", {}), (made,), name + "r")
    assembler.output(name + "o", made)
    return assembler.finish([])
