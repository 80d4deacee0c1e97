"""From the options of `cnncalc compare` to its models: every file, with every value that was asked for."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import click

from ...cli.guard import Refused
from ...cli.options import SpecChoice
from ...cli.specs import DEFAULT
from ...records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...diagnostics import Diagnostic, SpecError, Wording
    from ...network import Network
    from .model import Model

#: More columns than this are no comparison any more.
MOST = 100


class Variant(Record):
    """Inputs and variables of one column, by name; the name of a lone input is None."""

    inputs: dict[str | None, str]
    settings: dict[str, str]


class Comparand(Record):
    """What is compared: the model, or the fault for which there is none."""

    file: str
    variant: Variant
    model: Model | None
    diagnostics: tuple[Diagnostic, ...]


def split(text: str) -> list[str]:
    """`32,64,(1,2)` at the commas outside parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def varied(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str, list[str]]:
    """`NAME=v1,v2` words as a mapping to the values; given again, a name gets more of them."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, values = word.partition("=")
        if not (sign and name.strip() and all(split(values))):
            raise click.BadParameter(f"'{word}' is not NAME=V1,V2: write --vary width=32,64", ctx, param)
        found.setdefault(name.strip(), []).extend(split(values))
    return found


def variants(choice: SpecChoice, vary: dict[str, list[str]]) -> list[Variant]:
    """Every combination of the values. Raises a usage error where they contradict each other, or are too many."""
    both = sorted(vary.keys() & choice.settings.keys())
    if both:
        raise click.UsageError(f"--vary and --set both set '{both[0]}'")
    shapes: dict[str | None, list[str]] = {}
    for word in choice.inputs:
        name, sign, shape = word.rpartition("=")
        if (sign and not name.strip()) or not shape.strip():
            raise click.BadParameter(f"'{word}' is no shape: write --input 3x224x224", param_hint="'--input'")
        shapes.setdefault(name.strip() or None, []).append(shape.strip())
    if None in shapes and len(shapes) > 1:
        raise click.BadParameter("several inputs need their names: --input NAME=SHAPE", param_hint="'--input'")
    count = max(1, len(choice.files))
    for values in (*shapes.values(), *vary.values()):
        count *= len(values)
    if count > MOST:
        raise Refused(f"{count:,} columns are too many: at most {MOST} models can be compared")
    return [
        Variant(
            dict(zip(shapes, chosen[: len(shapes)], strict=True)),
            {**choice.settings, **dict(zip(vary, chosen[len(shapes) :], strict=True))},
        )
        for chosen in product(*shapes.values(), *vary.values())
    ]


def columns(choice: SpecChoice, vary: dict[str, list[str]], hidden: tuple[int, ...] | None) -> list[Comparand]:
    """A column for every variant of every file; each file is read once, standard input too.

    Raises a usage error where the values contradict each other, or are too many.
    """
    from ...cli.specs import OptionWording
    from ...diagnostics import SpecError
    from ...interpret import build, read_source

    found, made = variants(choice, vary), []
    networks: dict[str, Network] = {}
    for name in choice.files or (DEFAULT,):
        for variant in found:
            try:
                if not choice.files and not os.path.exists(DEFAULT):
                    raise _nothing_here()
                if name not in networks:
                    source, folder = read_source(name)
                    networks[name] = build(source, folder=folder, max_layers=choice.max_layers)
                model = _model(choice, variant, hidden, networks[name], OptionWording(vary))
                made.append(Comparand(model.analysis.file, variant, model, model.analysis.diagnostics))
            except SpecError as error:
                made.append(Comparand(name, variant, None, error.diagnostics))
    return made


def _nothing_here() -> SpecError:
    from ...diagnostics import ERROR, Diagnostic, SpecError

    start = "start with one, 'cnncalc new lenet5 -o model.txt', or name files: 'cnncalc compare FILE FILE'"
    return SpecError([Diagnostic(ERROR, "no-file", "there is no model.txt here", help=start)])


def _model(
    choice: SpecChoice, variant: Variant, hidden: tuple[int, ...] | None, own: Network, wording: Wording
) -> Model:
    """The model of a network with the values of `variant`. Raises SpecError where they cannot be understood."""
    from ...interpret.build import worded
    from ...interpret.overrides import varied
    from ...measure import analyze
    from .model import Model

    network = worded(wording, lambda: varied(own, variant.inputs, variant.settings))
    analysis = analyze(network, batch=choice.batch, dtype=choice.dtype)
    return Model(analysis, variant.settings, variant.inputs, hidden)


def said(made: Sequence[Comparand]) -> list[Diagnostic]:
    """All diagnostics, each once; what is true of some of a file's columns only says of which."""
    places: dict[tuple[str, object], tuple[Diagnostic, list[Comparand]]] = {}
    for column in made:
        for one in column.diagnostics:
            span = one.span and (one.span.source.name, *one.span[1:])
            key = (column.file, (one.severity, one.code, one.message, span))
            places.setdefault(key, (one, []))[1].append(column)
    files = [column.file for column in made]
    found: dict[object, Diagnostic] = {}
    for (file, fault), (one, seen) in places.items():
        if one.span and len(seen) < files.count(file) and any(map(spelled, seen)):
            one = one._replace(notes=(*one.notes, f"with {' or '.join(dict.fromkeys(map(spelled, seen)))}"))
        found.setdefault((fault, one.notes), one)
    return list(found.values())


def spelled(column: Comparand) -> str:
    """`width=64, input 3x64x64`: what was set in a column."""
    inputs, settings = column.variant
    words = [f"{name}={value}" for name, value in settings.items()]
    words += [f"input {shape}" if name is None else f"{name} {shape}" for name, shape in inputs.items()]
    return ", ".join(words)
