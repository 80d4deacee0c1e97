"""The PyTorch code of a layer: what is made once, as attributes, and what runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import combinations
from math import prod

from ....layers import KINDS, Layer, Shape
from ....network import Network, Node
from ...call import letters
from ...torch_call import torch_call
from ..sayable import Unsayable
from .layout import shown


def code_of(network: Network, node: Node, operands: int | None = None) -> str:
    """The call of a layer, of its input `x`, or of a, b, …, as many as a merge has `operands`. Raises Unsayable."""
    layer, output = node.layer, node.output
    inputs = [network.nodes[index].output or () for index in node.inputs if index >= 0]
    if layer is None or output is None or layer.opaque:
        return _operator(network, node, inputs)
    if () in inputs:
        raise Unsayable("nothing is known of the shape of what enters it")
    if layer.kind == "unpool" and len(inputs) < 2:
        raise Unsayable("PyTorch wants the indices of the pool that is undone", "'from=@NAME' says which pool that is")
    return _code(layer, tuple(inputs[:operands]), output)


def _operator(network: Network, node: Node, inputs: list[Shape]) -> str:
    """The call of an operator that has no kind, where it is one that is known. Raises Unsayable."""
    name, output = str(getattr(node.layer, "name", node.kind)), node.output
    params = node.result.params if node.result is not None else None
    shape = inputs[0] if len(inputs) == 1 else ()
    if output is not None and shape:
        axes = _dropped(shape, output) if name in _MEANS and params == 0 else ()
        if axes:
            return f"x.mean({axes})" if len(axes) > 1 else f"x.mean({axes[0]})"
        if (
            name in _LINEAR
            and output[:-1] == shape[:-1]
            and params in (shape[-1] * output[-1], (shape[-1] + 1) * output[-1])
        ):
            bias = "" if params == (shape[-1] + 1) * output[-1] else ", bias=False"
            return f"nn.Linear({shape[-1]}, {output[-1]}{bias})"
    if output is not None and output == shape and params == 0 and name.lower() in _FUNCTIONS:
        return f"torch.{name.lower()}(x)"
    return _source(network, node, name)


def _source(network: Network, node: Node, name: str) -> str:
    """The call that an operator called `name` was in the file. Raises Unsayable."""
    origins = [network.origins.get(position) for position in (node.position, *node.inputs)]
    if origins[0] is not None and origins[0].source:
        if _stores(origins[0].source, node):
            return origins[0].source
        raise Unsayable(f"'{name}' uses a parameter or buffer that another operation uses, too: that is not written",
                        "make it a module, which is called twice")  # fmt: skip
    if any(origin is not None and origin.axis is None for origin in origins):
        raise Unsayable(f"'{name}' of a tensor whose samples have no axis of their own is not written",
                        "keep them alone in the first axis, as x.view(x.shape[0], …) does")  # fmt: skip
    raise Unsayable(f"PyTorch has no call for the operator '{name}'")


def _stores(source: str, node: Node) -> bool:
    """Whether a call makes just what a node stores: none of it is another node's, and none is made twice."""
    made = {"nn.Parameter": 0, "nn.Buffer": 0}
    for call in (one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)):
        if shown(call.func) in made:
            zeros = call.args[0]
            assert isinstance(zeros, ast.Call)
            made[shown(call.func)] += prod(one.value for one in zeros.args if isinstance(one, ast.Constant))  # type: ignore[misc]
    result = node.result
    return result is not None and (result.params, result.buffers) == tuple(made.values())


def _dropped(shape: Shape, output: Shape) -> tuple[int, ...]:
    """The axes that `output` has no more, counted with that of the samples; none where they are not told."""
    kept = combinations(range(len(shape)), len(output))
    found = [one for one in kept if tuple([shape[axis] for axis in one]) == output]
    return tuple([axis + 1 for axis in range(len(shape)) if axis not in found[0]]) if len(found) == 1 else ()


#: Operators that readers have no kind for where axes are dropped, or where the last axis is not the channels'.
_MEANS = frozenset(("ReduceMean", "mean"))
#: Functions of each value by itself, by the names that readers give them.
_FUNCTIONS = frozenset("exp log sqrt rsqrt abs neg sin cos erf square floor ceil round sign reciprocal".split())
_LINEAR = frozenset(("MatMul", "Gemm", "linear", "addmm", "Linear"))


def activation(kind: str) -> str:
    """The class of torch.nn that an activation is."""
    return _code(KINDS[kind].create({}), ((1, 1, 1),), (1, 1, 1)).partition("(")[0]


@lru_cache(maxsize=4096)
def _code(layer: Layer, shapes: tuple[Shape, ...], output: Shape) -> str:
    own = _OWN.get(layer.kind)
    code: str = "" if own is None else own(layer, output)
    if not code:
        text = torch_call(layer, shapes, output)
        if not text.code:
            raise Unsayable(text.remark)
        code = _with_one_bias(text.code) if dict(layer.values).get("biases") == 1 else text.code
    return code


def _with_one_bias(code: str) -> str:
    """The call of a recurrent layer, which is made with one bias a gate."""
    tree = ast.parse(code, mode="eval")
    made = shown(next(one for one in ast.walk(tree) if isinstance(one, ast.Call) and _makes(one)))
    return shown(tree).replace(made, f"nn.one_bias({made})")


def _scale(layer: Layer, output: Shape) -> str:
    """A factor a channel, as a parameter."""
    if dict(layer.values)["by"] is not None:
        return ""
    sizes = ", ".join(map(str, (output[0], *[1] * (len(output) - 1))))
    made = f"x * nn.Parameter(torch.ones({sizes}))"
    return made + f" + nn.Parameter(torch.zeros({sizes}))" * bool(dict(layer.values)["bias"])


def _batch_norm(layer: Layer, output: Shape) -> str:
    """The statistics alone, and a constant a channel as a parameter, where there is no factor."""
    values = dict(layer.values)
    if values["scale"] or not values["affine"]:
        return ""
    sizes = ", ".join(map(str, (output[0], *[1] * (len(output) - 1))))
    made = f"nn.BatchNorm{max(len(output) - 1, 1)}d({output[0]}, affine=False)"
    return f"{made}(x) + nn.Parameter(torch.zeros({sizes}))" if values["bias"] else made


_OWN: dict[str, Callable[[Layer, Shape], str]] = {"scale": _scale, "bn": _batch_norm}


def is_module(tree: ast.AST) -> bool:
    """Whether a call makes a module, which is all that there is to do."""
    return isinstance(tree, ast.Call) and _makes(tree) and shown(tree.func) != "nn.Parameter"


def _makes(tree: ast.Call) -> bool:
    """Whether a call makes something once: a class of torch.nn, or one that is an argument, as an activation may be."""
    func = tree.func
    if isinstance(func, ast.Name):
        return not tree.args and not tree.keywords
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "nn"


def makes_module(network: Network, node: Node) -> bool:
    """Whether a layer is a module of its one input. A layer that has no call is none."""
    try:
        return is_module(ast.parse(code_of(network, node), mode="eval").body)
    except Unsayable:
        return False


class Extracting(ast.NodeTransformer):
    """Puts attributes in the place of the modules and parameters that an expression makes; `name` gives their names."""

    def __init__(self, name: Callable[[str, ast.Call], str], operands: Mapping[str, str]) -> None:
        self.name = name
        self.operands = operands

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A module or parameter; else what is in it."""
        if _makes(node):
            return ast.parse(self.name(shown(node.func), node), mode="eval").body
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """An operand."""
        text = self.operands.get(node.id)
        return node if text is None else ast.parse(text, mode="eval").body


def operands(names: list[str]) -> dict[str, str]:
    """What the inputs of a layer are called, by the names in its call."""
    found = dict(zip(letters(len(names)), names, strict=True))
    return {**found, "x": names[0]} if names else {}
