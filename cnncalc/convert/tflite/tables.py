"""What stands in the flatbuffer: tensors and operators, as records. Nothing of it is believed before it is checked."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR, Diagnostic, SpecError
from ...records import Record

if TYPE_CHECKING:
    from mmap import mmap

    from ..readers import ModelFile

#: The names of the types that our memory model knows, by TFLite's numbers; a truth value takes a byte.
TYPES = {0: "fp32", 1: "fp16", 2: "int32", 3: "int8", 4: "int64", 6: "int8", 7: "int16", 9: "int8", 10: "fp64",
         12: "int64", 15: "int32", 16: "int16", 17: "int4"}  # fmt: skip
#: The name of the metadata with the places that a compiler has given the tensors.
_OFFLINE = b"OfflineMemoryAllocation"
_INTEGERS = {2: "i", 4: "q"}
_LONGEST_NAME = 200
#: Items of all lists together, operators, and bytes of names and constants: a file may say the same again and again.
_MOST_LISTED, _MOST_OPERATORS, _MOST_BYTES = 300_000, 16_384, 16 * 2**20
#: What is read of the options, where an operator has it.
_OPTIONS = (
    "Padding StrideH StrideW DilationHFactor DilationWFactor DepthMultiplier KeepNumDims FilterHeight FilterWidth Axis "
    "BlockSize FusedActivationFunction AdjX TimeMajor"
).split()


class Stored(Record):
    """A tensor of the file: its name, whole shape and type, and the bytes that it is constant as, if it is; a variable
    one is a state that is kept from run to run.
    """

    name: str
    shape: tuple[int, ...]
    type: int
    data: bytes | None
    variable: bool = False
    #: Where in the file its bytes are: equal constants are stored once.
    buffer: int = 0
    #: Whether its leading size is free: of a tensor of samples that is their number, and 1 stands for it.
    free: bool = False

    def integers(self) -> list[int]:
        """The values of a small constant of whole numbers; none of others."""
        code = _INTEGERS.get(self.type)
        if code is None or self.data is None or len(self.data) > 4096:
            return []
        return [
            value
            for (value,) in struct.iter_unpack(
                f"<{code}", self.data[: len(self.data) // struct.calcsize(code) * struct.calcsize(code)]
            )
        ]


class TfliteOperator(Record):
    """An operator of the file: its name, the tensors that it reads (-1 for none) and gives, and its options."""

    name: str
    inputs: list[int]
    outputs: list[int]
    option: Callable[[str, int], int]


class MainSubgraph(Record):
    """The first subgraph of a file, which is what runs; whether there are others, and places of tensors in the file."""

    tensors: list[Stored]
    operators: list[TfliteOperator]
    inputs: list[int]
    outputs: list[int]
    others: bool = False
    planned: bool = False


def graph(file: ModelFile) -> MainSubgraph:
    """What a file says. Raises SpecError without the package, or where the file is broken."""
    try:
        import tflite
    except ImportError:
        raise _fault("a TFLite file is read with the package tflite", "pip install 'cnncalc[tflite]'") from None
    try:
        data = file.data if isinstance(file.data, bytes) else file.data.mapped()
        return _Reading(tflite, data).graph()
    except SpecError:
        raise
    except Exception as error:  # whatever the accessors of a broken flatbuffer run into
        raise _fault(f"the TFLite file cannot be read: {str(error)[:100]}") from None


def _fault(message: str, help: str | None = None) -> SpecError:
    return SpecError([Diagnostic(ERROR, "unreadable", message, help=help)])


class _Reading:
    def __init__(self, tflite: Any, data: bytes | mmap) -> None:
        self.tflite, self.size = tflite, len(data)
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.names = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
        self.left, self.room = min(4 * len(data) + 1024, _MOST_LISTED), _MOST_BYTES

    def count(self, number: int) -> range:
        """The indices of a list, which cannot have more items than the file has room for, or any network."""
        self.left -= max(number, 0)
        if number < 0 or self.left < 0:
            raise ValueError("a list is longer than the file, or than any network's")
        return range(number)

    def graph(self) -> MainSubgraph:
        model = self.model
        if model.SubgraphsLength() < 1:
            raise ValueError("there is no graph")
        sub = model.Subgraphs(0)
        if sub.OperatorsLength() > _MOST_OPERATORS:
            raise ValueError(f"over {_MOST_OPERATORS:,} operators")
        codes = [self._code(model.OperatorCodes(index)) for index in self.count(model.OperatorCodesLength())]
        tensors = [self._tensor(sub.Tensors(index)) for index in self.count(sub.TensorsLength())]
        operators = [self._operator(sub.Operators(index), codes) for index in self.count(sub.OperatorsLength())]
        ends = [[int(get(index)) for index in self.count(size)] for get, size in (
            (sub.Inputs, sub.InputsLength()), (sub.Outputs, sub.OutputsLength()))]  # fmt: skip
        every = [*ends[0], *ends[1], *(one for op in operators for one in (*op.inputs, *op.outputs))]
        if any(not -1 <= index < len(tensors) for index in every) or -1 in (*ends[0], *ends[1]):
            raise ValueError("a tensor is named that is not there")
        metadata = [model.Metadata(index) for index in self.count(model.MetadataLength())]
        planned = any(self._text(one, 4) == _OFFLINE for one in metadata)
        return MainSubgraph(tensors, operators, ends[0], ends[1], model.SubgraphsLength() > 1, planned)

    def _code(self, code: Any) -> str:
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        name = self.names.get(number, f"OPERATOR_{number}")
        custom = self._text(code, 6) if name == "CUSTOM" else b""
        return custom.decode("utf-8", "replace")[:_LONGEST_NAME] or name

    def _text(self, owner: Any, slot: int) -> bytes:
        """The text in a field of a table, however long it says that it is."""
        table = owner._tab
        offset = table.Offset(slot)
        if not offset:
            return b""
        self.room -= table.VectorLen(offset)
        if self.room < 0 or table.VectorLen(offset) < 0:
            raise ValueError("a name is longer than any")
        return bytes(table.String(table.Pos + offset))

    def _tensor(self, tensor: Any) -> Stored:
        shape, free = self._shape(tensor)
        name = self._text(tensor, 10).decode("utf-8", "replace").rpartition(";")[2][:_LONGEST_NAME]
        buffer = self.model.Buffers(tensor.Buffer()) if tensor.Buffer() < self.model.BuffersLength() else None
        length = buffer.DataLength() if buffer is not None else 0
        if not 0 <= length <= self.size:
            raise ValueError("a constant is longer than the file")
        small = b""
        if buffer is not None and 0 < length <= 4096 and int(tensor.Type()) in _INTEGERS:
            self.room -= length
            small = buffer.DataAsNumpy().tobytes() if self.room >= 0 else b""
        return Stored(name, shape, int(tensor.Type()), small if length else None, bool(tensor.IsVariable()),
                      int(tensor.Buffer()), free)  # fmt: skip

    def _shape(self, tensor: Any) -> tuple[tuple[int, ...], bool]:
        """Its sizes, and whether the leading one is free; -1 for another that is: what stands there is a mere 1."""
        shape = tuple(int(tensor.Shape(axis)) for axis in self.count(tensor.ShapeLength()))
        free = tuple(int(tensor.ShapeSignature(axis)) for axis in self.count(tensor.ShapeSignatureLength()))
        if -1 not in free or len(free) != len(shape):
            return shape, False
        sizes = [-1 if said < 0 and axis else size for axis, (size, said) in enumerate(zip(shape, free, strict=True))]
        return tuple(sizes), free[0] < 0

    def _operator(self, operator: Any, codes: list[str]) -> TfliteOperator:
        name = codes[operator.OpcodeIndex()]
        inputs = [int(operator.Inputs(index)) for index in self.count(operator.InputsLength())]
        outputs = [int(operator.Outputs(index)) for index in self.count(operator.OutputsLength())]
        return TfliteOperator(name, inputs, outputs, self._options(name, operator.BuiltinOptions()))

    def _options(self, name: str, table: Any) -> Callable[[str, int], int]:
        """An option by its name; the default where the operator has none."""
        family = {"AVERAGE_POOL_2D": "Pool2DOptions", "MAX_POOL_2D": "Pool2DOptions", "CONV_2D": "Conv2DOptions",
                  "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions", "FULLY_CONNECTED": "FullyConnectedOptions",
                  "TRANSPOSE_CONV": "TransposeConvOptions", "CONCATENATION": "ConcatenationOptions",
                  "SPACE_TO_DEPTH": "SpaceToDepthOptions", "BATCH_MATMUL": "BatchMatMulOptions",
                  "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTMOptions",
                  "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
                  "DEPTH_TO_SPACE": "DepthToSpaceOptions"}.get(name)  # fmt: skip
        options = None
        if family is not None and table is not None:
            options = getattr(self.tflite, family)()
            options.Init(table.Bytes, table.Pos)
        values = {key: int(getattr(options, key)()) for key in _OPTIONS if hasattr(options, key)}
        return values.get
