"""Source -> network: files and the files they use, static checks, the run, and what is said at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, TypeAlias

from ..diagnostics import (
    BROKEN,
    ERROR,
    EXPECTATION_FAILED,
    INPUT,
    WARNING,
    Diagnostic,
    Source,
    Span,
    SpecError,
    Wording,
    exit_code,
)
from ..layers import Layer, LayerError, RankError
from ..network import Network, Node
from ..network.assembler import DEFAULT_MAX_LAYERS, Assembler
from ..spec.symbols import inputs as program_inputs
from ..values import Shape
from .definitions import Definitions
from .faults import MAX_SUGGESTED, Faults
from .interpreter import Interpreter, Observer
from .overrides import Overrides, changed, check_given_inputs, check_settings, given_input, in_order, setting
from .reading.files import Files, Folder
from .reading.loader import Loader, Unit
from .specification import Outcome, Specification, check_names, specification


def build(
    source: Source, *, folder: Folder | Files | None = None, max_layers: int = DEFAULT_MAX_LAYERS, **options: Any
) -> Network:
    """The network of `source`. Faults never raise: they are its `diagnostics`, and what depends on them is unknown.

    `folder` is where `use` lines start from, on the disk if it does not say otherwise; `options` are those of
    :meth:`Spec.network`. Raises SpecError where `inputs` or `settings` themselves cannot be understood.
    """
    if type(source) is not Source:
        from .overrides import of_model

        return of_model(source, max_layers, **options)
    return Spec(source, folder, max_layers).network(**options)


def worded(wording: Wording, attempt: Callable[[], Network]) -> Network:
    """The network that `attempt` makes, the faults of what is overridden in the words of `wording`.

    Raises SpecError, in these words, where `attempt` does.
    """
    try:
        network = attempt()
    except SpecError as error:
        raise error.worded(wording) from None
    network.diagnostics = tuple(map(wording, network.diagnostics))
    return network


#: The codes of faults that another size of the input may cure.
SIZE_FAULTS = ("shape", "window-too-large")
_OF_SIZES = (*SIZE_FAULTS, EXPECTATION_FAILED)
#: Shapes, or texts that say them, by the names of inputs; None is the only one, numbers are those of several in order.
Inputs: TypeAlias = "Mapping[str | int | None, str | Shape]"


class Spec:
    """A spec and the files that it uses, read: networks of it are made at whatever inputs and values of variables."""

    #: What collects faults, and what the network is put together by.
    faults_type: type[Faults] = Faults
    assembler_type: type[Assembler] = Assembler

    def __init__(
        self, source: Source, folder: Folder | Files | None = None, max_layers: int = DEFAULT_MAX_LAYERS
    ) -> None:
        files = folder if isinstance(folder, Files) else Files(folder)
        loader = Loader()
        self.unit = loader.load(source, files, files.folder, files.own(source))
        self.units = loader.all
        self.max_layers = max_layers
        self._files = tuple(loader.units)
        self._said = loader.faults.found

    def network(
        self, *, inputs: Inputs | None = None, settings: Mapping[str, Any] | None = None,
        revise: Callable[[Layer], Layer] | None = None, checked: bool = True, observer: Observer | None = None,
    ) -> Network:  # fmt: skip
        """Its network. Faults never raise: they are its `diagnostics`, and what depends on them is unknown.

        `inputs` are shapes, or texts that say them, by input name (see :data:`Inputs`); `settings` are values of
        top-level variables; `revise` gives the layer that is put in the place of each; unless `checked`, expectations
        are passed over; `observer` is told of every run of a layer line.
        Raises SpecError where `inputs` or `settings` themselves cannot be understood.
        """
        faults = self.faults_type()
        for diagnostic in self._said:
            faults.add(diagnostic)
        definitions = Definitions(self.units, faults)
        named = self._named(inputs or {})
        overrides = self._overrides(named, settings or {}, definitions)
        definitions.check()
        reserved = [name for name, variable in definitions.declared if not variable]
        layout = definitions.layout_of(self.unit.source)
        assembler = self.assembler_type(
            self.unit.source, layout, max_layers=self.max_layers, reserved=reserved, revise=revise
        )
        interpreter = Interpreter(self.unit, definitions, assembler, overrides, judged=checked, observer=observer)
        specification = interpreter.specification
        specification.read_from(self._files, (self, named, settings or {}), lambda: self._own_outcomes)
        interpreter.run_file(None if program_inputs(self.unit.program) else overrides.shape("input"))
        _look_at_the_end(self.unit, assembler, specification, faults)
        wrong = any(one.severity == ERROR and one.code not in BROKEN for one in faults.found)
        specification.conclude(understood=not wrong)
        remark = specification.remark()
        if remark is not None:
            faults.add(remark)
        rebuild = partial(self._rebuilt, named, settings or {})
        network = assembler.finish(self._in_order(definitions), rebuild, specification)
        if any(one.code == "not-a-spec" for one in network.diagnostics):
            specification.forget()
        if checked and any(one.code in SIZE_FAULTS for one in network.diagnostics):
            network.diagnostics = _with_sizes(network)
        return network

    @property
    def folder(self) -> Folder | Files:
        """Where its `use` lines start from."""
        return self.unit.files

    @property
    def unread(self) -> bool:
        """Whether there are lines that cannot be read."""
        return any(diagnostic.severity == ERROR for diagnostic in self._said)

    @cached_property
    def layout(self) -> str:
        """The layout of its file."""
        return Definitions(self.units, Faults()).layout_of(self.unit.source)

    @cached_property
    def _own_outcomes(self) -> Mapping[tuple[int, int, int], Outcome]:
        """What becomes of each expectation at the file's own values."""
        return specification(self.network()).expectations

    def _rebuilt(
        self, own_inputs: Inputs, own_settings: Mapping[str, Any], *,
        inputs: Inputs | None = None, settings: Mapping[str, Any] | None = None, **options: Any,
    ) -> Network:  # fmt: skip
        """The network once more, at other inputs or values than its own where they are given."""
        inputs, settings = {**own_inputs, **self._named(inputs or {})}, {**own_settings, **(settings or {})}
        return self.network(inputs=inputs, settings=settings, **options)

    def _named(self, inputs: Inputs) -> dict[Any, str | Shape]:
        """The inputs by their names. Raises SpecError."""
        return in_order(inputs, [name or INPUT for name, _ in program_inputs(self.unit.program)] or [INPUT])

    def _in_order(self, definitions: Definitions) -> tuple[Diagnostic, ...]:
        """What was said but for what an ``# allow:`` comment silences, in file order, the main file's first.

        A text that is no spec has one fault.
        """
        order = {id(unit.source): number for number, unit in enumerate(reversed(self.units))}

        def key(diagnostic: Diagnostic) -> tuple[int, int, int]:
            span = diagnostic.span
            return (-1, 0, 0) if span is None else (order.get(id(span.source), 0), span.line, span.column)

        said = [diagnostic for diagnostic in definitions.faults.found if not definitions.allows(diagnostic)]
        if exit_code(said) == 2:
            from .echoes import without_echoes

            if any(one.severity == ERROR and one.code not in _OF_SIZES for one in said):  # a line was not understood
                from ..spec.other_text import recognized
                from .offers.rewording import Rewording

                other = recognized(self.unit.source)
                if other is not None:
                    return (other,)
                names = (definitions.names(variables=True), definitions.names(variables=False))
                reworded = Rewording(definitions.blocks, *names)
                said = [*map(reworded, said[:MAX_SUGGESTED]), *said[MAX_SUGGESTED:]]
            said = without_echoes(sorted(said, key=key), self._said)
        return tuple(sorted(said, key=key))

    def _overrides(
        self, inputs: Mapping[str | None, str | Shape], settings: Mapping[str, Any], definitions: Definitions
    ) -> Overrides:
        """What is given from outside, understood. Raises SpecError."""
        single = len(program_inputs(self.unit.program)) < 2
        values = {name: setting(name, text) if isinstance(text, str) else text for name, text in settings.items()}
        check_settings(values, self.units)
        layout = definitions.layout_of(self.unit.source)
        faults = definitions.faults
        shapes = {
            name: given_input(name, given, layout, faults) if isinstance(given, str) else given
            for name, given in inputs.items()
        }
        check_given_inputs(shapes, self.unit.program)
        overrides = Overrides(shapes, values, single)
        return overrides._replace(changed=self._changed(overrides, layout)) if overrides else overrides

    def _changed(self, overrides: Overrides, layout: str) -> bool:
        """Whether what is given from outside is other than what the file says."""
        return changed(overrides, self.unit.program, self.unit.source, layout)


def _with_sizes(network: Network) -> tuple[Diagnostic, ...]:
    """What is said of a network that does not fit its input, and with the first fault what inputs it takes."""
    said = network.diagnostics
    if any(diagnostic.severity == ERROR and diagnostic.code not in _OF_SIZES for diagnostic in said):
        return said
    if any(isinstance(_misfit(network, node), RankError) for node in network.nodes if node.output is None):
        return said  # of a layer that is missing no size is the cure
    from ..network.accepted import fitting, sentence

    sizes = sentence(fitting(network))
    if not sizes:
        return said
    first = next(place for place, diagnostic in enumerate(said) if diagnostic.code in SIZE_FAULTS)
    note = f"the network takes {sizes}"
    return (*said[:first], said[first]._replace(notes=(*said[first].notes, note)), *said[first + 1 :])


def _misfit(network: Network, node: Node) -> LayerError | None:
    """Why a layer does not fit what it reads; None where it does, or that is not known."""
    shapes = network.input_shapes(node)
    try:
        if node.layer is not None and shapes:
            node.layer.output(shapes)
    except LayerError as error:
        return error
    return None


def _look_at_the_end(unit: Unit, assembler: Assembler, specification: Specification, faults: Faults) -> None:
    """Reports what can only be told of the whole network."""
    if all(fault.severity != ERROR or fault.code == EXPECTATION_FAILED for fault in faults.found):
        _look_at_layers(unit, assembler, specification.library, faults)
    else:
        specification.misread()
    check_names(specification, assembler.network.extents, faults)


def _look_at_layers(unit: Unit, assembler: Assembler, library: bool, faults: Faults) -> None:
    nodes = assembler.nodes
    if not nodes and not library:
        help = "for example 'input 1x28x28', and below it 'conv 6 5'"
        faults.error("empty-spec", "the spec is empty: it has no input and no layer", Span(unit.source, 1, 1, 2), help)
    elif nodes and not assembler.layer_count:
        message, help = "there is an input, and no layer", "below it for example 'conv 6 5'"
        faults.add(Diagnostic(WARNING, "no-layers", message, nodes[0].span, help))
    else:
        for node in assembler.unused():
            message, help = f"nothing uses the output of '{node.name}'", "delete it, or name it in 'output'"
            faults.add(Diagnostic(WARNING, "unused-tensor", message, node.span, help, (), node.frames))
