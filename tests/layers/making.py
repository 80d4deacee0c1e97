"""Layers made by name and arguments, without a spec, for the tests of the layers themselves."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.convert.lookup import lookup
from cnncalc.layers import Layer, LayerError
from cnncalc.values import sentence

Shape = tuple[int, ...]


def made(name: str, /, **given: Any) -> Layer:
    """A layer by one of its names, with these arguments."""
    found = lookup(name)
    assert found is not None, name
    return found[0].create(given, rank=found[1])


def refusal(name: str, *inputs: Shape, **given: Any) -> LayerError:
    """Why there is no such layer, or not on these inputs."""
    with pytest.raises(LayerError) as caught:
        made(name, **given).result(inputs)
    return caught.value


def said(fault: Any) -> str:
    """The words of an error or a remark, its shapes channels first."""
    return sentence(fault.message, "chw")


def output(name: str, *inputs: Shape, **given: Any) -> Shape:
    """The output's shape."""
    return made(name, **given).result(inputs).output


def measures(name: str, *inputs: Shape, **given: Any) -> dict[str, int]:
    """The measures on these inputs, without those that all kinds have."""
    layer = made(name, **given)
    values = layer.quantities(inputs, layer.output(inputs)).values
    return {key: value for key, value in values.items() if key not in ("I", "O", "params")}


def traits(name: str, *inputs: Shape, **given: Any) -> set[str]:
    """The traits on these inputs, without the rank."""
    layer = made(name, **given)
    return {one for one in layer.quantities(inputs, layer.output(inputs)).traits if not one.endswith("-D")}


def remarks(name: str, *inputs: Shape, **given: Any) -> list[tuple[str, str, str | None]]:
    """Severity, code and argument of every remark."""
    return [(one.severity, one.code, one.argument) for one in made(name, **given).result(inputs).remarks]
