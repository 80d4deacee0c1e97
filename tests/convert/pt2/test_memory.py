"""A program in memory as one of a file is: what PyTorch's own objects say, by stand-ins that have their attributes (with PyTorch
itself: tests/oracles/test_pt2.py).
"""

from __future__ import annotations

import logging
import sys
import warnings
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from cnncalc.convert.pt2.calls import ProgramCall
from cnncalc.convert.pt2.fields import FreeSize, GraphName, TensorMeta
from cnncalc.convert.pt2.memory import _argument, _call, _cannot, _evaluating, _exported, _meta, _program, _quiet
from cnncalc.convert.pt2.program import ProgramEntry


class Overload:
    """As torch.ops.aten.relu.default: its text is ``aten.relu.default``."""

    namespace, _overloadname = "aten", "default"

    def __str__(self) -> str:
        return "aten.relu.default"


class HigherOrder:
    """As torch.ops.higher_order.cond, which has no overloads and another text."""

    namespace = "higher_order"

    def __str__(self) -> str:
        return "cond"


class Size:
    """A size that is free, as a SymInt."""

    def __init__(self, name: str, hint: int) -> None:
        self.name, self.node = name, Thing(hint=hint)

    def __str__(self) -> str:
        return self.name


def dtype(name: str) -> Any:
    """A type of numbers, whose class is called ``dtype``."""
    return type("dtype", (), {"__str__": lambda self: f"torch.{name}"})()


def node(
    name: str,
    op: str = "call_function",
    target: Any = None,
    args: Any = (),
    kwargs: Any = None,
    shape: Any = None,
    **meta: Any,
) -> Any:
    value = {} if shape is None else {"val": Thing(shape=shape, dtype=dtype("float32"))}
    return Thing(name=name, op=op, target=target, args=args, kwargs=kwargs or {}, meta={**value, **meta}, users={})


def test_a_call() -> None:
    x = node("x", "placeholder")
    stack = {"L__self__": ("", "net.Net"), "k": ("a.b", Thing)}
    trace = 'File "/me/net.py", line 7, in forward\n    return f(x)'
    made = _call(
        node(
            "y",
            target=Overload(),
            args=(x, [1, (x, 2.5)], None, dtype("int64"), object()),
            kwargs={"dim": -1},
            nn_module_stack=stack,
            stack_trace=trace,
        )
    )
    assert made == ProgramCall(
        "torch.ops.aten.relu.default", [GraphName("x"), [1, [GraphName("x"), 2.5]], None, "int64", None], {"dim": -1}, ["y"],
        [("", "net.Net", "L__self__"), ("a.b", "types.SimpleNamespace", "k")], ("/me/net.py", 7, "return f(x)"), True,
    )  # fmt: skip
    assert type(made.args[0]) is GraphName
    assert _call(node("z", target=HigherOrder())).target == "torch.ops.higher_order.cond"
    assert _call(node("z", target=len)).target == "_operator.len"
    assert (
        _call(node("z", target="odd")).target,
        _call(node("z", target=len)).modules,
        _call(node("z", target=len)).line,
    ) == ("_operator.odd", [], None)


@pytest.mark.parametrize("value", [3, 2.5, True, None, "same"])
def test_a_plain_argument_is_itself(value: Any) -> None:
    assert _argument(value) is value


def test_what_a_tensor_is() -> None:
    assert _meta(Thing(shape=(2, Size("s0", 7), 3), dtype=dtype("bfloat16"))) == TensorMeta(
        [2, FreeSize("s0", 7), 3], "bfloat16"
    )
    for odd in (None, 3, Thing(shape=(2,)), Thing(dtype=dtype("int8"))):
        assert _meta(odd) is None


def spec(kind: str, name: str | None, target: str | None = None) -> Any:
    return Thing(kind=Thing(name=kind), arg=Thing(name=name) if name else Thing(value=3), target=target)


def test_a_program() -> None:
    weight, shared = object(), object()
    nodes = [node("p", "placeholder", shape=(4, 3)), node("x", "placeholder", shape=(Size("s0", 2), 3)), node("y", target=Overload(), shape=(Size("s0", 2), 4)),
             node("n", target=len), node("output", "output")]  # fmt: skip
    inputs = [
        spec("PARAMETER", "p", "a.w"),
        spec("BUFFER", "b", "a.m"),
        spec("CONSTANT_TENSOR", "c", "k"),
        spec("USER_INPUT", "x"),
        spec("USER_INPUT", None),
        spec("TOKEN", "t", "t"),
    ]
    outputs = [
        spec("BUFFER_MUTATION", "m", "a.m"),
        spec("USER_OUTPUT", "y"),
        spec("USER_OUTPUT", None),
        spec("LOSS_OUTPUT", "loss"),
    ]
    found = _program(Thing(
        graph_signature=Thing(input_specs=inputs, output_specs=outputs), graph=Thing(nodes=nodes),
        state_dict={"a.w": weight, "b.w": weight}, constants={"k": shared},
    ))  # fmt: skip
    assert found.entries == [
        ProgramEntry("p", "parameter", "a.w"), ProgramEntry("b", "buffer", "a.m"), ProgramEntry("c", "constant", "k"), ProgramEntry("x", "input", "x"),
    ]  # fmt: skip
    assert (found.outputs, [one.outputs for one in found.nodes]) == (["y", "loss"], [["y"], ["n"]])
    assert {name: list(meta.sizes) for name, meta in found.tensors.items()} == {
        "p": [4, 3],
        "x": [FreeSize("s0", 2), 3],
        "y": [FreeSize("s0", 2), 4],
    }
    assert found.storages["a.w"] == found.storages["b.w"] != found.storages["k"]


class Module:
    """As torch.nn.Module: parts that train or do not."""

    def __init__(self, *parts: Module, training: bool = True, floating: tuple[Any, Any] | None = None) -> None:
        self.parts, self.training, self.floating = parts, training, floating

    def modules(self) -> list[Module]:
        return [self, *(inner for part in self.parts for inner in part.modules())]

    def eval(self) -> None:
        for one in self.modules():
            one.training = False

    def parameters(self) -> list[Any]:
        return (
            []
            if self.floating is None
            else [Thing(is_floating_point=lambda: True, dtype=self.floating[0], device=self.floating[1])]
        )


def test_each_part_trains_again_that_did() -> None:
    module = Module(Module(training=False), Module(Module(), training=True))
    before = [one.training for one in module.modules()]
    with _evaluating(module):
        assert not any(one.training for one in module.modules())
    assert [one.training for one in module.modules()] == before == [True, False, True, True]
    with pytest.raises(KeyError), _evaluating(module):
        raise KeyError
    assert [one.training for one in module.modules()] == before


def test_what_is_said_meanwhile_is_not_heard(capsys: pytest.CaptureFixture[str]) -> None:
    level = logging.root.manager.disable
    with _quiet():
        print("out")
        print("err", file=sys.stderr)
        logging.getLogger("x").critical("log")
        warnings.warn("a warning", stacklevel=1)
    assert logging.root.manager.disable == level
    assert capsys.readouterr() == ("", "")


def test_why_it_cannot_be_exported() -> None:
    (one,) = _cannot("Net", ValueError("first line\nsecond")).diagnostics
    assert (one.message, one.help) == (
        "Net: torch.export cannot export it: first line",
        "cnncalc reads its source, too: net.py:Net",
    )
    assert _cannot("Net", KeyError()).diagnostics[0].message.endswith("export it: KeyError")


class Torch:
    """As PyTorch, whose export takes what `takes` says of the samples and of whether they are free."""

    class Collection(dict[Any, Any]):
        def __setitem__(self, key: Any, value: Any) -> None:
            super().__setitem__(id(key), value)

    def __init__(self, *takes: tuple[int, bool]) -> None:
        self.takes, self.tried = takes, list[Any]()
        self.export = Thing(Dim=Thing(AUTO="auto"), ShapesCollection=Torch.Collection, export=self._export)

    def zeros(self, shape: tuple[int, ...], **how: Any) -> Any:
        return Thing(shape=shape, ndim=len(shape), **how)

    def _export(self, module: Any, listed: Any, named: Any, dynamic_shapes: Any, strict: bool) -> Any:
        tensors = [*listed, *named.values()]
        samples, free = tensors[0].shape[0], bool(dynamic_shapes)
        self.tried.append((samples, free))
        if (samples, free) not in self.takes:
            raise RuntimeError("no")
        assert not strict
        assert not free or dynamic_shapes == {id(one): {0: "auto"} for one in tensors}
        return tensors


@pytest.mark.parametrize(
    ("takes", "tried"),
    [
        ([(2, True)], [(2, True)]), ([(1, False)], [(2, True), (1, False)]), ([(2, False)], [(2, True), (1, False), (2, False)]),
        ([], [(2, True), (1, False), (2, False)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("inputs", [[(3, 8, 8), (5,)], {"x": (3, 8, 8), "y": (5,)}])
def test_for_which_samples_it_is_exported(
    takes: list[tuple[int, bool]], tried: list[tuple[int, bool]], inputs: Any
) -> None:
    """Any number of them, else one, else two; in the type of its weights, where those are."""
    torch = Torch(*takes)
    module = Module(floating=("half", "there"))
    if not takes:
        with pytest.raises(RuntimeError):
            _exported(torch, module, inputs)
    else:
        found = _exported(torch, module, inputs)
        samples = takes[0][0]
        assert [(one.shape, one.dtype, one.device) for one in found] == [
            ((samples, 3, 8, 8), "half", "there"),
            ((samples, 5), "half", "there"),
        ]
    assert torch.tried == tried
    given = Thing(shape=(2, 3), ndim=2)
    assert not hasattr(_exported(Torch((2, True)), Module(), [given, (4,)])[1], "dtype")
    assert _exported(Torch((2, True)), Module(), [given, (4,)])[0] is given
