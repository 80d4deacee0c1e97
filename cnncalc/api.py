"""The Python interface: load or parse a spec, and analyze it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from . import deployment
from . import measure as analysis
from .diagnostics import INPUT, Diagnostic, Source, SpecError, Wording, exit_code
from .features.check.verdict import Verdict
from .features.sweep.calling import sweep
from .interpret import DEFAULT_MAX_LAYERS, build, read_source
from .interpret.build import worded
from .network import Network

if TYPE_CHECKING:
    from .features.diff.facts import Diff
    from .features.draw.shown import NetworkPicture
    from .measure.result import StageTotals
    from .measure.row import LayerRow
    from .values import Shape

    class KnownRow(LayerRow):
        """A layer of a network that :func:`load` gave: nothing of it is unknown."""

        output: Shape
        params: int
        buffers: int
        macs: int
        flops: int

    class KnownTotals(analysis.Totals):
        """The totals of such a network."""

        params: int
        buffers: int
        macs: int
        flops: int
        params_train: int

    class KnownStage(StageTotals):
        """The sums of a stage, head or run of a block of such a network."""

        params: int
        buffers: int
        macs: int
        flops: int


class Analysis(analysis.NetworkAnalysis):
    """The numbers of a network. ``print`` shows the table, and so does a notebook; ``analysis["conv1"]`` is a layer."""

    if TYPE_CHECKING:
        layers: Sequence[KnownRow]
        totals: KnownTotals
        stages: Sequence[KnownStage]

    def __getitem__(self, name: str) -> KnownRow:
        """The layer called `name`. Raises KeyError, naming the nearest ones."""
        for row in self.layers:
            if row.name == name:
                return row
        from difflib import get_close_matches

        near = get_close_matches(name, [row.name for row in self.layers], 3)
        told = f": did you mean {' or '.join(map(repr, near))}?" if near else ""
        part = self.network.extents.get(name)
        if part is not None:
            last = self.network.nodes[part.output].name if part.output >= 0 else ""
            told = ": it is a line, a stage or a block" + f", whose last layer is {last!r}" * bool(last)
        raise KeyError(f"no layer is called {name!r}{told}")

    def __str__(self) -> str:
        """What `cnncalc shapes` writes into a file."""
        return self._rendered("plain")

    def _repr_html_(self) -> str:
        return self._rendered("html")

    def report(self, path: str | os.PathLike[str], *, count: str | Sequence[str] = ()) -> None:
        """Writes the page of `cnncalc report` into the file `path`, whole or not at all; `count` are the names of other
        ways of counting: ``"fvcore,thop"``.

        Raises ValueError for a way of counting that there is not, OSError where the file cannot be written.
        """
        from .features.report.page import write

        write(self, path, count.split(",") if isinstance(count, str) else count)

    def _rendered(self, form: str) -> str:
        from .document.columns import Selection, choose
        from .features.shapes.facts import Listing
        from .features.shapes.page import document
        from .render import render
        from .render.text import Screen

        selection = Selection(choose(None), self.layout)
        return "".join(render(document(Listing(self, selection)), form, Screen()))


class _KeywordWording(Wording):
    """Names the arguments of :func:`load`: ``settings={'width': '64'}``, ``input='3x8x8'``."""

    more_layers = "max_layers= raises the limit"

    def named(self, target: str, name: str | None, text: str | None) -> str:
        """The argument with its value."""
        keyword = "input" if target == INPUT else "settings"
        value = "…" if text is None else repr(text)
        return f"{keyword}={value}" if name is None else f"{keyword}={{{name!r}: {value}}}"


_KEYWORDS = _KeywordWording()
#: Another shape of the input; of several by name, or a list of all in their order.
Inputs: TypeAlias = "str | Mapping[str, str] | Sequence[str] | None"
#: One of two networks that are compared.
Side: TypeAlias = "Network | analysis.NetworkAnalysis | str | os.PathLike[str]"
#: What enters a module: shapes of a sample, or tensors.
TorchInputs: TypeAlias = "object | Mapping[str, object] | Sequence[object]"


def load(  # noqa: PLR0913 - what the options of the command line are
    path: str | os.PathLike[str], *, input: Inputs = None,
    settings: Mapping[str, object] | None = None, max_layers: int = DEFAULT_MAX_LAYERS, format: str | None = None,
    raw: bool = False, phase: str = "test", site: str | os.PathLike[str] | None = None,
) -> Network:  # fmt: skip
    """The network of the spec in the file `path` (or ``"@alexnet"``, a bundled example), or of a model file.

    `input` overrides its input, ``"3x224x224"``, or several, by name or in order; `settings` its top-level variables.
    `format` is that of the file ("spec", "onnx", …) where its name and content do not tell; `raw`: every node of a
    model file is a layer; `phase` of a Caffe file is "test" or "train"; `site` is where the packages lie that PyTorch
    source uses. ``"net.py:Net(10)"`` says which class or function of a file is meant.
    Raises SpecError, with every fault in ``.diagnostics``; failed expectations, warnings and notes are the network's
    ``diagnostics``.
    """
    from .convert.readers import How, names

    if format not in (None, "spec", *names()):
        raise ValueError(f"unknown format {format!r}: one of spec, {', '.join(names())}")
    packages = None if site is None else os.fspath(site)
    plain = (format, raw, phase, packages) == (None, False, "test", None)
    how = None if plain else How(format, raw, phase, None, packages)
    source, folder = read_source(os.fspath(path), how=how)
    return _built(source, folder, input, settings, max_layers)


def loads(
    text: str, *, name: str = "<spec>", folder: str | os.PathLike[str] = ".",
    input: Inputs = None, settings: Mapping[str, object] | None = None,
    max_layers: int = DEFAULT_MAX_LAYERS,
) -> Network:  # fmt: skip
    """The network of the spec `text`, called `name` in messages; its ``use`` lines start from `folder`.

    Otherwise as :func:`load`.
    """
    return _built(Source(name, text.removeprefix("\ufeff")), folder, input, settings, max_layers)


def from_torch(module: object, input: TorchInputs, *, max_layers: int = DEFAULT_MAX_LAYERS) -> Network:
    """The network of a ``torch.nn.Module``, as PyTorch exports it, in evaluation mode: ``from_torch(net, "3x32x32")``.

    `input` is the shape of a sample, of several inputs a list, or by the names of forward's arguments; a tensor, with
    samples first, stands for its own shape and type. The module stays as it is.
    Raises SpecError where PyTorch cannot export it; otherwise as :func:`load`.
    """
    from .convert.pt2.memory import exported
    from .interpret.faults import Faults
    from .interpret.overrides import given_input

    def example(name: str | None, given: object) -> object:
        return given_input(name, given, "chw", Faults(), doubted=False) if isinstance(given, str) else given

    if isinstance(input, Mapping):
        inputs: Mapping[str, object] | Sequence[object] = {name: example(name, one) for name, one in input.items()}
    else:
        inputs = [example(None, one) for one in (input if isinstance(input, list | tuple) else [input])]
    return _built(exported(module, inputs, type(module).__name__), ".", None, None, max_layers)


def from_keras(model: object, *, input: Inputs = None, max_layers: int = DEFAULT_MAX_LAYERS) -> Network:
    """The network of a Keras model, by what it says of itself: ``to_json()``.

    Raises SpecError where it cannot say that, as of a class of its own; otherwise as :func:`load`.
    """
    from .convert.keras.memory import described

    return _built(described(model), ".", input, None, max_layers)


def _built(
    source: Source, folder: str | os.PathLike[str], input: Inputs,
    settings: Mapping[str, object] | None, max_layers: int,
) -> Network:  # fmt: skip
    overrides = {"inputs": _inputs(input), "settings": _settings(settings)}
    network = worded(_KEYWORDS, lambda: build(source, folder=folder, max_layers=max_layers, **overrides))
    if exit_code(network.diagnostics) == 2:
        raise SpecError(network.diagnostics)
    return network


def _inputs(input: Inputs) -> dict[str | int | None, str]:
    if isinstance(input, str):
        return {None: input}
    return dict(input.items() if isinstance(input, Mapping) else enumerate(input or ()))


def _settings(settings: Mapping[str, object] | None) -> dict[str, str]:
    return {name: _spelled(value) for name, value in (settings or {}).items()}


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(str, value))})"
    return str(value)


def analyze(
    network: Network, *, batch: int = 1, dtype: str | Mapping[str, str] | None = None, execution: str = "eager"
) -> Analysis:
    """The numbers of `network`, for `batch` samples, its numbers in `dtype`: "int8", "weights=int8,biases=int32", else
    in the types that its file says; executed "eager", "inplace" or "fused".

    ``analyze(net).totals.params``, ``analyze(net).layers[0].output``; ``to_dict()`` is the JSON document.
    Raises ValueError for a batch under 1, an unknown type or an unknown execution.
    """
    return Analysis(network, batch, _given(batch, dtype, execution), execution)


def _given(batch: int, dtype: str | Mapping[str, str] | None, execution: str) -> dict[str, str]:
    """The types that `dtype` says, by part. Raises ValueError for it, a batch under 1 or an unknown execution."""
    analysis.analyze(Network(Source("", "")), batch=batch, execution=execution)
    return deployment.given(dtype)


def check(  # noqa: PLR0913 - keywords, that a caller names
    spec: str | os.PathLike[str] | Network, *, limits: Mapping[str, object] | None = None,
    input: Inputs = None, settings: Mapping[str, object] | None = None,
    batch: int | None = None, dtype: str | Mapping[str, str] | None = None, execution: str | None = None,
    strict: bool = False,
) -> Verdict:  # fmt: skip
    """What `cnncalc check` finds out about the spec in the file `spec`, or about a network: its expectations,
    requirements and lints, and whether it keeps `limits`: ``{"params": "5M", "peak": "512KiB", "output": "1000"}``, of
    several outputs shapes by name.

    ``.passed`` says whether all is well, ``.diagnostics`` what is not. Raises ValueError for limits that cannot be
    understood; what is wrong with the spec is in the verdict.
    """
    from .features.check import facts
    from .features.check.limits import from_values
    from .features.check.verdict import Conditions

    given = Conditions(batch, _given(1 if batch is None else batch, dtype, execution or "eager"), execution)
    terms = facts.Terms(from_values(limits or {}), _inputs(input), _settings(settings), given, strict=strict,
                        wording=_KEYWORDS)  # fmt: skip
    if isinstance(spec, Network):
        if terms.overridden:
            raise ValueError("a network has its input and settings already, from load() or loads()")
        return facts.check_network(spec, terms)
    (verdict,) = facts.check_file(os.fspath(spec), terms)
    return verdict


def diff(old: Side, new: Side) -> Diff:
    """What changed between two networks, analyses or files (as of :func:`load`), layer by layer.

    ``diff(a, b).equal``; ``layers`` has a change for every layer of both, ``changes`` those that are not equal,
    ``totals`` the measures of both; ``to_dict()`` is the JSON document of `cnncalc diff`. Raises SpecError.
    """
    from .features.diff.facts import Diff

    sides = [load(one) if isinstance(one, str | os.PathLike) else one for one in (old, new)]
    return Diff(*[side if isinstance(side, analysis.NetworkAnalysis) else Analysis(side) for side in sides])


def _written(network: Network, format: str, **options: object) -> str | bytes:
    """A network in a format of convert/out."""
    from .convert.out.formats import FORMATS, WriteOptions

    return FORMATS[format].write(network, WriteOptions(read=build)._replace(**options)).data


def _drawn(network: Network, **asked: str) -> NetworkPicture:
    """Its picture."""
    from .features.draw.shown import picture_of

    return picture_of(Analysis(network), asked)


Network.write_as = _written  # type: ignore[assignment,method-assign]
Network.draw_as = _drawn  # type: ignore[assignment,method-assign]

__all__ = [
    "Analysis", "Diagnostic", "Network", "SpecError", "Verdict", "analyze", "check", "diff", "load", "loads", "sweep",
]  # fmt: skip
