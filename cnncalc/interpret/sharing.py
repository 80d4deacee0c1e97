"""Weights shared by `share=@name`: who owns them, and whether they fit."""

from __future__ import annotations

from typing import TypeAlias

from ..layers import Layer
from ..network.model import Node
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Arg, Ref
from ..values import Shape
from .reporting import Reporting
from .scope import Maker

#: Learned tensors: their names and shapes.
Weights: TypeAlias = tuple[tuple[str, Shape], ...]


class Sharing(Reporting):
    """Finds the owner of shared weights."""

    def ref(self, arg: Arg) -> int:
        """The index of the tensor that an argument ``@x`` names. Raises Unresolved, reporting."""
        assert isinstance(arg.value, Ref)  # bind_merge and the static check saw to it
        try:
            return self.find(arg.value.name, arg.value.start, arg.value.end, arg.value)
        except EvaluationError as error:
            self.unresolved(error)
            raise Unresolved from None

    def maker(self, share: Arg) -> Maker | None:
        """The element that made the tensor of ``share=@name``; None, reporting, where none did."""
        node = share.value
        message = "share takes a tensor: 'share=@name'"
        if isinstance(node, Ref) and node.letter is None:
            found = self.scope.makers.get(node.name)
            if found is not None:
                return found
            try:
                self.find(node.name, node.start, node.end, node)
                message = f"'@{node.name}' was made by no layer or block whose weights could be shared"
            except EvaluationError as error:
                self.unresolved(error)
                return None
        self.error("share", message, share.start, share.end)
        return None

    def owner(self, share: Arg, layer: Layer, weights: Weights) -> int | None:
        """The node whose weights ``share=@name`` of a single layer means; None, reporting, where it does not fit."""
        maker = self.maker(share)
        if maker is None:
            return None
        nodes = self.nodes[maker.first : maker.last]
        if len(nodes) != 1 or nodes[0].kind != layer.kind:
            self.error("share", f"the weights of '{maker.name}' do not fit '{layer.kind}'", share.start, share.end,
                       "name the element of the same kind, alone or last in its line")  # fmt: skip
            return None
        return self.fitting_owner(nodes[0], weights, share)

    def fitting_owner(self, node: Node, weights: Weights, share: Arg) -> int | None:
        """The node that owns the weights of `node`, if they have the shapes of `weights`, those that are needed."""
        if node.result is None:
            return None
        theirs = self.network.weights(node)
        if theirs != weights:
            mine, other = (", ".join("x".join(map(str, shape)) for _, shape in one) for one in (weights, theirs))
            self.error("share", f"the weights differ in shape: {mine} here, {other} in '{node.name}'",
                       share.start, share.end)  # fmt: skip
            return None
        if node.train and not self.train:
            self.error("share", f"'{node.name}' is in a head that only training runs", share.start, share.end,
                       "let the head share the main network's weights instead")  # fmt: skip
            return None
        return node.position if node.owner is None else node.owner

    def share_block(self, share: Arg, name: str, first: int) -> None:
        """Gives the layers from `first` on, just made by a block, the weights of the call that ``share=`` names."""
        maker = self.maker(share)
        if maker is None:
            return
        theirs = [node for node in self.nodes[maker.first : maker.last] if node.layer and node.layer.learns]
        mine = [node for node in self.nodes[first:] if node.layer and node.layer.learns]
        if maker.name != name or [node.kind for node in theirs] != [node.kind for node in mine]:
            self.error("share", f"the weights of '{maker.name}' do not fit block '{name}'", share.start, share.end)
            return
        for node, other in zip(mine, theirs, strict=True):
            if node.result is not None and node.owner is None:
                owner = self.fitting_owner(other, self.network.weights(node), share)
                self.nodes[node.position] = node._replace(owner=owner)
