"""Activations that exporters write out: SiLU, hard swish, hard sigmoid, Mish, GELU."""

from __future__ import annotations

import math

from .search import Match, Search, pair, with_number
from .steps import OperatorStep
from .values import Value


def _gated(search: Search, step: OperatorStep) -> Match | None:
    """X times a function of x: SiLU, hard swish, Mish."""
    for value, gate in pair(step):
        kinds = {"Sigmoid": "silu", "HardSigmoid": "hardswish", "Tanh": "mish"}
        made = search.maker(gate, *kinds)
        if made is not None:
            if made.node.op == "Tanh":
                soft = search.maker(made.inputs[0], "Softplus")
                if soft is not None and soft.inputs[0] is value:
                    return Match("mish", value, [soft, made])
            elif made.inputs[0] is value:
                return Match(kinds[made.node.op], value, [made])
        hard = _hard_sigmoid(search, gate)
        if hard is not None and hard[1] is value:
            return Match("hardswish", value, hard[0])
    return None


def _hard_sigmoid(search: Search, value: Value | None) -> tuple[list[OperatorStep], Value] | None:
    """relu6(x + 3)/6, by its last value: the steps, and x."""
    last = search.by_number(value, "Div", 6) or search.by_number(value, "Mul", 1 / 6)
    clipped = None if last is None else _clipped(search, last[1])
    return None if last is None or clipped is None else ([*clipped[0], last[0]], clipped[1])


def _clipped(search: Search, value: Value | None) -> tuple[list[OperatorStep], Value] | None:
    """relu6(x + 3): the steps, and x."""
    clip = search.maker(value, "Clip")
    if clip is None or clip.answer.layer is None or clip.answer.layer.kind != "relu6":
        return None
    added = search.by_number(clip.inputs[0], "Add", 3)
    return None if added is None else ([added[0], clip], added[1])


def _divided(search: Search, step: OperatorStep) -> Match | None:
    """What is divided by 6 at the end: x·relu6(x + 3)/6, or without the x."""
    found = with_number(step)
    if found is None or not math.isclose(found[1], 6 if step.node.op == "Div" else 1 / 6, rel_tol=1e-3):
        return None
    clipped = _clipped(search, found[0])
    if clipped is not None:
        return Match("hardsigmoid", clipped[1], clipped[0])
    product = search.maker(found[0], "Mul")
    for value, gate in pair(product) if product is not None else ():
        clipped = _clipped(search, gate)
        if clipped is not None and clipped[1] is value and product is not None:
            return Match("hardswish", value, [*clipped[0], product])
    return None


def _gelu(search: Search, step: OperatorStep) -> Match | None:
    """0.5·x·(1 + erf(x/√2)), or by a hyperbolic tangent, in any order of the three factors."""
    steps: list[OperatorStep] = []
    factors = list(step.inputs)
    while True:  # the factors of a product, however it is put together
        inner = next((search.maker(value, "Mul") for value in factors if search.maker(value, "Mul")), None)
        if inner is None or len(steps) > 2:
            break
        place = factors.index(inner.outs[0])
        factors[place : place + 1] = inner.inputs
        steps.append(inner)
    numbers = [value.numbers for value in factors if value is not None and value.fixed]
    moving = [value for value in factors if value is not None and not value.fixed]
    if len(moving) != 2 or len(numbers) != 1 or not numbers[0] or not math.isclose(numbers[0][0], 0.5):
        return None
    for value, gate in (moving, moving[::-1]):
        added = search.by_number(gate, "Add", 1)
        function = None if added is None else search.maker(added[1], "Erf", "Tanh")
        inside = None if function is None else _inside(search, function, value)
        if added is not None and function is not None and inside is not None:
            return Match("gelu", value, [*inside, function, added[0], *steps])
    return None


def _inside(search: Search, function: OperatorStep, value: Value) -> list[OperatorStep] | None:
    """What a GELU's function is of: x/√2, or √(2/π)·(x + 0.044715·x³)."""
    argument = function.inputs[0]
    if function.node.op == "Erf":
        root = math.sqrt(2)
        scaled = search.by_number(argument, "Div", root) or search.by_number(argument, "Mul", 1 / root)
        return [scaled[0]] if scaled is not None and scaled[1] is value else None
    scaled = search.by_number(argument, "Mul", math.sqrt(2 / math.pi))
    total = search.maker(scaled[1], "Add") if scaled is not None else None
    for one, cubic in pair(total) if total is not None else ():
        factor = search.by_number(cubic, "Mul", 0.044715)
        cube = None if factor is None else search.by_number(factor[1], "Pow", 3)
        if one is value and factor is not None and cube is not None and cube[1] is value:
            assert scaled is not None
            assert total is not None
            return [cube[0], factor[0], total, scaled[0]]
    return None


#: By the last operator of each, the longer ones first.
PATTERNS = {"Mul": (_gelu, _divided, _gated), "Div": (_divided,)}
