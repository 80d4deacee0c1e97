"""`cnncalc compare`: models side by side, and the fully connected network beside each."""

from __future__ import annotations

import os
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import click

from ...cli import candidates
from ...cli.guard import Refused
from ...cli.options import SpecChoice, choice, counts, output, whole
from ...cli.output import OutputOptions
from ...cli.plots import kind_of
from ...cli.plots import plot as plot_option
from ...cli.specs import DEFAULT, OptionWording, blocks_note, files_of, layers_known, nothing_here
from ...cli.writing import replace, spare
from ...render import formats
from ...values import nearest
from .models import Comparand, Variant, comparands, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...measure.conventions import Convention
    from .model import ComparedModel

#: More columns than this are no comparison any more.
_MOST = 100
_OWN_LAYER = "--hidden 4096 puts a layer of your own beside these."


def _units(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """`4096,4096`: whole numbers over 0."""
    if value is None:
        return None
    words = [word.strip() for word in value.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) < 20 and int(word) for word in words):
        raise click.BadParameter(f"'{value}' is no list of hidden units: write --hidden 4096,4096", ctx, param)
    return tuple(map(int, words))


def _split(text: str) -> list[str]:
    """`32,64,(1,2)` at the commas outside parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def _values(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str, list[str]]:
    """`NAME=v1,v2` words as a mapping to the values; given again, a name gets more of them."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, values = word.partition("=")
        if not (sign and name.strip() and all(_split(values))):
            raise click.BadParameter(f"'{word}' is not NAME=V1,V2: write --vary width=32,64", ctx, param)
        found.setdefault(name.strip(), []).extend(_split(values))
    return found


@click.command("compare")
@click.option("--mlp", is_flag=True, help="Show the fully connected network beside each model. Always with one model.")
@click.option("--vary", multiple=True, shell_complete=candidates.variable, callback=_values, metavar="NAME=V1,V2",
              help="One column for each value of a variable of the spec: width=32,64.")  # fmt: skip
@click.option("--hidden", callback=_units, metavar="UNITS", help="Add an MLP with these hidden layers: 4096,4096.")
@click.option("--layer", metavar="NAME", shell_complete=candidates.layer, help="Work out one layer, step by step.")
@counts
@click.option("--depth", callback=whole, metavar="N", help="Show N levels of stages and blocks; 1: one row a stage.")
@plot_option
@choice
@output(*formats())
def command(
    choice: SpecChoice,
    output: OutputOptions,
    mlp: bool,
    vary: dict[str, list[str]],
    hidden: tuple[int, ...] | None,
    layer: str | None,
    counts: tuple[Convention, ...],
    depth: int | None,
    plot: str | None,
) -> int:
    """Models side by side; the equivalent MLP.

    FILE is a spec or a model file: a path, - for standard input, @alexnet for a bundled example, or REV:path, a file in
    a revision of the git repository. Without FILE it is ./model.txt.

    Several models stand side by side. One model stands beside a fully connected network (an MLP) for the same job: how
    many more weights that would have, and which part of the saving comes from sparse connections, which from sharing.

    \b
    cnncalc compare                              ./model.txt and its MLPs
    cnncalc compare @alexnet --hidden 4096,4096  and an MLP of your own
    cnncalc compare @alexnet --layer conv1       one layer, worked out
    cnncalc compare a.txt b.txt                  two models side by side
    cnncalc compare a.txt b.txt --mlp            and each fully connected
    cnncalc compare main:net.txt net.txt         a branch and what is here
    cnncalc compare net.txt --vary width=32,64   one model at several values
    cnncalc compare net.txt --plot mlp.svg       a chart for a slide
    """
    from .page import Comparison, document

    if plot:
        _check_plotting()
    made = _compared(choice, vary, hidden)
    mlp = mlp or len(made) == 1 or hidden is not None
    models = [comparand.model for comparand in made if comparand.model]
    if layer is not None:
        _check_layer(layer, models)
    blocks = [model for model in models if _library(model)]
    shown = [model for model in models if model not in blocks and (layer is None or _has(model, layer))]
    notes = [blocks_note(model.analysis.file) for model in blocks]
    diagnostics, uncounted = list(dict.fromkeys([*said(made), *notes])), False
    if counts:
        from ...document import counts as by_convention

        for model in models:
            model.tallies = by_convention.tallied(model.analysis, counts)
        tallies = tuple(tally for model in models for tally in model.tallies)
        diagnostics = list(dict.fromkeys([*diagnostics, *by_convention.diagnostics(tallies)]))
        uncounted = by_convention.uncounted(tallies)
    networks = ((comparand.file, comparand.model.analysis.network if comparand.model else None) for comparand in made)
    files = list(dict.fromkeys(file for name, network in networks for file in files_of(name, network)))
    if plot:
        spare(plot, files, "--plot")
    if output.chosen() == "json" or any(not model.analysis.broken for model in shown):
        comparison = Comparison(made, shown, mlp, layer, depth, diagnostics, _OWN_LAYER)
        output.show(document(comparison), files)
    if output.chosen() != "json":
        output.report(diagnostics)
    if plot:
        _draw(plot, shown, mlp, layer)
    return output.code(diagnostics, uncounted)


def _compared(choice: SpecChoice, vary: dict[str, list[str]], hidden: tuple[int, ...] | None) -> list[Comparand]:
    """The columns. Raises a usage error where the values contradict each other, or are too many."""
    variants = _variants(choice, vary)
    if choice.files or os.path.exists(DEFAULT):
        return comparands(choice, choice.files or (DEFAULT,), variants, hidden, OptionWording(vary))
    error = nothing_here("name files: 'cnncalc compare FILE FILE'")
    return [Comparand(DEFAULT, variant, None, error.diagnostics) for variant in variants]


def _variants(choice: SpecChoice, vary: dict[str, list[str]]) -> list[Variant]:
    """Every combination of the values."""
    both = sorted(vary.keys() & choice.settings.keys())
    if both:
        raise click.UsageError(f"--vary and --set both set '{both[0]}'")
    shapes = choice.inputs
    count = max(1, len(choice.files)) * prod(map(len, (*shapes.values(), *vary.values())))
    if count > _MOST:
        raise Refused(f"{count:,} columns are too many: at most {_MOST} models can be compared")
    return [
        Variant(dict(zip(shapes, inputs, strict=True)), {**choice.settings, **dict(zip(vary, values, strict=True))})
        for inputs in product(*shapes.values())
        for values in product(*vary.values())
    ]


def _check_plotting() -> None:
    """Raises Refused where there is nothing to draw with."""
    from importlib import import_module

    try:
        import_module("matplotlib")
    except ImportError:
        raise Refused("--plot draws with matplotlib, which is not here: pip install 'cnncalc[plot]'") from None


def _check_layer(name: str, models: Sequence[ComparedModel]) -> None:
    """Raises Refused where a model, that was understood, has no layer of that name."""
    for model in models:
        if layers_known(model.analysis.diagnostics) and not _has(model, name):
            file, names = model.analysis.file, (row.name for row in model.analysis.layers)
            hint = nearest(name, names, f"'cnncalc shapes {file}' lists them")
            raise Refused(f"{file} has no layer '{name}': {hint}")


def _has(model: ComparedModel, layer: str) -> bool:
    """Whether it has a layer of that name."""
    return any(row.name == layer for row in model.analysis.layers)


def _library(model: ComparedModel) -> bool:
    """Whether its spec defines blocks only: there is nothing in it to compare."""
    from ...interpret.specification import specification

    return specification(model.analysis.network).library


def _draw(path: str, shown: Sequence[ComparedModel], mlp: bool, layer: str | None) -> None:
    """Writes the chart, whole or not at all. Raises Refused."""
    from .plot import draw

    known = [model for model in shown if model.known]
    if not known:
        raise Refused(f"there is nothing to draw in {path}: no totals are known")
    if layer is not None:
        known = [model for model in known if layer in model.mlp.layers]
        if not known:
            raise Refused(f"there is nothing to draw of {layer}: it is no convolution")
    replace(path, draw(known, mlp, kind_of(path), layer))
