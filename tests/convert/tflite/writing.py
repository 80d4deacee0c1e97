"""Writes small TFLite files with the builders of the package tflite: tensors, operators and their options."""

from __future__ import annotations

from typing import Any, NamedTuple

import flatbuffers
import numpy as np
import tflite

FLOAT, INT8, INT32, INT64, INT16, INT4, FLOAT16, UINT8, FLOAT64, BOOL = 0, 9, 2, 4, 7, 17, 1, 3, 10, 6
FORMS = {
    UINT8: "u1",
    FLOAT64: "<f8",
    BOOL: "?",
    FLOAT: "<f4",
    FLOAT16: "<f2",
    INT8: "i1",
    INT32: "<i4",
    INT64: "<i8",
    INT16: "<i2",
    INT4: "i1",
}


class Single(NamedTuple):
    """One operator: of each input the shape and the values, which a tensor that enters has none of; and its options."""

    name: str
    inputs: list[Any]
    options: str | None
    values: dict[str, Any]


def single(one: Single, output: list[int], kind: int) -> bytes:
    """A file of one operator, whose output has this shape in the file."""
    file = Writing()
    tensors = [
        file.constant(f"c{place}", shape, kind) if data == "zeros"
        else file.tensor(f"x{place}", shape, kind if data is None else INT32, data)
        for place, (shape, data) in enumerate(one.inputs)
    ]  # fmt: skip
    made = file.tensor("made", output, kind)
    file.operator(one.name, tensors, [made], one.options, **one.values)
    return file.bytes([tensor for tensor, (_, data) in zip(tensors, one.inputs, strict=True) if data is None], [made])


class Writing:
    """A file while it is being written."""

    def __init__(self):
        self.tensors, self.buffers, self.operators, self.codes = [], [b""], [], []
        self.metadata = []

    def tensor(self, name, shape, kind=INT8, data=None, scale=1.0, zero=0, variable=False, free=None):
        """A tensor; a constant where there are `data`; `free` is its shape with -1 for sizes that are. Its number."""
        buffer = 0
        if data is not None:
            values = np.asarray(data, FORMS[kind])
            self.buffers.append(values.tobytes()[: (values.size + 1) // 2 if kind == INT4 else None])
            buffer = len(self.buffers) - 1
        self.tensors.append((name, shape, kind, buffer, scale, zero, variable, free))
        return len(self.tensors) - 1

    def constant(self, name, shape, kind=INT8, **more):
        return self.tensor(name, shape, kind, np.zeros(shape), **more)

    def operator(self, name, inputs, outputs, options=None, **values):
        """One of TFLite's, or a custom one of another name; or a number that none has."""
        code = name if isinstance(name, int) else getattr(tflite.BuiltinOperator, name, name)
        if code not in self.codes:
            self.codes.append(code)
        self.operators.append((self.codes.index(code), inputs, outputs, options, values))

    def bytes(self, inputs, outputs):
        """The file, whose graph has these inputs and outputs."""
        build = flatbuffers.Builder(1024)
        buffers = self._vector(
            build, tflite.ModelStartBuffersVector, [self._buffer(build, data) for data in self.buffers]
        )
        tensors = self._vector(
            build, tflite.SubGraphStartTensorsVector, [self._tensor(build, *one) for one in self.tensors]
        )
        operators = [self._operator(build, *one) for one in self.operators]
        operators = self._vector(build, tflite.SubGraphStartOperatorsVector, operators)
        ends = [build.CreateNumpyVector(np.array(one, "<i4")) for one in (inputs, outputs)]
        tflite.SubGraphStart(build)
        tflite.SubGraphAddTensors(build, tensors)
        tflite.SubGraphAddInputs(build, ends[0])
        tflite.SubGraphAddOutputs(build, ends[1])
        tflite.SubGraphAddOperators(build, operators)
        graphs = self._vector(build, tflite.ModelStartSubgraphsVector, [tflite.SubGraphEnd(build)])
        codes = [self._code(build, code) for code in self.codes]
        codes = self._vector(build, tflite.ModelStartOperatorCodesVector, codes)
        named = [self._named(build, name) for name in self.metadata]
        metadata = self._vector(build, tflite.ModelStartMetadataVector, named)
        tflite.ModelStart(build)
        tflite.ModelAddVersion(build, 3)
        tflite.ModelAddOperatorCodes(build, codes)
        tflite.ModelAddSubgraphs(build, graphs)
        tflite.ModelAddBuffers(build, buffers)
        tflite.ModelAddMetadata(build, metadata)
        build.Finish(tflite.ModelEnd(build), b"TFL3")
        return bytes(build.Output())

    @staticmethod
    def _vector(build, start, items):
        start(build, len(items))
        for item in reversed(items):
            build.PrependUOffsetTRelative(item)
        return build.EndVector()

    @staticmethod
    def _buffer(build, data):
        vector = build.CreateByteVector(data) if data else None
        tflite.BufferStart(build)
        if vector is not None:
            tflite.BufferAddData(build, vector)
        return tflite.BufferEnd(build)

    @staticmethod
    def _named(build, name):
        text = build.CreateString(name)
        tflite.MetadataStart(build)
        tflite.MetadataAddName(build, text)
        tflite.MetadataAddBuffer(build, 0)
        return tflite.MetadataEnd(build)

    @staticmethod
    def _tensor(build, name, shape, kind, buffer, scale, zero, variable, free):
        text, sizes = build.CreateString(name), build.CreateNumpyVector(np.array(shape, "<i4"))
        scales, zeros = build.CreateNumpyVector(np.array([scale], "<f4")), build.CreateNumpyVector(np.array([zero]))
        tflite.QuantizationParametersStart(build)
        tflite.QuantizationParametersAddScale(build, scales)
        tflite.QuantizationParametersAddZeroPoint(build, zeros)
        quantization = tflite.QuantizationParametersEnd(build)
        signature = None if free is None else build.CreateNumpyVector(np.array(free, "<i4"))
        tflite.TensorStart(build)
        if signature is not None:
            tflite.TensorAddShapeSignature(build, signature)
        tflite.TensorAddIsVariable(build, variable)
        if kind != FLOAT:
            tflite.TensorAddQuantization(build, quantization)
        tflite.TensorAddShape(build, sizes)
        tflite.TensorAddType(build, kind)
        tflite.TensorAddBuffer(build, buffer)
        tflite.TensorAddName(build, text)
        return tflite.TensorEnd(build)

    @staticmethod
    def _code(build, code):
        custom = build.CreateString(code) if isinstance(code, str) else None
        code = tflite.BuiltinOperator.CUSTOM if custom is not None else code
        tflite.OperatorCodeStart(build)
        if custom is not None:
            tflite.OperatorCodeAddCustomCode(build, custom)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(build, min(code, 127))
        tflite.OperatorCodeAddBuiltinCode(build, code)
        return tflite.OperatorCodeEnd(build)

    @staticmethod
    def _operator(build, code, inputs, outputs, options, values):
        ends = [build.CreateNumpyVector(np.array(one, "<i4")) for one in (inputs, outputs)]
        table = None
        if options is not None:
            getattr(tflite, f"{options}Start")(build)
            for key, value in values.items():
                getattr(tflite, f"{options}Add{key}")(build, value)
            table = getattr(tflite, f"{options}End")(build)
        tflite.OperatorStart(build)
        tflite.OperatorAddOpcodeIndex(build, code)
        tflite.OperatorAddInputs(build, ends[0])
        tflite.OperatorAddOutputs(build, ends[1])
        if table is not None:
            tflite.OperatorAddBuiltinOptionsType(build, getattr(tflite.BuiltinOptions, options))
            tflite.OperatorAddBuiltinOptions(build, table)
        return tflite.OperatorEnd(build)
