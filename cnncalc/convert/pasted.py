"""Calls pasted from Python code: the line to write instead, for PyTorch and Keras, by the table of names.

Nothing is run. A call that no line says has a reason in place of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..layers import KINDS
from ..layers.pool import VARIANTS
from ..spec.rows import read_content
from ..spec.words import Fault
from ..values import how_many
from .advice import Advice, AdvisedLayer
from .arguments import Arguments
from .lookup import calls, kind_of, lookup, named_calls
from .methods import Read, method, read_input
from .python_values import NotSaid, dotted, literal, own_layer, parsed_call
from .signatures import ENTERING, IGNORED, JOINED, KEPT, TENSOR, THEN, Parameter, Signature

_MAX_ADVICE = 200
#: What stands before the names of one framework.
_PREFIXES = {
    **dict.fromkeys(("nn", "torch", "F", "functional", "torchvision", "transforms"), "torch"),
    **dict.fromkeys(("layers", "keras", "tf", "K", "activations", "tfl"), "keras"),
}
#: What joins tensors to the same sizes in any order.
_EITHER_WAY = frozenset(("add", "mul", "concat", "maximum", "minimum"))
#: The call of a kind by its own name.
_OWN = Signature((), "", True, False)


class _NoLayer(Exception):
    """A call of something that is no layer."""


def translate(text: str, running: str = "") -> Advice:
    """What to write for the Python call `text`; `running` is the name there of the tensor that runs on here."""
    call = parsed_call(text)
    if call is None:
        return Advice()
    try:
        if dotted(call.func)[-1] in ("Input", "InputLayer"):
            return Advice(read_input(call))
        elements, claims = _line(call)
    except _NoLayer:
        return Advice()
    except NotSaid as reason:
        return Advice(reason=str(reason))
    joined = elements[0].joined
    if elements[0].kind.kind in _EITHER_WAY and len(set(joined) - {running}) in range(1, len(joined)):
        elements[0] = elements[0]._replace(joined=tuple(name for name in joined if name != running))
    line = " | ".join(map(str, elements)) + elements[-1].arrow
    layers = [layer for element in elements if (layer := element.layer()) is not None]
    whole = len(layers) == len(elements)
    if not _reads(line):
        return Advice()
    return Advice(line, "", tuple(claims), tuple(layers) if whole else (), own_layer(call))


def _reads(line: str) -> bool:
    """Whether `line` is one of the language, and short enough to be advice."""
    if len(line) > _MAX_ADVICE or not line.isprintable():
        return False
    try:
        read_content(line)
    except Fault:
        return False
    return True


def _line(call: ast.Call, framework: str = "") -> Read:
    """What is read of a call, and of those inside it that come before. Raises NotSaid, _NoLayer."""
    if isinstance(call.func, ast.Call):  # layers.Conv2D(…)(x)
        return _behind(call.args[0] if call.args else None, _line(call.func, framework or "keras"))
    path = dotted(call.func)
    name, first = path[-1], call.args[0] if call.args else None
    if name in ("add", "append") and len(call.args) == 1 and isinstance(first, ast.Call):  # model.add(…)
        return _line(first, "keras" if name == "add" else framework)
    said = method(path, call)
    if said is not None:
        return _behind(*said)
    if name == "Bidirectional" and isinstance(first, ast.Call):
        return _both_ways(call, first)
    framework = next((_PREFIXES[word] for word in path[:-1] if word in _PREFIXES), framework)
    reasons: list[NotSaid] = []
    for row, signature, parameters in _ways(path, call, framework):
        try:
            return _read(name, row, signature, parameters, call)
        except NotSaid as reason:
            reasons.append(reason)
    found = _by_another_name(path, call, framework)
    if found is not None:
        return found
    raise reasons[0] if reasons else _NoLayer


def _by_another_name(path: tuple[str, ...], call: ast.Call, framework: str) -> Read | None:
    """What a call means that does not fit its own name, by those that differ in case: ``linear(400, 120)`` is the
    module's, ``Conv2d(6, 5)`` Keras's Conv2D. Only without the name of a framework. None where nothing fits.
    """
    if framework or len(path) > 1 or _may_be_tensor(call):
        return None
    for row, signature in named_calls(path[-1], folded=True):
        if not any(parameter.word == ENTERING for parameter in signature.parameters):
            try:
                return _read(path[-1], row, signature, signature.parameters, call)
            except NotSaid:
                continue
    return None


def _ways(
    path: tuple[str, ...], call: ast.Call, framework: str
) -> Iterator[tuple[str, Signature, Sequence[Parameter]]]:
    """What the name may mean: a row of the table, how it is called there, and the parameters of this call."""
    name = path[-1]
    function = name == name.lower() and framework != "keras" and _may_be_tensor(call)
    own = lookup(name)
    if own is not None and not function and len(path) == 1 and name in (own[0].kind, *own[0].aliases):
        yield own[0].kind, _OWN, [Parameter(arg.name, arg.name, default=None) for arg in own[0].args]
        return
    exact = [(row, signature) for row, signature in named_calls(name, framework)
             if function or not any(parameter.word == ENTERING for parameter in signature.parameters)]  # fmt: skip
    for row, signature in exact:
        yield row, signature, signature.parameters
    if name == name.lower() and not exact:
        tensor = [Parameter("input", None, word=ENTERING)] if function else []
        for row, signature in named_calls(name, framework, folded=True):
            if signature.parameters[:1] != tuple(tensor):
                yield row, signature, [*tensor, *signature.parameters]


def _may_be_tensor(call: ast.Call) -> bool:
    """Whether the first argument may be a tensor: it is there, and no number."""
    first = (
        call.args[0]
        if call.args
        else next((keyword.value for keyword in call.keywords if keyword.arg == "input"), None)
    )
    sizes = isinstance(first, ast.Tuple) and any(isinstance(elt, ast.Constant) for elt in first.elts)
    return first is not None and not sizes and not isinstance(first, ast.Constant | ast.UnaryOp | ast.BinOp)


def _read(name: str, row: str, signature: Signature, parameters: Sequence[Parameter], call: ast.Call) -> Read:
    kinds = {kind: kind_of(kind) for kind in ([row] if row in VARIANTS else row.split())}
    untold = next((one.name for one in parameters if one.word == TENSOR and one.required), None)
    if untold is not None:
        raise NotSaid(f"what {name} does is in its tensor '{untold}', which the call does not tell")
    bound = _bound(name, parameters, call, None if signature is not _OWN else row)
    said = {one.name: _value(one, node) for one, node in bound}
    written = next((one for one in signature.names if one.lower() == name.replace("_", "").lower()), name)
    arguments = Arguments(name, kinds, said, None if signature is _OWN else signature.rank(written))
    arguments.implied(signature.implied)
    parts = _Parts(name, row)
    for parameter, node in bound:
        if parameter.word in _PARTS:
            getattr(parts, _PARTS[parameter.word])(parameter, said[parameter.name], node)
        else:
            arguments.take(parameter, said[parameter.name], node is not None)
    elements = [AdvisedLayer(cls, arguments.of(kind)) for kind, cls in kinds.items()]
    for element in elements:
        element.layer()
    return _behind(parts.tensors(), ([*elements, *parts.behind], arguments.claims))


class _Parts:
    """What of a call is no argument of the layer: the tensors that enter it, and what stands behind it."""

    def __init__(self, name: str, row: str) -> None:
        self.name = name
        self.row = row
        self.entering: ast.expr | None = None
        self.joined: list[ast.expr] = []
        self.behind: list[AdvisedLayer] = []

    def enter(self, parameter: Parameter, value: object, node: ast.expr | None) -> None:
        """The tensor that enters."""
        self.entering = node

    def join(self, parameter: Parameter, value: object, node: ast.expr | None) -> None:
        """A tensor that is joined with it. Raises NotSaid for what has no name."""
        if not isinstance(node, ast.Name | ast.Attribute):
            raise NotSaid(f"{self.name} joins tensors by their names: '{self.row} @name'; 'scale by=' is for a number")
        self.joined.append(node)

    def refuse(self, parameter: Parameter, value: object, node: ast.expr | None) -> None:
        """A tensor of weights: raises NotSaid where there is one."""
        if value is not None:
            raise NotSaid(f"{self.name} is given its tensor '{parameter.name}', of which the call does not tell more")

    def activate(self, parameter: Parameter, value: object, node: ast.expr | None) -> None:
        """The activation behind."""
        self.behind += _activation(node)

    def keep(self, parameter: Parameter, value: object, node: ast.expr | None) -> None:
        """Whether axes stay as ones: else they are flattened away."""
        self.behind += [AdvisedLayer(KINDS["flatten"], {})] if value is False else []

    def tensors(self) -> ast.expr | None:
        """What enters; a list where several are joined: ``torch.matmul(a, b)``."""
        if not self.joined:
            return self.entering
        return ast.List([*([] if self.entering is None else [self.entering]), *self.joined])


#: By the word of the table: what of the call it is, by the method of _Parts that takes it.
_PARTS = {ENTERING: "enter", JOINED: "join", TENSOR: "refuse", THEN: "activate", KEPT: "keep"}


def _bound(
    name: str, parameters: Sequence[Parameter], call: ast.Call, own: str | None
) -> list[tuple[Parameter, ast.expr | None]]:
    """Every parameter with what the call gives for it. Raises NotSaid where they do not go together."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(one.arg is None for one in call.keywords):
        raise NotSaid(f"what stands behind a '*' in {name} is not known")
    if len(call.args) > len(parameters):
        raise NotSaid(f"{name} takes {how_many(len(parameters), 'argument')} at most, not {len(call.args)}")
    given = {one.name: arg for one, arg in zip(parameters, call.args, strict=False)}
    known = {one.name: one for one in parameters}
    for keyword in call.keywords:
        key = keyword.arg or ""
        parameter = known.get(key) or _elsewhere(key, own)
        if parameter is not None and parameter.name in given:
            raise NotSaid(f"{name} is given {key} twice")
        if parameter is not None:
            known[parameter.name] = parameter
            given[parameter.name] = keyword.value
        elif key not in IGNORED:
            raise NotSaid(f"'{key}' is no argument of {name} that is known here")
    return [(one, given.get(one.name)) for one in known.values()]


def _elsewhere(key: str, own: str | None) -> Parameter | None:
    """For a kind by its own name: the parameter of that key in any call of it, or by a synonym."""
    if own is None:
        return None
    others = (parameter for where in ("torch", "keras") for call in calls(own, where) for parameter in call.parameters)
    found = next((other for other in others if other.name == key and other.ours), None)
    ours = found.ours if found is not None else KINDS[own].keys.get(key)
    return None if ours is None else Parameter(ours, ours, found.form if found is not None else "", default=None)


def _value(parameter: Parameter, node: ast.expr | None) -> object:
    """The value of an argument, or its default; that of what is a tensor or a layer is not asked for."""
    if node is None:
        return parameter.default
    if parameter.form == "tensor":
        return node
    told = parameter.ours is not None or parameter.bound or parameter.word not in ("", ENTERING, JOINED, TENSOR, THEN)
    return literal(node) if told else node.value if isinstance(node, ast.Constant) else node


def _activation(node: ast.expr | None) -> list[AdvisedLayer]:
    """The layer behind another: by its name, a function, or a call. Raises NotSaid."""
    if node is None or (isinstance(node, ast.Constant) and node.value in (None, "linear")):
        return []
    if isinstance(node, ast.Call):
        return _line(node, "keras")[0]
    name = node.value if isinstance(node, ast.Constant) else dotted(node)[-1]
    found = lookup(name) if isinstance(name, str) else None
    if found is None or found[0].family != "activation":
        raise NotSaid(f"no activation is called {ast.unparse(node)[:40]}")
    return [AdvisedLayer(found[0], {})]


def _behind(entering: ast.expr | None, read: Read) -> Read:
    """What is read behind the layers of the tensor that enters, where those stand in the call."""
    elements = read[0]
    if isinstance(entering, ast.List | ast.Tuple) and elements[0].kind.merges:
        names = [dotted(elt)[-1] for elt in entering.elts]
        return [elements[0]._replace(joined=tuple(names)), *elements[1:]], []
    if isinstance(entering, ast.Call):
        try:
            before, claimed = _line(entering)
        except _NoLayer:  # self.conv1(x): a line of its own
            return read
        return [*before, *elements], claimed
    return read


def _both_ways(call: ast.Call, inner: ast.Call) -> Read:
    """Keras's wrapper around a recurrent layer. Raises NotSaid, _NoLayer."""
    said = {keyword.arg: keyword.value for keyword in call.keywords}
    mode = said.get("merge_mode", call.args[1] if len(call.args) > 1 else None)
    if mode is not None and not (isinstance(mode, ast.Constant) and mode.value == "concat"):
        raise NotSaid("the two directions of a layer stand side by side here: merge_mode='concat'")
    (element, *behind), claims = _line(inner, "keras")
    if "bidirectional" not in element.kind.sorts:
        raise NotSaid(f"{element.kind.kind} goes in no direction")
    return [element._replace(values={**element.values, "bidirectional": True}), *behind], claims
