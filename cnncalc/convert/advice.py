"""What is advised for a call elsewhere: a line, or the reason why there is none; and what the call claims."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from ..layers import Layer, LayerError, Shape
from ..records import Record
from ..values import spell
from .python_values import NotSaid, Variable

CLAIMED_CHANNELS, CLAIMED_VALUES, CLAIMED_AXES = "input channels", "inputs", "spatial axes"


class Claim(Record):
    """What a call says of the tensor that enters it: so many input channels, inputs or spatial axes."""

    call: str
    what: str
    number: int

    def against(self, shape: Shape) -> str:
        """What is wrong with it where `shape` enters; empty where nothing is."""
        entering = shape[0]
        if self.what == CLAIMED_VALUES:
            entering = prod(shape)
        elif self.what == CLAIMED_AXES:
            entering = len(shape) - 1
        if entering == self.number:
            return ""
        what = self.what if self.number != 1 else {"inputs": "input", "spatial axes": "spatial axis"}.get(
            self.what, "input channel")  # fmt: skip
        return f"{self.call} is for {self.number:,} {what}: {entering:,} {'enters' if entering == 1 else 'enter'} here"


class Advice(Record):
    """The line to write, or the reason why there is none; neither for what is no call of a layer."""

    line: str = ""
    reason: str = ""
    #: What the call says of the tensor that enters the line.
    claims: tuple[Claim, ...] = ()
    #: The layers of the line; none where a name stands for a number or a tensor in it.
    layers: tuple[Layer, ...] = ()
    #: The layer of the module's own whose output enters: ``F.relu(self.conv1(x))`` runs behind conv1.
    behind: str = ""

    def differences(self, shape: Shape) -> list[str]:
        """What the call says otherwise of the tensor that enters, if that is of `shape`."""
        return [sentence for claim in self.claims if (sentence := claim.against(shape))]

    def output(self, shape: Shape) -> Shape | None:
        """What the line makes of an input of `shape`; None where that is not known, or it cannot be."""
        try:
            for layer in self.layers:
                shape = layer.output((shape,))
        except LayerError:
            return None
        return shape if self.layers else None


class AdvisedLayer(Record):
    """One layer of the line: its class, the values of its arguments, and the tensors that it joins."""

    kind: type[Layer]
    values: Mapping[str, object]
    joined: tuple[str, ...] = ()
    #: The output that the call says, for the end of the line.
    arrow: str = ""

    def layer(self) -> Layer | None:
        """The layer itself; None where a name stands for a number or a tensor. Raises NotSaid where there is none."""
        if self.joined or any(isinstance(value, Variable) for value in self.values.values()):
            return None
        try:
            return self.kind.create(self.values)
        except LayerError as error:
            raise NotSaid(str(error)) from None

    def __str__(self) -> str:
        words, rest = [self.kind.kind], dict(self.values)
        for name in () if self.kind.positions == ("to",) else self.kind.positions:
            if name not in rest or name == "stride":
                break
            words.append(_spelled(rest.pop(name)))
        for arg in self.kind.args:
            if arg.name in rest and (text := _spelled(rest[arg.name])) != arg.default_text:
                words.append(f"{arg.name}={text}")
        return " ".join((*words, *(f"@{name}" for name in self.joined)))


def _spelled(value: object) -> str:
    return str(value) if isinstance(value, str) else spell(value)
