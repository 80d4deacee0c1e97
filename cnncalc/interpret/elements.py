"""Elements of lines -> layers of the network: arguments bound and worked out, tensors joined, weights shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from ..convert.lookup import lookup
from ..diagnostics import NOTE, TOO_MANY_LAYERS
from ..layers import Layer, LayerError, MergeError, RankError
from ..layers.tensors import Made
from ..network import UNKNOWN
from ..network.assembler import MOST_ALIKE, TooManyLayers
from ..network.model import learners
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Arg, Element, Num, Ref
from ..spec.words import AXES
from ..values import Shape, Size, Word, channels_first
from .binding import ArgumentFault, Bound, bind_layer, said_shape
from .environment import Environment
from .position import Halt, Maker


class Elements:
    """Applies layers to the running tensor."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.position = environment.position
        self.reporter = environment.reporter
        self.assembler = environment.assembler
        #: The layers of elements that mean the same wherever they stand, under some defaults; equal lines share them.
        self._layers: dict[int, dict[Element, Layer]] = {}
        #: What the line that is advised for the pasted call before makes, where that is known.
        self._behind_call: Shape | None = None

    def apply(self, cls: type[Layer], rank: int | None, element: Element, name: str | None, first: bool) -> None:
        """Applies the layer that `element` says, `first` in its line, to the running tensor, and names its output."""
        layers = self._layers.setdefault(id(self.position.level.defaults), {})
        layer = layers.get(element)
        if layer is not None:
            self._on_running(layer, element, None, name, first)
            return
        try:
            bound = bind_layer(cls, element)
        except ArgumentFault as fault:
            self.reporter.misread(fault, element)
            self.fail(cls.kind, element, name)
            return
        layer = self.make(cls, rank, bound, element)
        if layer is None:
            self.fail(cls.kind, element, name)
        elif cls.merges:
            self._short_merge(layer, element, name)
        else:
            own_name = element.constant and lookup(element.name) is not None  # not by a variable's
            if own_name and len(layers) < MOST_ALIKE:
                layers[element] = layer
            self._on_running(layer, element, bound.share, name, first, self._entering(cls, bound))

    def _entering(self, cls: type[Layer], bound: Bound) -> tuple[int, ...]:
        """The tensors that enter a layer beside the running one, by its arguments; UNKNOWN, reporting, for none."""
        found = []
        for arg_name, arg in bound.given.items():
            if cls.sorts[arg_name] in ("entering", "undone"):
                try:
                    found.append(self.environment.ref(arg.value))
                except Unresolved:
                    found.append(UNKNOWN)
        return tuple(found)

    def fail(self, kind: str, element: Element, name: str | None) -> None:
        """A layer of which nothing is known. Raises Halt at the limit on layers."""
        position = self.position
        inputs = () if position.running is None else (position.running,)
        full = None if name is None else position.full_name(name)
        try:
            position.run_into(self.assembler.add_unknown(kind, inputs, full, position.span(element.start, element.end)))
        except TooManyLayers as limit:
            self.halt(limit, element)

    def halt(self, limit: TooManyLayers, element: Element) -> NoReturn:
        """Ends the run, reporting the limit on layers. Raises Halt."""
        self.reporter.error(TOO_MANY_LAYERS, str(limit), element.start, element.end)
        raise Halt

    # --- arguments ----------------------------------------------------------------------------------

    def make(self, cls: type[Layer], rank: int | None, bound: Bound, element: Element) -> Layer | None:
        """The layer with the values of its arguments; None, reporting, where it cannot be."""
        try:
            given = {name: self.argument(arg, cls.sorts[name]) for name, arg in bound.given.items()}
            return self.assembler.layer(cls, given, self.position.level.defaults.get(cls.kind), rank)
        except Unresolved:
            return None
        except LayerError as error:
            if error.missing is not None and error.advice is None:
                from .offers.missing import fitting_argument

                error.advice = fitting_argument(self.environment, cls, given, error.missing, element)
            self.reporter.layer_fault(error, cls, element, bound.given)
            return None

    def argument(self, arg: Arg, sort: str) -> Any:
        """The value of one argument. Raises Unresolved, reporting."""
        if sort in ("axis", "order", "text"):
            turned = sort == "order" and set(arg.text) <= AXES
            return Word("".join(channels_first(tuple(arg.text), self.environment.layout)) if turned else arg.text)
        if sort in ("undone", "named"):
            return self._made(arg)
        if sort == "entering":
            return arg.text if isinstance(arg.value, Ref) and arg.value.letter is None else Word(arg.text)
        if isinstance(arg.value, Num) and sort != "shape":
            return arg.value.value
        value = self.environment.value(arg.value)
        if sort in ("size", "shape", "padding") and _bare_product(arg.text):
            left, right = arg.text.split("*")
            meant = f"'{left}' or '{left}x{right}'" if left == right and sort != "shape" else f"'{left}x{right}'"
            self.reporter.error("bare-product", f"{arg.text} is the number {value}", arg.start, arg.end,
                                f"a {left}x{right} size is written {meant}")  # fmt: skip
            raise Unresolved
        if sort == "shape":
            return Size(said_shape(self.environment, value, arg.value, "the shape"))
        return value

    def _made(self, arg: Arg) -> Made | Word:
        """The tensor ``@x`` with the layer that made it. Raises Unresolved, reporting."""
        if not isinstance(arg.value, Ref) or arg.value.letter is not None:
            return Word(arg.text)
        index = self.environment.ref(arg.value)
        node = self.assembler.nodes[index] if index != UNKNOWN else None
        shapes = None if node is None else self.assembler.network.input_shapes(node)
        if node is None or shapes is None or node.output is None:
            raise Unresolved
        self.assembler.looked_at_sizes()
        return Made(arg.text, node.output, node.layer, shapes[0] if shapes else node.output)

    # --- tensors ------------------------------------------------------------------------------------

    def _on_running(
        self, layer: Layer, element: Element, share: Arg | None, name: str | None, first: bool,
        entering: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        running = self.position.running
        inputs: tuple[int, ...] = ()
        if layer.source:
            if not first:
                message = f"'{layer.kind}' makes a tensor of its own: it stands first in its line"
                self.reporter.error("misplaced", message, element.start, element.end, "start a new line with it")
        elif running is None:
            self.reporter.no_tensor(element.start, element.end)
            self.fail(layer.kind, element, name)
            return
        else:
            inputs = (running, *entering)
        self.join(layer, inputs, element, name)
        if share is not None:
            self._share(share, layer)

    def join(
        self, layer: Layer, inputs: tuple[int, ...], element: Element, name: str | None, labels: Sequence[str] = (),
        here: int | None = None,
    ) -> None:  # fmt: skip
        """Applies `layer` to the tensors `inputs`, which faults call by `labels`; its output is the running tensor.

        `here` is the tensor that entered the paths of a merge. Raises Halt at the limit on layers.
        """
        position = self.position
        full = None if name is None else position.full_name(name)
        try:
            node, remarks, fault = self.assembler.apply(layer, inputs, full, position.span(element.start, element.end))
        except TooManyLayers as limit:
            self.halt(limit, element)
        position.run_into(node)
        if fault is not None or remarks:
            given = bind_layer(type(layer), element, body=True).given
            if fault is not None:
                if isinstance(fault, MergeError):
                    fault = self.reporter.with_shapes(fault, layer, inputs, labels, here, element)
                elif isinstance(fault, RankError):
                    from .offers.merge_hints import vector_hint

                    hint = vector_hint(self.assembler.nodes, inputs[0], layer)
                    fault = fault if hint is None else LayerError(fault.message, help=hint)
                self.reporter.layer_fault(fault, type(layer), element, given)
            for remark in remarks:
                self.reporter.remark(remark, element, given)

    def _short_merge(self, layer: Layer, element: Element, name: str | None) -> None:
        """``add @x``: the running tensor and @x; ``concat @a @b``: just those."""
        refs = [arg for arg in element.args if arg.key is None and isinstance(arg.value, Ref)]
        kind, running = layer.kind, self.position.running
        try:
            found = [self.environment.all_of(arg.value, arg.text) for arg in refs if isinstance(arg.value, Ref)]
        except Unresolved:
            self.fail(kind, element, name)
            return
        labels = [label for several in found for label, _ in several]
        tensors = [tensor for several in found for _, tensor in several]
        rounds = any(isinstance(arg.value, Ref) and arg.value.several for arg in refs)
        self.environment.budget.spend(len(tensors))
        if rounds and len(tensors) == 1 and not layer.opaque:
            self.position.run_into(tensors[0])
            return
        if len(tensors) < 2 and not rounds:
            if running is None:
                self.reporter.no_tensor(element.start, element.end)
                self.fail(kind, element, name)
                return
            tensors.insert(0, running)
            labels.insert(0, "the running tensor")
        if (
            (not layer.repeats or (kind == "concat" and len(refs) == 1))
            and len(set(tensors)) < len(tensors)
            and UNKNOWN not in tensors
        ):
            self.reporter.same_tensor(kind, element, "is another tensor meant?")
        self.join(layer, tuple(tensors), element, name, labels=labels)

    def compare_claims(self, element: Element) -> None:
        """Notes where a pasted call is for another tensor than enters; behind it runs what its line would make."""
        from ..convert.pasted import translate

        advice, running = translate(element.pasted or ""), self.position.running
        shape = self._behind_call if running in (None, UNKNOWN) else self.position.shape_of(running)
        self._behind_call = None if shape is None else advice.output(shape)
        for difference in () if shape is None else advice.differences(shape):
            self.reporter.tell(NOTE, "pasted-call", difference, element.start, element.end, None)

    # --- shared weights -----------------------------------------------------------------------------

    def _share(self, share: Arg, layer: Layer) -> None:
        """Gives the layer that was just made the weights that ``share=@name`` means, reporting a misfit."""
        node = self.assembler.nodes[-1]
        if node.result is None:
            return
        maker = self._maker(share)
        if maker is None:
            return
        theirs = self.assembler.nodes[maker.first : maker.last]
        if len(theirs) != 1 or theirs[0].kind != layer.kind:
            message = f"the weights of '{maker.name}' do not fit '{layer.kind}'"
            help = "name the element of the same kind, alone or last in its line"
            self.reporter.error("share", message, share.start, share.end, help)
            return
        if theirs[0].result is not None:
            self._share_all(share, range(node.position, node.position + 1), maker)

    def share_block(self, share: Arg, name: str, first: int) -> None:
        """Gives the layers from `first` on, just made by block `name`, the weights that ``share=`` means."""
        maker = self._maker(share)
        if maker is None:
            return
        nodes = self.assembler.nodes
        theirs, mine = learners(nodes[maker.first : maker.last]), learners(nodes[first:])
        if maker.name != name or [node.kind for node in theirs] != [node.kind for node in mine]:
            message = f"the weights of '{maker.name}' do not fit block '{name}'"
            self.reporter.error("share", message, share.start, share.end)
            return
        self._share_all(share, range(first, len(nodes)), maker)

    def _share_all(self, share: Arg, mine: range, maker: Maker) -> None:
        for fault in self.assembler.share(mine, range(maker.first, maker.last)):
            self.reporter.error("share", str(fault), share.start, share.end, fault.help)

    def _maker(self, share: Arg) -> Maker | None:
        """The element that made the tensor of ``share=@name``; None, reporting, where none did."""
        node = share.value
        message = "share takes a tensor: 'share=@name'"
        if isinstance(node, Ref) and node.letter is None:
            maker = self._kept(node)
            if maker is not None:
                return maker
            try:
                self.environment.ref(node)
            except Unresolved:
                return None
            message = f"'@{node.name}' was made by no layer or block whose weights could be shared"
        self.reporter.error("share", message, share.start, share.end)
        return None

    def _kept(self, node: Ref) -> Maker | None:
        try:
            return self.position.scope.makers.get(self.environment.key(node))
        except (EvaluationError, Unresolved):  # which whoever looks for the tensor says
            return None


def _bare_product(text: str) -> bool:
    left, star, right = text.partition("*")
    return bool(star) and left.isdecimal() and right.isdecimal()
