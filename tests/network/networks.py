"""Networks put together by the Assembler alone, and specs that say the same."""

from __future__ import annotations

from functools import partial

from cnncalc.diagnostics import Source
from cnncalc.network import Network
from cnncalc.network.assembler import Assembler

RESNET18 = """\
model ResNet-18
input 3x224x224
default conv bias=no
block basic(width, stride=1, project=no):
    add:
        - conv width 3 stride=stride pad=1 | bn | relu
          conv width 3 pad=1 | bn
        - if project:
              conv width 1 stride=stride | bn
    relu
stage stem:
    conv 64 7 stride=2 pad=3 | bn | relu
    maxpool 3 stride=2 pad=1
stage conv2_x:
    repeat 2:
        basic 64
stage conv3_x:
    basic 128 stride=2 project=yes
    basic 128
stage conv4_x:
    basic 256 stride=2 project=yes
    basic 256
stage conv5_x:
    basic 512 stride=2 project=yes
    basic 512
gavgpool | flatten
fc 1000
"""

UNET = """\
model U-Net
input 1x572x572
block double(width):
    conv width 3 | relu | conv width 3 | relu
block up(width, @skip):
    upconv width 2 stride=2
    concat:
        - @skip | crop like=@here
        - identity
    double width
enc1 = double 64
maxpool 2
enc2 = double 128
maxpool 2
double 256 | dropout
up 128 @enc2
up 64 @enc1
conv 2 1
"""

SIAMESE = """\
model siamese
left = input 1x105x105
right = input 1x105x105
stage tower_a:
    @left | a = conv 64 10
    relu | maxpool 2
    b = conv 128 7
    relu | flatten
    f = fc 4096
stage tower_b:
    @right | conv 64 10 share=@a
    relu | maxpool 2
    conv 128 7 share=@b
    relu | flatten
    fc 4096 share=@f
concat @tower_a @tower_b | fc 1 | sigmoid
"""
SIAMESE = SIAMESE.replace("    @left | a = conv 64 10\n", "    @left | identity\n    a = conv 64 10\n")


class Reader:
    """What a reader of some other format does: it knows kinds, arguments and what reads what, and no place."""

    def __init__(self, title: str, inputs: dict[str, tuple[int, ...]]) -> None:
        self.assembler = Assembler(Source("model.txt", ""))
        self.assembler.set_title(title)
        self.tensors = {name: self.assembler.add_input(name, shape) for name, shape in inputs.items()}

    def put(self, kind: str, *inputs: int, name: str | None = None, **arguments: object) -> int:
        """A layer that fits."""
        node, _, fault = self.assembler.apply(self.assembler.layer(kind, arguments), inputs, name)
        assert fault is None, fault
        return node

    def finish(self, output: int, **more: object) -> Network:
        """The network, whose last tensor is `output`."""
        self.assembler.output(self.assembler.nodes[output].name, output)
        return self.assembler.finish(**more)


def resnet18() -> Network:
    """ResNet-18, as RESNET18 says."""
    reader = Reader("ResNet-18", {"input": (3, 224, 224)})
    put, assembler = partial(_unbiased, reader), reader.assembler

    def basic(x: int, width: int, **stride: int) -> int:
        before = assembler.enter(assembler.instance("basic"))
        y = put("bn", put("conv", x, filters=width, kernel=3, pad=1, **stride))
        y = put("bn", put("conv", put("relu", y), filters=width, kernel=3, pad=1))
        skip = put("bn", put("conv", x, filters=width, kernel=1, **stride)) if stride else x
        y = put("relu", put("add", y, skip))
        assembler.leave(before)
        return y

    with assembler.stage("stem"):
        x = put("conv", 0, filters=64, kernel=7, stride=2, pad=3)
        x = put("maxpool", put("relu", put("bn", x)), kernel=3, stride=2, pad=1)
    for stage, width in enumerate((64, 128, 256, 512), 2):
        with assembler.stage(f"conv{stage}_x"):
            x = basic(x, width) if stage == 2 else basic(x, width, stride=2)
            x = basic(x, width)
    return reader.finish(put("fc", put("flatten", put("gavgpool", x)), units=1000))


def _unbiased(reader: Reader, kind: str, *inputs: int, **arguments: object) -> int:
    defaults = {"bias": False} if kind == "conv" else None
    layer = reader.assembler.layer(kind, arguments, defaults)
    node, _, fault = reader.assembler.apply(layer, inputs)
    assert fault is None, fault
    return node


def unet(inputs: dict[str, tuple[int, ...]] | None = None, **options: object) -> Network:
    """U-Net, as UNET says. Its crops look at sizes, so its reader makes it anew for other inputs."""
    shape = (inputs or {}).get("input", (1, 572, 572))
    reader = _Lenient("U-Net", {"input": shape}, options.get("revise"))
    put, assembler = reader.put, reader.assembler
    assembler.looked_at_sizes()

    def double(x: int, width: int) -> int:
        before = assembler.enter(assembler.instance("double"))
        for _ in range(2):
            x = put("relu", put("conv", x, filters=width, kernel=3))
        assembler.leave(before)
        return x

    def up(x: int, width: int, skip: int) -> int:
        before = assembler.enter(assembler.instance("up"))
        x = put("upconv", x, filters=width, kernel=2, stride=2)
        like = assembler.nodes[x].output
        crop = put("crop", skip, like=like) if like else assembler.add_unknown("crop", (skip,))
        x = double(put("concat", crop, put("identity", x)), width)
        assembler.leave(before)
        return x

    first = len(assembler.nodes)
    one = double(0, 64)
    assembler.name_part("enc1", first, one)
    x = put("maxpool", one, kernel=2)
    first = len(assembler.nodes)
    two = double(x, 128)
    assembler.name_part("enc2", first, two)
    x = put("dropout", double(put("maxpool", two, kernel=2), 256))
    x = up(up(x, 128, two), 64, one)
    return reader.finish(put("conv", x, filters=2, kernel=1), rebuild=unet, diagnostics=reader.faults)


class _Lenient(Reader):
    """A reader that goes on behind a layer that does not fit, and says so at the end."""

    def __init__(self, title, inputs, revise):
        super().__init__(title, inputs)
        self.assembler = Assembler(Source("model.txt", ""), revise=revise)
        self.assembler.set_title(title)
        for name, shape in inputs.items():
            self.assembler.add_input(name, shape)
        self.faults = []

    def put(self, kind, *inputs, name=None, **arguments):
        from cnncalc.diagnostics import ERROR, Diagnostic

        node, _, fault = self.assembler.apply(self.assembler.layer(kind, arguments), inputs, name)
        if fault is not None:
            self.faults.append(Diagnostic(ERROR, "shape", str(fault)))
        return node


def siamese() -> Network:
    """A siamese network, as SIAMESE says."""
    reader = Reader("siamese", {"left": (1, 105, 105), "right": (1, 105, 105)})
    put, assembler = reader.put, reader.assembler

    def tower(stage: str, x: int, names: tuple[str | None, ...], owners: list[int]) -> tuple[int, list[int]]:
        made = []
        with assembler.stage(stage):
            x = put("identity", x) if not owners else x
            for name, (kind, arguments) in zip(
                names,
                (
                    ("conv", {"filters": 64, "kernel": 10}),
                    ("conv", {"filters": 128, "kernel": 7}),
                    ("fc", {"units": 4096}),
                ),
                strict=True,
            ):
                first = len(assembler.nodes)
                x = put(kind, x, name=name, **arguments)
                made.append(x)
                if name:
                    assembler.name_part(name, first, x)
                if owners:
                    assert (
                        assembler.share(range(x, x + 1), range(owners[len(made) - 1], owners[len(made) - 1] + 1)) == []
                    )
                if kind == "conv":
                    x = put("relu", x)
                    x = put("maxpool", x, kernel=2) if len(made) == 1 else put("flatten", x)
        return x, made

    a, owners = tower("tower_a", 0, ("a", "b", "f"), [])
    b, _ = tower("tower_b", 1, (None, None, None), owners)
    return reader.finish(put("sigmoid", put("fc", put("concat", a, b), units=1)))


PAIRS = {"resnet18": (RESNET18, resnet18), "unet": (UNET, unet), "siamese": (SIAMESE, siamese)}
