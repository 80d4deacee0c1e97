"""Which layers of a description are one, and have the same weights, whatever models and wrappers they stand in."""

from __future__ import annotations

from typing import Any

from .described import class_of, config_of, name_of

#: Under which word a description has what tells a layer from all others.
IDENTITY = "shared_object_id"
#: Layers whose weights are those of another, and where their configuration has that.
_WRAPPERS = {"TimeDistributed": "layer", "RNN": "cell"}


class WeightOwners:
    """The nodes of the first call of each layer: a later one has its weights."""

    def __init__(self) -> None:
        self._first: dict[object, range] = {}
        #: Of the layers that have no number, by class and name.
        self._named: dict[tuple[str, str], range] = {}

    def owners(self, layer: dict[str, Any], made: object, path: tuple[str, ...], mine: range) -> list[range]:
        """The nodes whose weights those at `mine` have, which a layer at `path` made: `made` in code, if it was."""
        own = _identity(layer) if made is None else made
        found = [self._first.setdefault(path, mine) if own is None else self._owner(layer, own, mine)]
        if own is None:
            self._named.setdefault(_name(layer), mine)
        inner = config_of(layer).get(_WRAPPERS.get(class_of(layer), ""))
        if isinstance(inner, dict):
            identity = _identity(inner)
            if identity is not None:
                found.append(self._owner(inner, identity, mine))
            else:
                self._named.setdefault(_name(inner), mine)
        return [nodes for nodes in found if nodes is not mine]

    def _owner(self, layer: dict[str, Any], identity: object, mine: range) -> range:
        """Keras gives a number to what it writes again, not always to what it wrote first, which then has its name."""
        if identity not in self._first and type(identity) is int:
            self._first[identity] = self._named.get(_name(layer), mine)
        return self._first.setdefault(identity, mine)


def _name(layer: dict[str, Any]) -> tuple[str, str]:
    return class_of(layer), name_of(layer)


def _identity(layer: dict[str, Any]) -> object:
    """Of a file the number that Keras gave the layer, of code the layer itself; None where nothing tells it."""
    found = layer.get(IDENTITY)
    return None if isinstance(found, list | dict | str | float | bool) else found
