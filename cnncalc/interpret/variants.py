"""A network at other inputs, or other values of variables, that are given as text from outside."""

from __future__ import annotations

from collections.abc import Mapping

from ..diagnostics import ERROR, Diagnostic, SpecError
from ..network import Network
from ..network.replay import ReplayError, replay
from .faults import Faults
from .overrides import given_input
from .specification import Specification


def varied(network: Network, inputs: Mapping[str | None, str], settings: Mapping[str, str]) -> Network:
    """`network` with other shapes of inputs (by name; None: the only one) and other values of variables.

    Raises SpecError where these cannot be understood, or nobody could tell what they make of it.
    """
    if not inputs and not settings:
        return network
    if isinstance(network.notes, Specification) and network.rebuild is not None:
        return network.rebuild(inputs=inputs or None, settings=settings)
    if settings:
        raise _cannot(f"{network.source.name} has no variables that could be set")
    faults = Faults()
    names = [node.name for node in network.inputs]
    if None in inputs and len(names) > 1:
        raise _cannot(f"{network.source.name} has several inputs: {', '.join(names)}")
    shapes = {name or names[0]: given_input(name, text, network.layout, faults) for name, text in inputs.items()}
    try:
        return replay(network, inputs=shapes)
    except ReplayError as error:
        raise _cannot(f"{network.source.name}: {error}") from None


def _cannot(message: str) -> SpecError:
    return SpecError([Diagnostic(ERROR, "replay", message)])
