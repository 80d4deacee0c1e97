"""What is given from outside in the place of what the spec says: inputs and top-level variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ..diagnostics import (
    ERROR,
    INPUT,
    TOO_MANY_LAYERS,
    VARIABLE,
    WARNING,
    Diagnostic,
    Override,
    Source,
    SpecError,
    Wording,
)
from ..layers import Layer
from ..network import Network
from ..records import Record
from ..spec import EvaluationError, Unresolved, evaluate
from ..spec.expressions import value as parse_value
from ..spec.nodes import Expr, Let, Program
from ..spec.symbols import inputs, variables
from ..spec.words import Fault, is_name
from ..values import Shape, Size, how_many, times
from .binding import said_shape
from .environment import blank_environment
from .faults import Faults, did_you_mean
from .reading.loader import Unit
from .specification import Specification

Given = TypeVar("Given")

_EXAMPLE = (None, "3x224x224")
_NOTHING = "nothing but samples: a shape in brackets starts with them, [1,3,224,224], and a spec's has more"
_PICTURE = (1, 3, 4)
#: The least height and width of what is taken for a picture with its channels first.
_SMALLEST_PICTURE = 16


class Overrides(Record):
    """What is given from outside in the place of the spec's own: shapes of inputs, values of top-level variables."""

    inputs: Mapping[str | None, Shape]
    settings: Mapping[str, Any]
    #: Whether the file has just one input: then layers start at it, and what overrides it needs no name.
    single_input: bool
    #: Whether any of it is another value than the spec's own.
    changed: bool = True

    def __bool__(self) -> bool:
        return bool(self.inputs or self.settings) and self.changed

    def shape(self, name: str) -> Shape | None:
        """The shape that an input is given; None for its own."""
        return self.inputs.get(name) or (self.inputs.get(None) if self.single_input else None)


def _fault(override: Override, help: str | None = None) -> SpecError:
    return SpecError([Wording()(Diagnostic(ERROR, "option", override.fault, help=help, override=override))])


def setting(name: str, text: str) -> Any:
    """The value `text` of a top-level variable. Raises SpecError."""
    if not is_name(name):
        message = f"'{name}' is no name of a variable"
        raise _fault(Override(VARIABLE, name, text, message, ("width", "64"), example=True))
    try:
        return evaluate(parse_value(text.strip(), 0, units=True), blank_environment(Source(name, text)))
    except (Fault, EvaluationError) as error:
        raise _fault(Override(VARIABLE, name, text, error.message), error.help) from None
    except Unresolved:
        raise _fault(Override(VARIABLE, name, text, "no value")) from None


def check_settings(settings: Iterable[str], units: list[Unit]) -> None:
    """Raises SpecError where no top-level variable has the name of a setting."""
    names = [name for unit in units for name in variables(unit.program)]
    for name in settings:
        if name not in names:
            help = f"its variables: {', '.join(dict.fromkeys(names))}" if names else None
            help = did_you_mean(name, names) or help or "this spec has no 'let' at its top level"
            raise _fault(Override(VARIABLE, name, None, f"no top-level variable is called '{name}'"), help)


def given_input(name: str | None, text: str, layout: str, faults: Faults, doubted: bool = True) -> tuple[int, ...]:
    """The shape that `text` gives an input, channels first, `doubted` where a person may mean another.

    Raises SpecError.
    """
    probe = blank_environment(Source(name or INPUT, text), layout)
    try:
        tree = parse_value(text.strip(), 0)
        written = probe.value(tree)
        fault = misreading(written, layout) if doubted else None
        if fault is not None:
            if fault.severity == ERROR:
                raise _fault(Override(INPUT, name, text, fault.message), fault.help)
            faults.add(Wording()(fault._replace(override=Override(INPUT, name, text, fault.message))))
        shape = said_shape(probe, written, tree, "an input")
    except Fault as error:
        meant = _meant(text)
        example = None if meant or error.help else _EXAMPLE
        instead = (name, meant) if meant else example
        message = _NOTHING if text == "()" else error.message
        raise _fault(Override(INPUT, name, text, message, instead, bool(example)), error.help) from None
    except Unresolved:
        message = probe.reporter.faults.found[0].message
        raise _fault(Override(INPUT, name, text, message, _EXAMPLE, example=True)) from None
    if None in shape:
        raise _fault(Override(INPUT, name, text, "an input has a whole shape, without '?'"))
    return tuple(size for size in shape if size is not None)


def _meant(text: str) -> str | None:
    """What a shape with other signs between its numbers should be; None for anything else."""
    numbers = re.split(r"[\s,*x;()\[\]]+", text.strip("([ ])"))
    return "x".join(numbers) if all(number.isdecimal() for number in numbers) else None


def changed(overrides: Overrides, program: Program, source: Source, layout: str) -> bool:
    """Whether values from outside are others than those of a file; those that hang on other values count as others."""
    environment = blank_environment(source, layout)

    def own(tree: Expr) -> Any:
        try:
            return evaluate(tree, environment)
        except (EvaluationError, Unresolved):
            return None

    def own_shape(node: Any) -> Any:
        try:
            return said_shape(environment, own(node.value), node.value, "an input")
        except Unresolved:
            return None

    lets = {stmt.node.name: own(stmt.node.value) for stmt in program.others if isinstance(stmt.node, Let)}
    if any(
        (type(value), value) != (type(lets.get(name)), lets.get(name)) for name, value in overrides.settings.items()
    ):
        return True
    for name, stmt in inputs(program):
        given = overrides.shape(name or "input")
        if given is not None and given != own_shape(stmt.node):
            return True
    return bool(overrides.inputs) and not inputs(program)


def check_given_inputs(given: Iterable[str | None], program: Program) -> None:
    """Raises SpecError where a given input names none of the spec's, or leaves open which."""
    names = [name or "input" for name, _ in inputs(program)] or ["input"]
    for name in given:
        if name is None and len(names) > 1:
            raise _fault(Override(INPUT, None, None, "the spec has several inputs", (names[0], "SHAPE")))
        if name is not None and name not in names:
            message = f"no input is called '{name}'"
            raise _fault(Override(INPUT, name, None, message), f"its inputs: {', '.join(names)}")


def in_order(given: Mapping[str | int | None, Given], names: Sequence[str]) -> dict[str | None, Given]:
    """What inputs are given, by their names where it stands in their order. Raises SpecError for more or fewer."""
    numbered = [key for key in given if isinstance(key, int)]
    if numbered and len(numbered) != len(names):
        inputs = f"{'one input' if len(names) == 1 else f'{len(names)} inputs'} ({', '.join(names)})"
        message = f"the spec has {inputs}, and {len(numbered)} shapes are given"
        raise _fault(Override(INPUT, None, None, message))
    return {names[key] if isinstance(key, int) else key: shape for key, shape in given.items()}


# --- inputs that are probably meant otherwise -------------------------------------------------------


def misreading(value: object, layout: str) -> Diagnostic | None:
    """What is to be said, without a place, of an input's shape, written as `value` in a file of `layout`, that is
    probably meant otherwise; None where it is not.
    """
    if not isinstance(value, Size) or value.at or not all(type(item) is int for item in value):
        return None
    return _misread(value, layout)


def _misread(value: Size, layout: str) -> Diagnostic | None:
    text = times(value)
    if len(value) == 2:
        channels, length = value if layout == "chw" else (value[1], value[0])
        grey = f"1x{text}" if layout == "chw" else f"{text}x1"
        read = f"{how_many(channels, 'channel')} of length {length}"
        help = f"write '{grey}' for a grey picture, or '{channels}@{length}' for {read}"
        return Diagnostic(ERROR, "ambiguous-input", f"{text} would be {read}", help=help)
    channels, *sizes = (value[-1], *value[:-1]) if layout == "hwc" else value
    message = f"{text} is read as {how_many(channels, 'channel')} of {times(sizes)}"
    if len(value) == 4:
        rest = tuple(value[1:])
        picture = rest[-1] if layout == "hwc" else rest[0]
        square = rest[0] == rest[1] if layout == "hwc" else rest[-1] == rest[-2]
        several = layout == "chw" and value[0] not in _PICTURE and square and max(rest) >= _SMALLEST_PICTURE
        if picture in _PICTURE and (value[0] == 1 or several):
            message += "; shapes are per sample, without the batch"
            help = f"if the {value[0]} is a batch write 'input {times(rest)}'"
            if several:
                help += f", if it is frames 'input {times((picture, value[0], *rest[1:]))}'"
            return Diagnostic(WARNING, "batch-size", message, help=help)
    if layout == "hwc":
        return _channels_first(tuple(value), message)
    picture_shape = tuple(value[1:] if len(value) == 4 and value[0] == 1 else value)
    if layout != "chw" or value[-1] not in _PICTURE or picture_shape[0] <= value[-1]:
        return None
    if value[-1] == value[-2] and picture_shape[0] != picture_shape[1]:  # 512x4x4: a small square map, no picture
        return None
    first_form = times((picture_shape[-1], *picture_shape[:-1]))
    help = f"with the channels last write 'layout hwc' above, or 'input {first_form}'"
    return Diagnostic(WARNING, "channels-last", message, help=help)


def _channels_first(value: tuple[int, ...], message: str) -> Diagnostic | None:
    """The warning on a picture whose channels come first in a file that has them last; None for any other shape."""
    *more, height, width = value
    places = [place for place, size in enumerate(more) if size in _PICTURE]
    if not 3 <= len(value) <= 4 or not places or min(height, width) < _SMALLEST_PICTURE:
        return None
    if len(value) == 4 and height != width:  # 3x16x112x112, 16x3x112x112: frames are mostly square
        return None
    channels = more.pop(places[-1])
    last_form = times((*[size for size in more if size > 1], height, width, channels))
    help = f"with the channels first leave 'layout hwc' out, or write 'input {last_form}'"
    return Diagnostic(WARNING, "channels-first", message, help=help)


def varied(network: Network, inputs: Mapping[str | int | None, str], settings: Mapping[str, str]) -> Network:
    """`network` with other shapes of inputs (by name; None: the only one; or in order) and other values of variables.

    Raises SpecError where these cannot be understood, or nobody could tell what they make of it.
    """
    if not inputs and not settings:
        return network
    if network.rebuild is not None and (isinstance(network.notes, Specification) or network.format != "spec"):
        return network.rebuild(inputs=inputs or None, settings=settings)
    if settings:
        raise _cannot(f"{network.source.name} has no variables that could be set")
    from ..network.replay import ReplayError, replay

    faults = Faults()
    names = [node.name for node in network.inputs]
    named = in_order(inputs, names)
    if None in named and len(names) > 1:
        raise _cannot(f"{network.source.name} has several inputs: {', '.join(names)}")
    shapes = {name or names[0]: given_input(name, text, network.layout, faults) for name, text in named.items()}
    try:
        return replay(network, inputs=shapes)
    except ReplayError as error:
        raise _cannot(f"{network.source.name}: {error}") from None


def of_model(
    source: Source, max_layers: int, *, inputs: Mapping[str | int | None, str | Shape] | None = None,
    settings: Mapping[str, str] | None = None, revise: Callable[[Layer], Layer] | None = None, checked: bool = True,
) -> Network:  # fmt: skip
    """The network of a file in another format, read once more where it is asked for at other inputs.

    What is `checked` is a spec's. Raises SpecError where the file, `inputs` or `settings` cannot be understood.
    """
    from ..convert.readers import ModelFile, Request
    from ..network.assembler import TooManyLayers

    assert isinstance(source, ModelFile)
    if settings and not source.reader.settings:
        raise _cannot(f"{source.name} has no variables that could be set")
    faults = Faults()
    shapes = {key: _shape_of(key, given, faults) for key, given in (inputs or {}).items()}
    try:
        network = source.reader.read(source, Request(shapes, max_layers, revise, settings or {}))
    except TooManyLayers as error:
        raise SpecError([Diagnostic(ERROR, TOO_MANY_LAYERS, f"{source.name}: {error}")]) from None
    network.diagnostics = (*faults.found, *network.diagnostics)
    own = dict(settings or {})

    def again(
        inputs: Mapping[str | int | None, str | Shape] | None = None, settings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Network:  # fmt: skip
        given: dict[str, str] = {**own, **(settings or {})}
        return of_model(source, max_layers, inputs={**shapes, **(inputs or {})}, settings=given, **options)

    network.rebuild = again
    return network


def _shape_of(key: str | int | None, given: str | Shape, faults: Faults) -> Shape:
    """A shape that may be given as a text; what the file has at that place says what is meant. Raises SpecError."""
    if not isinstance(given, str) or given == "()":  # one number a sample, as Python spells it
        return () if given == "()" else given  # type: ignore[return-value]
    return given_input(key if isinstance(key, str) else None, given, "chw", faults, doubted=False)


def _cannot(message: str) -> SpecError:
    return SpecError([Diagnostic(ERROR, "replay", message)])
