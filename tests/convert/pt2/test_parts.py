"""The parts that read an export: JSON in pieces against json itself, arguments as PyTorch's schema has them, numbers as Python's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cnncalc.convert.pt2 import stream as stream_module
from cnncalc.convert.pt2.calls import call_of, own_line
from cnncalc.convert.pt2.fields import FreeSize, GraphName, TensorMeta, argument, meta_of, names_of
from cnncalc.convert.pt2.inputs import sized, stored, symbol
from cnncalc.convert.pt2.numbers import computed
from cnncalc.convert.pt2.program import ExportedProgram, ProgramEntry
from cnncalc.convert.pt2.program import read as read_program
from cnncalc.convert.pt2.stream import CorruptExport, JsonStream
from cnncalc.convert.readers import How, ModelFile, by_name
from cnncalc.convert.torch.values import Samples, Unknown
from cnncalc.diagnostics import SpecError

# --- JSON in pieces ---------------------------------------------------------------------------------


def pieces(data: bytes, size: int) -> Callable[[int], bytes]:
    """A read that gives at most so many bytes at a time."""
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    return lambda _: parts.pop(0) if parts else b""


def drawn(chance: Random, depth: int) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice([0, -7, 12345, 1.5, True, None, "", "ä ö", 'q"\\uote', "long " * 9, 2**70])
    if chance.random() < 0.5:
        return [drawn(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {f"k{number}{'ü' * number}": drawn(chance, depth - 1) for number in range(chance.randrange(4))}


def walked(stream: JsonStream, depth: int) -> Any:
    """The next value, objects and lists down to a depth member by member."""
    if depth and stream.begins == "{":
        return {key: walked(stream, depth - 1) for key in stream.members()}
    if depth and stream.begins == "[":
        return [walked(stream, depth - 1) for _ in stream.items()]
    return stream.value()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("lengths", [(1 << 13, 1 << 16, 1 << 20), (3, 9, 2000)])
def test_a_text_in_pieces_is_what_json_makes_of_it(
    size: int, lengths: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "_LENGTHS", lengths)
    monkeypatch.setattr(stream_module, "_BLOCK", 5)
    for seed in range(60):
        value = drawn(Random(seed), 4)
        text = json.dumps(value, ensure_ascii=seed % 2 == 0, indent=[None, 1, 2][seed % 3]).encode()
        for depth in (0, 1, 3):
            assert walked(JsonStream(pieces(b" \n" * (seed % 2) + text, size)), depth) == value


def outcome(text: bytes, depth: int = 2) -> str:
    try:
        walked(JsonStream(pieces(text, 4)), depth)
    except CorruptExport as fault:
        return str(fault)
    return ""


def test_texts_that_end_too_early() -> None:
    text = json.dumps({"a": [1, {"b": "c"}], "d": {"e": None}}).encode()
    for end in range(len(text)):
        said = outcome(text[:end])
        assert said.startswith(("the graph's text is cut off", "the graph's text is no JSON")), (end, said)
    assert outcome(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a" 1}', "the graph's text is no JSON: ':' is missing"), (b'{"a": 1 "b": 2}', "the graph's text is no JSON: ',' is missing"),
        (b"[1 2]", "the graph's text is no JSON: ',' is missing"), (b"{1: 2}", "the graph's text is no JSON: a key is no text"),
        (b'{"a": 1', "the graph's text is cut off"), (b"[1", "the graph's text is cut off"), (b'{"a"', "the graph's text is cut off"),
        (b'{"a": "\xff"}', "the graph's text is no UTF-8"), (b'{"a": "\xc3', "the graph's text is no UTF-8"), (b"nope", "the graph's text is no JSON"),
        (b"", "the graph's text is no JSON"), (b"[{}, ]", "the graph's text is no JSON"), (b"[[[" + b"[" * 100_000, "the graph's text is nested too deep"),
    ],
)  # fmt: skip
def test_what_is_no_json(text: bytes, said: str) -> None:
    assert outcome(text).startswith(said)


def test_how_many_values_and_how_long_they_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "_MOST", 4)
    assert outcome(b'{"a": 1, "b": 2}') == ""
    assert outcome(b"[1, 2, 3, 4]") == ""
    assert outcome(b"[1, 2, 3, 4, 5]") == "the graph's text has more than 4 values"
    monkeypatch.setattr(stream_module, "_LENGTHS", (4, 8, 12))
    assert outcome(b'["123456789"]') == ""
    assert outcome(b'["12345678901234"]') == "a value in the graph's text is longer than 12 letters"


def test_how_long_a_value_may_be() -> None:
    """A mebibyte, whatever is read at once."""
    for letters in (1 << 13, 1 << 16, (1 << 20) - 1):
        for length in (letters - 1, letters):
            assert outcome_of_pieces(b'["' + b"x" * (length - 2) + b'", 1]') == ""
    assert (
        outcome_of_pieces(b'["' + b"x" * ((1 << 20) - 2) + b'", 1]')
        == "a value in the graph's text is longer than 1,048,576 letters"
    )


def outcome_of_pieces(text: bytes) -> str:
    try:
        found = walked(JsonStream(pieces(text, 100_000)), 1)
    except CorruptExport as fault:
        return str(fault)
    assert found == json.loads(text)
    return ""


# --- arguments --------------------------------------------------------------------------------------

X = {"name": "x"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"as_none": True}, None), ({"as_tensor": X}, GraphName("x")), ({"as_tensors": [X, {"name": "y"}]}, ["x", "y"]),
        ({"as_int": 3}, 3), ({"as_ints": [1, 2]}, [1, 2]), ({"as_float": 0.5}, 0.5), ({"as_floats": [0.5]}, [0.5]), ({"as_bool": False}, False),
        ({"as_bools": [True]}, [True]), ({"as_string": "same"}, "same"), ({"as_strings": ["a"]}, ["a"]), ({"as_sym_int": {"as_int": 4}}, 4),
        ({"as_sym_int": {"as_name": "n"}}, GraphName("n")), ({"as_sym_ints": [{"as_name": "n"}, {"as_int": 4}]}, ["n", 4]),
        ({"as_sym_float": {"as_float": 0.5}}, 0.5), ({"as_sym_bool": {"as_bool": True}}, True), ({"as_scalar_type": 7}, "float32"),
        ({"as_scalar_type": 5}, "int64"), ({"as_scalar_type": 12}, "bool"), ({"as_scalar_type": 99}, "unknown"), ({"as_memory_format": 1}, None),
        ({"as_layout": 7}, None), ({"as_device": {"type": "cpu"}}, None), ({"as_optional_tensor": {"as_tensor": X}}, GraphName("x")),
        ({"as_optional_tensor": {"as_none": True}}, None), ({"as_optional_tensors": [{"as_tensor": X}, {"as_none": True}]}, ["x", None]),
        ({"as_optional_tensor": {"as_none": {}}}, None), ({"as_optional_tensor": {"as_tensor": True}}, None), ({"as_optional_tensor": {"name": X}}, GraphName("x")),
        ({"as_nested_tensors": [[X], []]}, [["x"], []]), ({"as_operator": "add"}, "add"),
    ],
)  # fmt: skip
def test_an_argument(given: Any, found: Any) -> None:
    made = argument(given)
    assert made == found
    assert type(made) is type(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3, "an argument in the graph is no object: '3'"), ({}, "an argument in the graph is empty"), ({"as_ints": 3}, "an argument in the graph is no list: '3'"),
        ({"as_tensor": "x"}, "a tensor in the graph is no object: 'x'"), ({"as_tensor": {}}, "the name of a tensor in the graph is no text: 'None'"),
        ({"as_int": [1]}, r"no number or text in the graph: '\[1\]'"), ({"as_sym_int": {"as_name": 3}}, "a name in the graph is no text: '3'"),
        ({"as_sym_int": 3}, "a number in the graph is no object: '3'"),
    ],
)  # fmt: skip
def test_an_argument_that_is_none(given: Any, said: str) -> None:
    with pytest.raises(CorruptExport, match=said):
        argument(given)


def test_an_argument_of_a_kind_that_is_not_read() -> None:
    assert isinstance(argument({"as_graph": {}}), Unknown)
    assert names_of({"as_tensors": [X]}) == ["x"]
    assert names_of({"as_tensor": X}) == ["x"]
    assert names_of({"as_int": 3}) == [None]
    assert names_of({"as_sym_int": {"as_name": "n"}}) == ["n"]


def test_sizes_of_a_tensor() -> None:
    free = {"as_expr": {"expr_str": "Symbol('s0', positive=True, integer=True)", "hint": {"as_int": 5}}}
    bare = {"as_expr": {"expr_str": "Mul(Integer(2), Symbol('s0', integer=True))", "hint": 6}}
    found = meta_of({"sizes": [{"as_int": 3}, free, bare, {"as_int": 0}], "dtype": 7})
    first, second = found.sizes[1:3]
    assert (found.sizes[0], found.sizes[3], found.dtype) == (3, 0, "float32")
    assert isinstance(first, FreeSize) and isinstance(second, FreeSize)
    assert (symbol(first), first.hint, symbol(second), second.hint) == ("s0", 5, second.formula, 6)
    assert meta_of({"sizes": [], "dtype": 999}).dtype is None
    for odd in ("5", 2.5, None, {"as_int": "5"}, {"as_float": 2.5}, [5]):
        (size,) = meta_of({"sizes": [{"as_expr": {"expr_str": "s0", "hint": odd}}]}).sizes
        assert size == FreeSize("s0", None)
    for size in ({"as_int": -1}, {"as_int": "3"}, {"as_other": 3}):
        with pytest.raises(CorruptExport, match="a size in the graph is"):
            meta_of({"sizes": [size]})
    inputs = sized_inputs({"x": [free, 3]}, {})
    assert [stored([one, 4], inputs) for one in (first, second, 7)] == [(Samples(), 4), (Samples(1, 1, 2), 4), (7, 4)]
    assert stored([FreeSize("Symbol('s9')")], inputs) is None


# --- calls ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "line"),
    [
        ([("/me/net.py", 12, "x = a(x)"), ("/me/net.py", 40, "return b(x)")], ("/me/net.py", 40, "return b(x)")),
        ([("/me/net.py", 12, "x = a(x)"), ("/usr/torch/nn/modules/conv.py", 9, "self._conv(x)")], ("/me/net.py", 12, "x = a(x)")),
        ([("/usr/torch/nn/functional.py", 9, "f(x)")], None), ([], None),
    ],
)  # fmt: skip
def test_the_line_of_ones_own_source(frames: list[tuple[str, int, str]], line: tuple[str, int, str] | None) -> None:
    stack = "\n".join(f'  File "{file}", line {number}, in forward\n    {text}' for file, number, text in frames)
    assert own_line(stack) == line
    assert own_line(None) is None
    assert own_line(3) is None


def test_a_call() -> None:
    made = call_of({
        "target": "torch.ops.aten.conv2d.default",
        "inputs": [{"name": "input", "arg": {"as_tensor": X}, "kind": 1}, {"name": "groups", "arg": {"as_int": 2}, "kind": 2}, {"arg": {"as_int": 9}}],
        "outputs": [{"as_tensor": {"name": "y"}}, {"as_int": 3}],
        "metadata": {"nn_module_stack": "L__self__,,net.Net;L__self___a,L['self'].a,torch.nn.modules.conv.Conv2d;k,b.0@1,net.Block", "stack_trace": None},
    })  # fmt: skip
    assert (made.target, made.args, made.kwargs, made.outputs) == (
        "torch.ops.aten.conv2d.default",
        ["x", 9],
        {"groups": 2},
        ["y", None],
    )
    assert made.modules == [
        ("", "net.Net", "L__self__"),
        ("a", "torch.nn.modules.conv.Conv2d", "L__self___a"),
        ("b.0", "net.Block", "k"),
    ]
    assert (made.line, made.packed) == (None, False)
    for stack in (None, "_empty_nn_module_stack_from_metadata_hook", 3):
        bare = call_of({"target": "t", "inputs": [], "outputs": [], "metadata": {"nn_module_stack": stack}})
        assert bare.modules == []
    assert call_of({"target": "t", "inputs": [], "outputs": [], "metadata": 3}).modules == []


# --- numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "args", "found"),
    [
        ("_operator.add", (7, 2), 9), ("_operator.sub", (7, 2), 5), ("_operator.mul", (7, 2), 14), ("_operator.floordiv", (-7, 2), -4),
        ("_operator.truediv", (7, 2), 3.5), ("_operator.mod", (-7, 3), 2), ("_operator.neg", (7,), -7), ("_operator.pow", (2, 10), 1024),
        ("_operator.pow", (2, 64), 2**64), ("_operator.pow", (1 << 64, 2), 2**128), ("_operator.eq", (7, 7), True), ("_operator.ne", (7, 7), False), ("_operator.lt", (1, 2), True),
        ("_operator.le", (2, 2), True), ("_operator.gt", (1, 2), False), ("_operator.ge", (2, 2), True), ("_operator.and_", (True, False), False),
        ("_operator.or_", (True, False), True), ("torch.sym_not", (True,), False), ("torch.sym_int", (2.7,), 2), ("torch.sym_float", (2,), 2.0),
        ("torch.sym_max", (2, 5), 5), ("torch.sym_min", (2, 5), 2), ("torch.sym_ite", (True, 4, 5), 4), ("torch.sym_ite", (False, 4, 5), 5),
        ("math.trunc", (-2.5,), -2), ("math.ceil", (2.5,), 3), ("math.floor", (-2.5,), -3), ("builtins.round", (2.6,), 3), ("math.sqrt", (9,), 3.0),
        ("_operator.getitem", ([4, 5], 1), 5), ("torch.sym_sum", ([1, 2, 3],), 6), ("_operator.index", (3,), 3), ("_operator.pos", (3,), 3),
        ("builtins.abs", (-3,), 3), ("builtins.int", (2.9,), 2), ("builtins.float", (2,), 2.0), ("_operator.mul", (3, Samples(2)), Samples(2, 3)),
        ("_operator.add", (Samples(4), 3), 7), ("_operator.floordiv", (Samples(2, 1, 6), 3), Samples(2, 1, 2)),
    ],
)  # fmt: skip
def test_a_number(target: str, args: tuple[Any, ...], found: Any) -> None:
    made = computed(target, args)
    assert made == found
    assert type(made) is type(found)


@pytest.mark.parametrize(
    ("target", "args"),
    [
        ("_operator.truediv", (1, 0)), ("_operator.floordiv", (1, 0)), ("_operator.pow", (2, 65)), ("_operator.pow", ((1 << 64) + 1, 2)), ("_operator.getitem", ([1], 3)),
        ("_operator.pow", (1 << 60, 64)), ("math.sqrt", (-1,)), ("os.system", ("ls",)), ("_operator.add", ("a", 1)), ("_operator.mul", (2**150, 2**50)),
        ("_operator.add", (Unknown("?"), 1)),
    ],
)  # fmt: skip
def test_no_number(target: str, args: tuple[Any, ...]) -> None:
    assert isinstance(computed(target, args), Unknown)


# --- the program ------------------------------------------------------------------------------------


#: torch/_export/serde/schema.py: ScalarType.
SCALAR_TYPES = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64", 9: "complex32", 10: "complex64",
    11: "complex128", 12: "bool", 13: "bfloat16", 28: "uint16", 29: "float8_e4m3fn", 30: "float8_e5m2", 34: "uint32", 35: "uint64",
}  # fmt: skip


def test_types_of_numbers() -> None:
    for number, name in SCALAR_TYPES.items():
        assert (argument({"as_scalar_type": number}), meta_of({"sizes": [], "dtype": number}).dtype) == (name, name)
    assert argument({"as_scalar_type": 0}) == "unknown"


def program_of(graph: dict[str, Any], signature: dict[str, Any] | None = None, **more: Any) -> ExportedProgram:
    module = {"graph": {"nodes": [], **graph}, **({} if signature is None else {"signature": signature}), **more}
    return read_program(
        JsonStream(pieces(json.dumps({"schema_version": 8, "graph_module": module, "other": [1]}).encode(), 50))
    )


def test_a_program_without_a_signature_has_what_its_graph_names() -> None:
    found = program_of(
        {
            "inputs": [{"as_tensor": X}, {"as_int": 3}],
            "outputs": [{"as_tensor": {"name": "y"}}, {"as_none": True}],
            "odd": [3, [4]],
            "more": {"a": 1},
        }
    )
    assert (found.entries, found.outputs) == ([ProgramEntry("x", "input", "x")], ["y"])
    found = program_of({"outputs": [{"as_tensor": {"name": "y"}}]})
    assert (found.entries, found.outputs, found.nodes, found.tensors) == ([], ["y"], [], {})


def test_what_a_signature_says() -> None:
    specs = [
        {"user_input": {"arg": {"as_tensor": X}}}, {"user_input": {"arg": {"as_int": 3}}}, {"parameter": {"arg": {"name": "p"}, "parameter_name": "a.w"}},
        {"buffer": {"arg": {"name": "b"}, "buffer_name": "a.m"}}, {"tensor_constant": {"arg": {"name": "c"}, "tensor_constant_name": "k"}},
        {"custom_obj": {"arg": {"name": "o"}, "custom_obj_name": "o"}}, {"token": {"arg": {"name": "t"}}},
    ]  # fmt: skip
    results = [
        {"buffer_mutation": {"arg": {"name": "b2"}, "buffer_name": "a.m"}}, {"user_output": {"arg": {"as_tensor": {"name": "y"}}}}, {"user_output": {"arg": {"as_none": True}}},
        {"loss_output": {"arg": {"name": "loss"}}},
    ]  # fmt: skip
    found = program_of(
        {"outputs": [{"as_tensor": {"name": "z"}}]},
        {"input_specs": specs, "output_specs": results, "odd": [3], "more": 4},
    )
    assert found.entries == [
        ProgramEntry("x", "input", "x"), ProgramEntry("p", "parameter", "a.w"), ProgramEntry("b", "buffer", "a.m"), ProgramEntry("c", "constant", "k"),
    ]  # fmt: skip
    assert found.outputs == ["y", "loss"]
    assert program_of({"outputs": [{"as_tensor": {"name": "z"}}]}, {"input_specs": []}).outputs == ["z"]


def test_lists_and_tables_that_are_not_needed_may_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read item by item, of which none is longer than a value may be."""
    monkeypatch.setattr(stream_module, "_LENGTHS", (60, 120))
    many = {f"s{number}": {"as_int": number} for number in range(50)}
    found = program_of({"sym_int_values": many, "inputs": [{"as_tensor": X}]}, module_call_graph=[{"fqn": ""}] * 50)
    assert [one.name for one in found.entries] == ["x"]


@pytest.mark.parametrize("version", [0, 9, "8", None, {"minor": 1}, {"major": 0}])
def test_versions_of_the_schema(version: Any) -> None:
    with pytest.raises(CorruptExport, match="of the schema: 1 to 8 are read"):
        read_program(JsonStream(pieces(json.dumps({"schema_version": version}).encode(), 50)))
    for known in (1, 8, {"major": 1}, {"major": 8, "minor": 99}):
        text = json.dumps({"graph_module": {"graph": {"nodes": []}}, "schema_version": known}).encode()
        assert read_program(JsonStream(pieces(text, 50))).nodes == []
    with pytest.raises(CorruptExport, match="the archive's graph has no nodes"):
        read_program(JsonStream(pieces(b'{"schema_version": 8}', 50)))


# --- what enters ------------------------------------------------------------------------------------


def sized_inputs(shapes: dict[str, list[Any]], given: dict[str, tuple[int, ...]]) -> Any:
    """What comes of inputs of these sizes in the file, those `given` at others."""
    tensors = {name: TensorMeta(meta_of({"sizes": [{"as_int": one} if isinstance(one, int) else one for one in sizes]}).sizes)
               for name, sizes in shapes.items()}  # fmt: skip
    program = ExportedProgram([], [ProgramEntry(name, "input", name) for name in shapes], [], tensors)
    return sized(ModelFile(str(Path("net.pt2")), "", b"", by_name("pt2"), How()), program, given)


def free(name: str, hint: int | None = None) -> dict[str, Any]:
    return {"as_expr": {"expr_str": f"Symbol('{name}', positive=True)", "hint": {"as_int": hint} if hint else None}}


N = Samples()


@pytest.mark.parametrize(
    ("shapes", "given", "made", "batch", "symbol_", "own"),
    [
        ({"x": [4, 3, 8]}, {}, {"x": (Samples(4), 3, 8)}, 4, None, True),
        ({"x": [free("s0"), 3, 8]}, {}, {"x": (N, 3, 8)}, None, "s0", True),
        ({"x": [free("s0"), 3, free("s1")]}, {"x": (3, 9)}, {"x": (N, 3, 9)}, None, "s0", False),
        ({"x": [2, 3, 8]}, {"x": (3, 16)}, {"x": (Samples(2), 3, 16)}, 2, None, False),
        ({"x": [2, 3, 8]}, {"x": (2, 3, 16)}, {"x": (Samples(2), 3, 16)}, 2, None, False),  # with the samples
        ({"x": [free("n"), free("w")], "y": [free("n"), free("w")]}, {"x": (7,)}, {"x": (N, 7), "y": (N, 7)}, None, "n", False),
        ({"x": [2, 3], "y": [5, 3]}, {}, {"x": (2, 3), "y": (5, 3)}, None, None, True),  # which are the samples nobody says
        ({"x": [free("n"), 3], "y": [free("m"), 3]}, {}, {"x": (N, 3), "y": (N, 3)}, None, None, True),
        ({"x": [2, 3], "y": []}, {}, {"x": (Samples(2), 3), "y": ()}, 2, None, True),
        ({"x": [0, 3]}, {}, {"x": (0, 3)}, None, None, True),
    ],
)  # fmt: skip
def test_sizes_of_what_enters(
    shapes: dict[str, list[Any]], given: dict[str, tuple[int, ...]], made: dict[str, Any], batch: int | None, symbol_: str | None, own: bool
) -> None:  # fmt: skip
    found = sized_inputs(shapes, given)
    assert (found.shapes, found.batch, found.symbol, found.own) == (made, batch, symbol_, own)


@pytest.mark.parametrize(
    ("shapes", "given", "said"),
    [
        ({"x": [free("n"), 3, free("h", 32), free("w")]}, {}, "it is 3xhxw in the file: sizes are free\n  for example input = 3x32x224"),
        ({"x": [2, free("w")], "y": [5, 3]}, {}, "it is 2xw in the file: sizes are free\n  for example input 'x' = 2x224"),  # no axis of samples
        ({"x": [free("n"), free("w")], "y": [free("n"), free("w"), free("h", 9)]}, {"x": (7,)}, "it is 7xh in the file: sizes are free\n  for example input 'y' = 7x9"),
        ({"x": [2, 3, 8]}, {"x": (3, 8, 8, 8)}, "the input has 2 axes, without the samples"),
        ({"x": [2, 3], "y": [5, 3]}, {"x": (3,)}, "the input has 2 axes"),
    ],
)  # fmt: skip
def test_sizes_that_are_not_all_there(
    shapes: dict[str, list[Any]], given: dict[str, tuple[int, ...]], said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        sized_inputs(shapes, given)
    assert said in str(caught.value)
