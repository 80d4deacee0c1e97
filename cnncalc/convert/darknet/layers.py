"""What each type of section is made of, by its name in brackets. Formulas: the make_… functions of Darknet."""

from __future__ import annotations

from math import prod
from typing import Any

from ...values import Pair, Size
from .reading import DarknetReader, Rule
from .sections import Section
from .shared import activated, same
from .windows import as_map, convolutional, crnn, local, pool

# --- convolutions and dense layers ----------------------------------------------------------------------


def connected(filling: DarknetReader, section: Section) -> int:
    """A fully connected layer over all values, its normalization and activation."""
    tensor = _dense(filling, section, _flat(filling), "output")
    return activated(filling, tensor, section.word("activation", "logistic"))


def _dense(filling: DarknetReader, section: Section, tensor: int, key: str, name: str = "") -> int:
    normalized = bool(section.number("batch_normalize", 0))
    given = {"units": section.number(key, 1), "bias": not normalized}
    tensor = filling.apply("fc", given, tensor, name=name or "fc", key=key)
    return filling.apply("bn", {}, tensor, name=f"{name}_bn" if name else "bn") if normalized else tensor


def _flat(filling: DarknetReader) -> int:
    shape = filling.shape
    return filling.tensor if shape is None or len(shape) == 1 else filling.apply("flatten", {})


# --- recurrent layers: each step of a sequence is a sample ----------------------------------------------


def rnn(filling: DarknetReader, section: Section) -> int:
    """Three dense layers: of the input, of the state before, and of the new state."""
    new = _dense(filling, section, _flat(filling), "hidden", "input")
    state = _dense(filling, section, new, "hidden", "self")
    return _dense(filling, section, filling.apply("add", {}, new, state, name="state"), "output", "output")


def gated(*gates: str) -> Rule:
    """For each gate a dense layer of the input and one of the state before."""

    def rule(filling: DarknetReader, section: Section) -> int:
        tensor, sums = _flat(filling), []
        for gate in gates:
            new = _dense(filling, section, tensor, "output", f"w{gate}")
            state = _dense(filling, section, new, "output", f"u{gate}")
            sums.append(filling.apply("add", {}, new, state, name=gate))
        return filling.apply("mul", {}, *sums, name="state")

    return rule


# --- several inputs -------------------------------------------------------------------------------------


def route(filling: DarknetReader, section: Section) -> int:
    """The channels of earlier sections, or one of several groups of each, side by side; of all together where one of
    them has no whole groups.
    """
    tensors, groups = filling.tensors("layers"), section.number("groups", 1)
    which, shapes = section.number("group_id", 0), [filling.shape_of(tensor) for tensor in tensors]
    whole = all(shape is None or shape[0] % groups == 0 for shape in shapes) if groups > 1 else True
    if groups > 1 and whole:
        tensors = [_group(filling, tensor, groups, which) for tensor in tensors]
    tensor = tensors[0] if len(tensors) == 1 else filling.apply("concat", {}, *tensors, name="route", key="layers")
    return tensor if whole else _group(filling, tensor, groups, which)


def _group(filling: DarknetReader, tensor: int, groups: int, which: int) -> int:
    shape = filling.shape_of(tensor)
    if shape is None:
        return tensor
    filling.assembler.looked_at_channels()
    width = shape[0] // groups
    return filling.apply("take", {"range": Pair(which * width, (which + 1) * width)}, tensor, key="group_id")


def shortcut(filling: DarknetReader, section: Section) -> int:
    """The sum with earlier sections, with learned factors where it has weights; of other shapes what they share."""
    tensors = [filling.tensor, *filling.tensors("from")]
    weights = section.word("weights_type", "none")
    shapes = [filling.shape_of(tensor) for tensor in tensors]
    if weights == "per_channel":
        given = {"bias": False}
        tensors = [filling.apply("scale", given, one, name=f"weight{index}") for index, one in enumerate(tensors)]
    learned = len(tensors) if weights in ("per_feature", "per_layer") else 0
    if learned or (None not in shapes and len(set(shapes)) > 1):
        macs = learned * prod(shapes[0]) if shapes[0] else 0
        tensor = same(filling, tensors, shapes[0], "shortcut", params=learned, macs=macs)
    else:
        tensor = filling.apply("add", {}, *tensors, key="from")
    return activated(filling, tensor, section.word("activation", "linear"))


def scale_channels(filling: DarknetReader, section: Section) -> int:
    """An earlier map, each channel (or with scale_wh each position) times what comes in."""
    (other,) = filling.tensors("from")[:1]
    tensor = filling.tensor if len(filling.shape_of(other) or ()) == 1 else as_map(filling)
    tensor = filling.apply("mul", {}, other, tensor, key="from")
    return activated(filling, tensor, section.word("activation", "linear"))


# --- shapes and ends ------------------------------------------------------------------------------------


def reorg(filling: DarknetReader, section: Section) -> int:
    """Squares of pixels become channels, or the other way round."""
    kind = "pixelshuffle" if section.number("reverse", 0) else "pixelunshuffle"
    return filling.apply(kind, {"factor": section.number("stride", 1)}, name="reorg", key="stride")


def upsample(filling: DarknetReader, section: Section) -> int:
    """Larger by a whole factor, or smaller by a negative one."""
    factor = section.number("stride", 2)
    if factor < 0:
        return filling.apply("maxpool", {"kernel": 1, "stride": -factor}, name="downsample", key="stride")
    return filling.apply("resize", {"factor": factor}, as_map(filling), name="upsample", key="stride")


def crop(filling: DarknetReader, section: Section) -> int:
    """The part of the picture that the network is for."""
    size = Size((section.number("crop_height", 1), section.number("crop_width", 1)))
    return filling.apply("crop", {"size": size}, key="crop_height")


def plain(kind: str, **given: Any) -> Rule:
    """One layer that takes nothing from its section."""
    return lambda filling, section: filling.apply(kind, given)


def normalization(filling: DarknetReader, section: Section) -> int:
    """Local response normalization."""
    return filling.apply("lrn", {"size": section.number("size", 5)}, name="lrn", key="size")


def activation(filling: DarknetReader, section: Section) -> int:
    """An activation by itself."""
    return activated(filling, filling.tensor, section.word("activation", "linear"))


def detecting(filling: DarknetReader, section: Section) -> int:
    """Boxes out of a map, value by value: an output of the network."""
    tensor = same(filling, filling.tensor, filling.shape, filling.type_name)
    filling.heads.append((filling.assembler.nodes[tensor].name, tensor))
    return tensor


def passed(filling: DarknetReader, section: Section) -> int:
    """What only training looks at."""
    return filling.tensor


def implicit(filling: DarknetReader, section: Section) -> int:
    """Learned values that depend on no input."""
    shape = Size((section.number("filters", 128), section.number("atoms", 1), 1))
    return filling.apply("learned", {"shape": shape}, name="implicit")


LAYERS: dict[str, Rule] = {
    "[convolutional]": convolutional, "[conv]": convolutional, "[connected]": connected, "[conn]": connected,
    "[local]": local, "[rnn]": rnn, "[crnn]": crnn, "[gru]": gated("z", "r", "h"), "[lstm]": gated("f", "i", "g", "o"),
    "[maxpool]": pool("maxpool"), "[max]": pool("maxpool"), "[local_avgpool]": pool("avgpool"),
    "[local_avg]": pool("avgpool"), "[avgpool]": plain("gavgpool"), "[avg]": plain("gavgpool"),
    "[route]": route, "[shortcut]": shortcut, "[scale_channels]": scale_channels, "[sam]": scale_channels,
    "[reorg]": reorg, "[reorg3d]": reorg, "[upsample]": upsample, "[crop]": crop,
    "[softmax]": plain("softmax"), "[soft]": plain("softmax"), "[dropout]": plain("dropout"),
    "[batchnorm]": plain("bn"), "[normalization]": normalization, "[lrn]": normalization, "[activation]": activation,
    "[yolo]": detecting, "[Gaussian_yolo]": detecting, "[region]": detecting, "[detection]": detecting,
    "[cost]": passed, "[contrastive]": passed, "[empty]": passed, "[silence]": passed, "[implicit]": implicit,
}  # fmt: skip
