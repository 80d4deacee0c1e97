"""A .cfg file into a network: each section is one layer of Darknet's, and one or some of ours.

What a section makes follows src/parser.c and the make_… functions of AlexeyAB/darknet, whose reader takes the files of
pjreddie/darknet, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ...diagnostics import ERROR, TOO_MANY_LAYERS, Diagnostic, Span, SpecError
from ...layers import Layer, LayerError
from ...network import UNKNOWN, Network
from ...network.assembler import Assembler, TooManyLayers
from ...network.model import Origin, Step
from ...records import Record
from ...values import Shape
from ..misfit import BROKEN, Misfit, misfit
from ..readers import again
from ..unknown import unknown_note
from .sections import Section, misspelt, sections

if TYPE_CHECKING:
    from ..readers import ModelFile, Request

_FIRST = ("[net]", "[network]")


def read(file: ModelFile, request: Request) -> Network:
    """The network of a .cfg file. Raises SpecError where it is none, or has no sound size of input."""
    from .layers import LAYERS

    parts = sections(file)
    net = next(parts, None)
    if net is None or net.type not in _FIRST:
        raise SpecError([Diagnostic(ERROR, "syntax", "the first section is [net]", net.span if net else None)])
    filling = DarknetReader(file, request)
    filling.enter(net)
    try:
        for section in parts:
            filling.add(section, LAYERS.get(section.type))
    except TooManyLayers as error:
        filling.faults.append(Diagnostic(ERROR, TOO_MANY_LAYERS, str(error), section.span))
    return filling.network()


class Done(Record):
    """A section that has become layers: the tensor that it gives, and the nodes that it is."""

    tensor: int
    nodes: range


class DarknetReader:
    """A network while it is being filled, section by section."""

    def __init__(self, file: ModelFile, request: Request) -> None:
        self.file, self.request = file, request
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.faults: list[Diagnostic] = []
        self.done: list[Done] = []
        self.heads: list[tuple[str, int]] = []
        self._nearest: dict[str, list[str]] = {}
        #: The sections without a rule.
        self.unread: list[Section] = []
        #: What the next section reads, and the section that is being read.
        self.tensor = UNKNOWN
        self.section: Section | None = None

    # --- the ends -----------------------------------------------------------------------------------

    def enter(self, net: Section) -> None:
        """The input: channels, height and width, or a vector. Raises SpecError where neither is there."""
        shape: Shape = tuple(net.number(key, 0) for key in ("channels", "height", "width"))
        if not all(size > 0 for size in shape):
            shape = (net.number("inputs", 0),)
        given = self.request.shapes(["input"]).get("input")
        if given is None and shape[0] <= 0:
            raise SpecError([Diagnostic(ERROR, "input", "the network has no input", net.span,
                                        "write width=…, height=… and channels=…, or inputs=…")])  # fmt: skip
        self.tensor = self.assembler.add_input("input", shape if given is None else given, net.span)
        batch = net.number("batch", 1)
        self.assembler.set_file_batch(max(batch, 1))

    def network(self) -> Network:
        """The network, complete: its outputs are what its detecting layers give, else what the last one gives."""
        if not self.heads:
            self.heads.append((self.assembler.nodes[self.tensor].name if self.tensor >= 0 else "output", self.tensor))
        for name, node in self.heads:
            self.assembler.output(name, node)
        if self.unread:
            from .layers import LAYERS

            types, known = (
                [name.strip("[]") for name in names] for names in ([section.type for section in self.unread], LAYERS)
            )
            self.faults.append(unknown_note(self.file, types, known, self.unread[0].span))
        return self.assembler.finish(self.faults, again(self.file, self.request))

    # --- a section ----------------------------------------------------------------------------------

    def add(self, section: Section, rule: Rule | None) -> None:
        """Puts the layers of a section into the network; one of an unknown type gives nothing that is known."""
        self.section = section
        self.faults += misspelt(section, self._nearest)
        first, index = len(self.assembler.nodes), len(self.done)
        before = self.assembler.enter(Step(str(index), section.type.strip("[]")))
        try:
            tensor = rule(self, section) if rule is not None else self.unknown()
        except Misfit as error:
            self.faults.append(error.diagnostic)
            tensor = self._unknown(self.type_name)
        except BROKEN as error:
            self.faults.append(Misfit(misfit(error), section.span).diagnostic)
            tensor = self._unknown(self.type_name)
        finally:
            self.assembler.leave(before)
        nodes = self.assembler.nodes
        if len(nodes) == first + 1:
            nodes[first] = nodes[first]._replace(context=before)  # a layer alone is no stage
        elif len(nodes) > first:
            self.assembler.name_part(str(index), first, tensor)
        self.done.append(Done(tensor, range(first, len(self.assembler.nodes))))
        self.tensor = tensor

    @property
    def type_name(self) -> str:
        """The type of the section, without its brackets."""
        assert self.section is not None
        return self.section.type.strip("[]")

    @property
    def shape(self) -> Shape | None:
        """The shape that the section reads."""
        return self.shape_of(self.tensor)

    def shape_of(self, tensor: int) -> Shape | None:
        """The shape of a tensor; None where it is not known."""
        return self.assembler.nodes[tensor].output if tensor >= 0 else None

    def apply(
        self, kind: str | type[Layer], given: Mapping[str, Any], *inputs: int, name: str = "", key: str = ""
    ) -> int:
        """Puts a layer on `inputs`, by default what the section reads; its tensor. `key` is the option at fault."""
        assert self.section is not None
        place = self.section.place(key) if key else self.section.span
        read = inputs or (self.tensor,)
        try:
            layer = self.assembler.layer(kind, given)
        except LayerError as error:
            raise Misfit(error, self._place(error, place)) from None
        applied = self.assembler.apply(
            layer, read, self._name(name or (kind if isinstance(kind, str) else kind.kind)), self.section.span
        )
        if applied.fault is not None:
            self.faults.append(Misfit(applied.fault, self._place(applied.fault, place)).diagnostic)
        self.assembler.network.origins[applied.node] = Origin(self.type_name)
        return applied.node

    def unknown(self) -> int:
        """A section of a type without a rule: what it gives, and costs, is not known."""
        assert self.section is not None
        self.unread.append(self.section)
        return self._unknown(self.type_name)

    def _unknown(self, what: str) -> int:
        assert self.section is not None
        node = self.assembler.add_unknown("op", (self.tensor,), self._name(what), self.section.span)
        self.assembler.network.origins[node] = Origin(self.type_name)
        return node

    def _name(self, what: str) -> str:
        return f"{len(self.done)}.{what}"

    def _place(self, error: LayerError, otherwise: Span) -> Span:
        keys = {"kernel": "size", "filters": "filters", "pad": "pad", "groups": "groups", "stride": "stride"}
        assert self.section is not None
        key = keys.get(error.argument or "")
        return self.section.place(key) if key and key in self.section.options else otherwise

    # --- other sections -----------------------------------------------------------------------------

    def others(self, key: str) -> list[int]:
        """The indices of the sections that `key` names: from the start, or where negative back from this one."""
        assert self.section is not None
        option = self.section.options.get(key)
        if option is None:
            raise Misfit(LayerError(f"{self.section.type} needs '{key}'"), self.section.span)
        indices = []
        for number in option.numbers():
            index = number + len(self.done) if number < 0 else number
            if not 0 <= index < len(self.done):
                last = f"the sections before it are 0 to {len(self.done) - 1}" if self.done else "it is the first one"
                raise Misfit(LayerError(f"there is no section {number} to read: {last}"), option.span)
            indices.append(index)
        return indices

    def tensors(self, key: str) -> list[int]:
        """The tensors of the sections that `key` names."""
        return [self.done[index].tensor for index in self.others(key)]


#: What a type of section makes: its layers are put into the network, and its tensor is given back.
Rule: TypeAlias = Callable[[DarknetReader, Section], int]
