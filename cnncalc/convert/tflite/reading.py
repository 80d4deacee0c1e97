"""A TFLite file into a network: every operator is one layer, with the activation that is fused into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR, TOO_MANY_LAYERS, Diagnostic, NamedPlace
from ...layers import Layer, LayerError
from ...layers.op import Op
from ...network import UNKNOWN, Network
from ...network.assembler import Assembler, TooManyLayers
from ...network.model import Origin
from ...values import Shape, Size
from ..misfit import BROKEN, misfit
from ..readers import again
from ..unknown import unknown_note
from .tables import TYPES, Stored, TfliteOperator, graph

if TYPE_CHECKING:
    from ..readers import ModelFile, Request


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError."""
    return TfliteReader(file, request).network()


#: Operators that give what a run before has left, or the numbers of chance: no constants.
STATES = frozenset("READ_VARIABLE RANDOM_UNIFORM RANDOM_STANDARD_NORMAL MULTINOMIAL".split())


class NoRule(Exception):
    """An operator that no layer of ours is, as it stands there: what the file says of it is all that is known."""


class TfliteReader:
    """A network while it is being filled, operator by operator."""

    def __init__(self, file: ModelFile, request: Request) -> None:
        self.file, self.request = file, request
        self.graph = graph(file)
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.faults: list[Diagnostic] = []
        #: The node that made each tensor; constants have none.
        self.made: dict[int, int] = {}
        #: What operators make of constants alone: they are no layers. The constant that is the first of each.
        self.fixed: dict[int, int] = {}
        #: The node that counts the weights of a buffer.
        self.owners: dict[int, int] = {}
        #: Tensors of sizes, and what is made of these alone.
        self.sizes: set[int] = set()
        #: Whether the shapes of the file hold: not where an input is another one.
        self.holds = True
        self.operator = TfliteOperator("", [], [], lambda key, default: default)
        #: The number of samples in the file: the leading size of its first input that is more than a vector.
        leading = (self.stored(index).shape for index in self.graph.inputs)
        self.batch = next((shape[0] for shape in leading if len(shape) > 1), 1)
        #: The nodes, first and last, of each operator.
        self.spans: list[tuple[int, int]] = []
        #: Operators of which more is not known than their output's shape, if that.
        self.unruled: list[TfliteOperator] = []

    def network(self) -> Network:
        """The network of the whole file."""
        from .memory import allocations
        from .operators import OPERATORS

        graph, network = self.graph, self.assembler.network
        names = [self.stored(index).name or f"input{number}" for number, index in enumerate(graph.inputs, 1)]
        given = self.request.shapes(names)
        for name, index in zip(names, graph.inputs, strict=True):
            shape = self.per_sample(index)
            self.holds = self.holds and given.get(name, shape) == shape
            entering = given.get(name, shape)
            known = entering if all(size > 0 for size in entering) else None
            node = self.assembler.add_input(name, known, NamedPlace(self.file, f"tensor '{name}'"))
            self.made[index] = node
            network.types[node] = self._type(index)
        self.assembler.set_file_batch(self.batch)
        try:
            for operator in graph.operators:
                self.operator, first = operator, len(self.assembler.nodes)
                if self._is_fixed(operator):
                    self._fix(operator)
                elif operator.outputs:
                    self._add(operator, OPERATORS.get(operator.name))
                self.spans.append((first, len(self.assembler.nodes) - 1))
        except TooManyLayers as error:
            self.faults.append(Diagnostic(ERROR, TOO_MANY_LAYERS, str(error)))
        self.assembler.set_dtypes(self._dtypes())
        for index in graph.outputs:
            self.assembler.output(self.stored(index).name or "output", self.made.get(index, UNKNOWN))
        self.assembler.set_allocations(allocations(self))
        if self.unruled:
            types, spot = [one.name for one in self.unruled], self._spot(self.unruled[0])
            self.faults.append(unknown_note(self.file, types, (), spot))
        return self.assembler.finish(self.faults, again(self.file, self.request))

    def _dtypes(self) -> dict[str, str]:
        """The types of the first operator that has weights: of its input, its weights and its biases."""
        for operator in self.graph.operators:
            if operator.name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED") and operator.inputs[1:]:
                return self._type(operator.inputs[0]) | self._learned_types(operator)
        return {}

    def _type(self, index: int) -> dict[str, str]:
        """The type of a tensor, if our memory model knows it; what a kernel gives has no half bytes."""
        name = TYPES.get(self.stored(index).type)
        return {"activations": "int8" if name == "int4" else name} if name else {}

    def _learned_types(self, operator: TfliteOperator) -> dict[str, str]:
        """The types of the weights and biases of an operator that has constants."""
        read = operator.inputs[operator.name == "TRANSPOSE_CONV" :]  # whose first constant is a shape
        stored = [self.stored(self.fixed.get(index, index)) for index in read if index >= 0]
        constants = [one for one in stored if one.data is not None]
        found = zip(("weights", "biases"), (constants[:1], constants[-1:]), strict=True)
        return {part: TYPES[storeds[0].type] for part, storeds in found if storeds and storeds[0].type in TYPES}

    # --- an operator --------------------------------------------------------------------------------

    def stored(self, index: int) -> Stored:
        """A tensor of the file."""
        return self.graph.tensors[index]

    def _is_fixed(self, operator: TfliteOperator) -> bool:
        """Whether what it gives is the same in every run: it reads constants alone, and no state."""
        return not self.read and operator.name not in STATES and -1 not in operator.outputs

    def _fix(self, operator: TfliteOperator) -> None:
        """An operator on constants: of its results no more is needed than their shapes."""
        source = next((index for index in operator.inputs if index >= 0), -1)
        self.fixed.update((index, self.fixed.get(source, source)) for index in operator.outputs)
        if self.file.how.raw and operator.outputs:
            shape = self.told(operator.outputs[0])
            name = self.stored(operator.outputs[0]).name or None
            given = {"name": operator.name, "shape": shape, "params": 0, "macs": 0}
            node = self.assembler.apply(self.assembler.layer(Op, given), (), name, self._spot()).node
            self._known(node, operator.outputs[0])

    def _add(self, operator: TfliteOperator, rule: Callable[[TfliteReader], int] | None) -> None:
        from .operators import AXISLESS

        try:
            whole = operator.name not in AXISLESS and any(map(self.whole, (*self.read, operator.outputs[0])))
            scalar = self.told(operator.outputs[0]) == ()  # no layer of ours gives a number
            if rule is None or whole or scalar or not all(map(self.shape, self.read)):
                raise NoRule
            tensor = rule(self)
        except (NoRule, IndexError):  # of fewer tensors than its rule reads
            tensor = self.stored_alone()
        except LayerError as error:
            if not self.holds:
                self.faults.append(Diagnostic(ERROR, error.code, str(error), spot=self._spot()))
            tensor = self.stored_alone()
        except BROKEN as error:
            found = misfit(error)
            self.faults.append(Diagnostic(ERROR, found.code, str(found), help=found.help, spot=self._spot()))
            tensor = self.stored_alone()
        if operator.name == "SHAPE" or self.sizes.issuperset(self.read):
            self.sizes.update(operator.outputs)
        self.made[operator.outputs[0]] = tensor
        for index in operator.outputs[1:]:
            self.made[index] = self.stored_alone(index, cost=0)

    @property
    def read(self) -> list[int]:
        """The tensors that the operator reads which some node has made."""
        return [index for index in self.operator.inputs if index in self.made]

    def shape(self, index: int) -> Shape | None:
        """The shape of a tensor, as it is worked out; None where it is not known."""
        node = self.made.get(index, UNKNOWN)
        return self.assembler.nodes[node].output if node >= 0 else None

    @property
    def entering(self) -> Shape:
        """The shape of the first tensor that the operator reads: a rule is only asked where it is known."""
        return self.shape(self.read[0]) or ()

    def whole(self, index: int) -> bool:
        """Whether a tensor has no axis of samples."""
        shape = self.stored(index).shape
        return not shape or shape[0] != self.batch

    def per_sample(self, index: int) -> Shape:
        """The stored shape of a tensor without the samples, the channels first; of one that has none all of it."""
        shape = self.stored(index).shape
        if self.whole(index):
            return shape
        sizes = shape[1:]
        return sizes if len(sizes) < 2 else (sizes[-1], *sizes[:-1])

    def told(self, index: int) -> Shape | None:
        """The shape of a tensor as it stands in the file; None where an input has another, or a size is free."""
        shape, read = self.per_sample(index), self.read
        uncertain = self.sizes.issuperset(read) or any(self.shape(one) is None for one in read)
        if self.stored(index).free and read and uncertain:
            return None  # its leading size need not be the number of the samples
        return shape if self.holds and min(shape, default=1) > 0 else None

    def apply(self, kind: str | type[Layer], given: Mapping[str, Any], *inputs: int, last: bool = True) -> int:
        """Puts a layer on nodes, by default that of the first tensor that is read. Raises LayerError.

        The `last` one of an operator must have the shape that stands in the file.
        """
        read = inputs or (self.made[self.read[0]],)
        name = self.stored(self.operator.outputs[0]).name or None
        layer = self.assembler.layer(kind, given)
        shapes = [self.assembler.nodes[node].output for node in read]
        result = self.assembler.result(layer, tuple(shape for shape in shapes if shape is not None))
        if isinstance(result, LayerError):
            raise result
        wanted = self.told(self.operator.outputs[0]) if last else None
        if wanted not in (None, result.output):
            raise NoRule
        node = self.assembler.apply(layer, read, name if last else None, self._spot()).node
        self._known(node, self.operator.outputs[0], last)
        self._share(node)
        return node

    def constants(self) -> list[Stored]:
        """The constants that the operator reads, or that what it reads is made of."""
        read = [self.fixed.get(index, index) for index in self.operator.inputs if index >= 0 and index not in self.made]
        return [self.stored(index) for index in read if index >= 0 and self.stored(index).data is not None]

    def _share(self, node: int) -> None:
        """Weights that a layer before has, too, are counted there; vectors are not: equal ones are stored once, too."""
        buffers = [constant.buffer for constant in self.constants() if sum(size > 1 for size in constant.shape) > 1]
        owners = {self.owners.setdefault(buffer, node) for buffer in buffers}
        owner = owners.pop() if len(owners) == 1 else node
        mine, theirs = self.assembler.nodes[node], self.assembler.nodes[owner]
        weights = self.assembler.network.weights
        if owner != node and mine.kind == theirs.kind and weights(mine) == weights(theirs):
            self.assembler.share(range(node, node + 1), range(owner, owner + 1))

    def stored_alone(self, index: int | None = None, cost: int | None = None) -> int:
        """The operator with the shape that stands in the file; what it costs is not known, but for what has a rule."""
        from .costs import cost_of

        output = self.operator.outputs[0] if index is None else index
        inputs = tuple(self.made[one] for one in self.read)
        shape, name = self.told(output), self.stored(output).name or None
        params, macs = cost_of(self) if cost is None else (cost, cost)
        if macs is None:
            self.unruled.append(self.operator)
        if shape is None or UNKNOWN in inputs:
            node = self.assembler.add_unknown("op", inputs, name, self._spot())
        else:
            self.assembler.looked_at_sizes()
            given = {"name": self.operator.name, "shape": Size(shape), "params": params, "macs": macs}
            node = self.assembler.apply(self.assembler.layer(Op, given), inputs, name, self._spot()).node
        self._known(node, output)
        return node

    def _known(self, node: int, output: int, named: bool = True) -> None:
        network, axis = self.assembler.network, None if self.whole(output) else 0
        activated = self.operator.option("FusedActivationFunction", 0) != 0
        network.origins[node] = Origin(
            self.operator.name, self.stored(output).name if named else None, axis=axis, activated=activated, last=True
        )
        network.types[node] = self._type(output) | self._learned_types(self.operator)

    def _spot(self, operator: TfliteOperator | None = None) -> NamedPlace:
        operator = operator or self.operator
        if not operator.outputs:
            return NamedPlace(self.file, operator.name)
        return NamedPlace(self.file, f"'{self.stored(operator.outputs[0]).name}' ({operator.name})")
