"""What `cnncalc compare` sets side by side: every file, with every value that was asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...cli.options import SpecChoice
    from ...diagnostics import Diagnostic, SpecError, Wording
    from ...network import Network
    from .model import ComparedModel


class Variant(Record):
    """Inputs and variables of one column, by name; the name of a lone input is None."""

    inputs: dict[str | int | None, str]
    settings: dict[str, str]

    def __str__(self) -> str:
        """`width=64, input 3x64x64`."""
        words = [f"{name}={value}" for name, value in self.settings.items()]
        words += [
            f"{name} {shape}" if isinstance(name, str) else f"input {shape}" for name, shape in self.inputs.items()
        ]
        return ", ".join(words)


class Comparand(Record):
    """What is compared: the model, or the fault for which there is none."""

    file: str
    variant: Variant
    model: ComparedModel | None
    diagnostics: tuple[Diagnostic, ...]


def comparands(
    choice: SpecChoice,
    files: Sequence[str],
    variants: Sequence[Variant],
    hidden: tuple[int, ...] | None,
    wording: Wording,
) -> list[Comparand]:
    """A column for every variant of every file, or file of a revision; each is read once, standard input too."""
    from ...diagnostics import SpecError
    from ...interpret import build
    from ...interpret.build import worded
    from ...interpret.overrides import varied
    from ...interpret.reading.revisions import read_either
    from ...measure import analyze
    from .model import ComparedModel

    made = []
    networks: dict[str, Network] = {}
    for name in files:
        try:
            if name not in networks:
                source, folder = read_either(name, bool(choice.files), choice.how)
                make = partial(build, source, folder=folder, max_layers=choice.max_layers)
                shapes = choice.inputs.get(None, ())
                networks[name] = worded(wording, partial(_built, make, variants[0], shapes))
        except SpecError as error:
            made += [Comparand(name, variant, None, _faults(error, name, files)) for variant in variants]
            continue
        for variant in _in_order(variants, choice.inputs.get(None, ()), networks[name]):
            try:
                network = worded(wording, partial(varied, networks[name], variant.inputs, variant.settings))
                analysis = analyze(network, **choice.terms)
                model = ComparedModel(analysis, variant, hidden)
                made.append(Comparand(analysis.file, variant, model, analysis.diagnostics))
            except SpecError as error:
                made.append(Comparand(name, variant, None, _faults(error, name, files)))
    return made


def _faults(error: SpecError, name: str, files: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What is wrong with a file; where there are others, it is named by what has no place in it."""
    several = len(set(files)) > 1
    return tuple(fault.among_files(name) if several else fault for fault in error.diagnostics)


def _built(make: Callable[..., Network], first: Variant, shapes: Sequence[str]) -> Network:
    """The network as its file has it; where that leaves inputs open, with those of `first`. Raises SpecError."""
    from ...diagnostics import SpecError

    try:
        return make()
    except SpecError:
        if not first.inputs:
            raise
    try:
        return make(inputs=first.inputs, settings=first.settings)
    except SpecError:
        if len(shapes) < 2:
            raise
        return make(inputs=dict(enumerate(shapes)), settings=first.settings)


def _in_order(variants: Sequence[Variant], shapes: Sequence[str], network: Network) -> Sequence[Variant]:
    """The variants of a network: where it has several inputs, shapes without names are one variant, in order."""
    if len(network.inputs) < 2 or len(shapes) < 2:
        return variants
    inputs: dict[str | int | None, str] = dict(enumerate(shapes))
    settings = dict.fromkeys(tuple(variant.settings.items()) for variant in variants)
    return [Variant(inputs, dict(setting)) for setting in settings]


def said(made: Sequence[Comparand]) -> list[Diagnostic]:
    """All diagnostics, each once; what is true of some of a file's columns only says of which. Of what is not judged
    one says it for all.
    """
    from ...diagnostics import NOT_JUDGED

    places: dict[tuple[str, object], tuple[Diagnostic, list[Comparand]]] = {}
    for column in made:
        for diagnostic in column.diagnostics:
            span = diagnostic.span and (diagnostic.span.source.name, *diagnostic.span[1:])
            key = (
                column.file,
                (diagnostic.severity, diagnostic.code, diagnostic.code != NOT_JUDGED and diagnostic.message, span),
            )
            places.setdefault(key, (diagnostic, []))[1].append(column)
    files = [column.file for column in made]
    found: dict[object, Diagnostic] = {}
    for (file, fault), (diagnostic, seen) in places.items():
        variants = [str(column.variant) for column in seen]
        if diagnostic.span and len(seen) < files.count(file) and any(variants):
            diagnostic = diagnostic._replace(notes=(*diagnostic.notes, f"with {' or '.join(dict.fromkeys(variants))}"))
        found.setdefault((fault, diagnostic.notes), diagnostic)
    return list(found.values())
