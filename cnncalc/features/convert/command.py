"""`cnncalc convert`: a model in another format."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ...cli.guard import FAULTY, Refused, echo_bytes
from ...cli.options import COLOR, adding, reading, taken, whole
from ...cli.output import OutputOptions
from ...cli.specs import Reading, analysed, blocks_only, files_of, spec_name

if TYPE_CHECKING:
    from ...convert.out.formats import WriteOptions, Written
    from ...network import Network

#: What --to takes, in the order of the help: the formats of convert/out/formats.py.
_TARGETS = ("spec", "torch", "keras", "onnx")


def _seed(ctx: click.Context, param: click.Parameter, text: str | None) -> int | None:
    """A whole number, 0 too."""
    return 0 if text is not None and text.strip("0") == "" and text else whole(ctx, param, text)


def _output(given: dict[str, Any]) -> dict[str, OutputOptions]:
    return {"output": taken(OutputOptions, given, format=None)}


_output_options = adding(
    (
        click.option("-o", "--output", metavar="FILE", type=click.Path(),
                     help="Write it into FILE, whole or not at all; else to standard output."),
        click.option("--color/--no-color", default=None, help=COLOR),
        click.option("-q", "--quiet", is_flag=True, help="Show errors only, no warnings and no notes."),
        click.option("--strict", is_flag=True, help="Exit with 1 if there is a warning."),
    ),
    _output,
)  # fmt: skip


@click.command("convert")
@click.option("--to", "target", type=click.Choice(_TARGETS), metavar="FORMAT",
              help="spec, torch, keras or onnx; else by the name of -o FILE: .txt, .onnx.")  # fmt: skip
@click.option("--name", metavar="NAME", help="What it is called there: the model, its class or function.")
@click.option("--opset", callback=whole, metavar="N", help="For onnx: the version of its operators, 13 to the newest; "
              "else 21.")  # fmt: skip
@click.option("--weights", type=click.Choice(["random", "none"]), metavar="WHICH",
              help="For onnx: random numbers, or none: their shapes alone, which make a small file.")  # fmt: skip
@click.option("--seed", callback=_seed, metavar="N", help="For onnx: of the random numbers; else 0.")
@click.option("--partial", is_flag=True, help="Write a stub that raises in the place of what cannot be said there.")
@reading
@_output_options
def command(
    reading: Reading, output: OutputOptions, target: str | None, name: str | None, opset: int | None,
    weights: str | None, seed: int | None, partial: bool,
) -> int:  # fmt: skip
    """The same network in another format: a spec, PyTorch or Keras code, an ONNX file.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt.

    What a format cannot say is an error that lists every such layer; nothing is written then.
    'cnncalc help formats' says what becomes of what.

    \b
    cnncalc convert net.onnx --to spec          a spec to read and edit
    cnncalc convert net.onnx --to spec | cnncalc shapes -
    cnncalc convert @resnet50 --to torch -o resnet.py
    cnncalc convert net.txt -o net.onnx         with random weights
    cnncalc convert net.txt -o net.onnx --weights none --opset 17
    cnncalc convert net.py:Net --input 3x32x32 --to keras
    """
    from ...convert.out.formats import FORMATS, WriteOptions
    from ...diagnostics import SpecError, exit_code
    from ...interpret import build
    from ...interpret.specification import specification
    from .unwritten import unwritten

    target = target or _by_suffix(output)
    form = FORMATS[target]
    _refuse_name(target, form.suffixes[0], output)
    _refuse_useless(target, opset=opset, weights=weights, seed=seed)
    if form.binary and not output.to_file and sys.stdout.isatty():
        raise Refused(f"{target} is nothing for a terminal: write -o {_stem(reading)}{form.suffixes[0]}, or pipe it on")
    options = WriteOptions(name=name, weights=weights != "none", seed=seed or 0, partial=partial, read=build)
    options = options if opset is None else options._replace(opset=opset)
    try:
        analysis = analysed(reading, "convert")
        network = analysis.network
        if specification(network).library:
            return blocks_only(reading, output)
        if exit_code(analysis.diagnostics) == FAULTY:
            raise SpecError(analysis.diagnostics)
        written = _written(network, target, options)
    except SpecError as error:
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    if output.to_file or not isinstance(written.data, bytes):
        _write(written.data, output, files_of(spec_name(reading), network))
    else:
        echo_bytes(written.data)
    allowed = specification(network).allows
    said = [*written.diagnostics, *unwritten(network, target)]
    diagnostics = [*analysis.diagnostics, *(diagnostic for diagnostic in said if not allowed(diagnostic))]
    output.report(diagnostics)
    return output.code(diagnostics)


def _by_suffix(output: OutputOptions) -> str:
    """The format that the name of the file asks for. Raises UsageError where it asks for none, or for one of two."""
    from ...convert.out.formats import FORMATS

    if not output.to_file:
        raise click.UsageError(f"which format? --to {', --to '.join(_TARGETS)}")
    suffix = os.path.splitext(str(output.output))[1].lower()
    found = [name for name in _TARGETS if suffix in FORMATS[name].suffixes]
    if len(found) == 1:
        return found[0]
    wanted = ", ".join(f"--to {name}" for name in found or _TARGETS)
    raise click.UsageError(f"-o {output.output} does not tell the format: add {wanted}")


def _refuse_name(target: str, suffix: str, output: OutputOptions) -> None:
    """Raises UsageError for the name of a file of another format, as which nobody could read what is written."""
    from ...convert.readers import of_suffix
    from ...diagnostics import SpecError

    name = str(output.output)
    try:
        other = output.to_file and of_suffix(name) is not None
    except SpecError:  # weights, which nothing reads
        other = True
    if other and os.path.splitext(name)[1].lower() != suffix:
        what = {".py": "Python code", ".txt": "a spec", ".onnx": "an ONNX graph"}[suffix]
        raise click.UsageError(f"-o {name} is the name of another format: --to {target} writes {what}, a {suffix} file")


def _refuse_useless(target: str, **given: object) -> None:
    """Raises UsageError for an option that the format has no use for."""
    useless = [name for name, value in given.items() if value is not None]
    if useless and target != "onnx":
        raise click.UsageError(f"--{useless[0]} is for --to onnx: a {target} file has no such thing")


def _written(network: Network, target: str, options: WriteOptions) -> Written:
    """The network in the format. Raises SpecError, Refused."""
    from ...convert.out.formats import FORMATS

    form = FORMATS[target]
    try:
        return form.write(network, options)
    except ImportError as error:
        if not form.package or (error.name or "").partition(".")[0] != form.package:
            raise
        raise Refused(f"{target} is written with the package {form.package}: pip install 'cnncalc[{target}]'") from None
    except ValueError as error:
        raise Refused(str(error)) from None


def _write(data: str | bytes, output: OutputOptions, read: list[str]) -> None:
    """Writes a file, or a text to standard output."""
    if isinstance(data, bytes):
        output.write_bytes(data, read)
    elif output.to_file:
        output.write(data, read)
    else:
        output.write(output.screen().charset.lines(data), read)


def _stem(reading: Reading) -> str:
    """A name for a file: that of the model."""
    name = spec_name(reading).removeprefix("@").replace("\\", "/").rpartition("/")[2]
    return name.partition(".")[0] or "net"
