"""Options and arguments that mean the same in every command, by the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..records import Record
from . import candidates
from .output import OutputOptions
from .specs import MAX_LAYERS, Reading

if TYPE_CHECKING:
    from ..convert.readers import How
    from ..measure.conventions import Convention

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]
#: A record of the values of options.
Options = TypeVar("Options", bound=Record)


def whole(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A whole number over 0; its digits may be grouped."""
    if value is None:
        return None
    digits = value.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 100 and int(digits)):
        raise click.BadParameter(f"'{value}' is not a whole number over 0", ctx, param)
    return int(digits)


def _pairs(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` words as a mapping."""
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise click.BadParameter(f"'{word}' is not NAME=VALUE: write --set width=64", ctx, param)
        found[name.strip()] = value.strip()
    return found


def _shapes(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str | int | None, str]:
    """`SHAPE` or `NAME=SHAPE` words as a mapping; the name of a lone shape is None, those of several are numbers."""
    found = _all_shapes(ctx, param, words)
    if len(found) == len(words):
        return {name: shape for name, (shape,) in found.items()}
    if None in found:
        return dict(enumerate(found[None]))
    twice = next(name for name, shapes in found.items() if len(shapes) > 1)
    raise click.BadParameter(f"input '{twice}' is given twice", ctx, param)


def _all_shapes(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str | None, list[str]]:
    """The same, where an input may have several shapes."""
    found: dict[str | None, list[str]] = {}
    for word in words:
        name, sign, shape = word.rpartition("=")
        if (sign and not name.strip()) or not shape.strip():
            raise click.BadParameter(f"'{word}' is no shape: write --input 3x224x224", ctx, param)
        found.setdefault(name.strip() or None, []).append(shape.strip())
    if None in found and len(found) > 1:
        raise click.BadParameter(_UNNAMED, ctx, param)
    return found


def _dtypes(ctx: click.Context, param: click.Parameter, text: str | None) -> dict[str, str]:
    """`int8`, or `weights=int8,biases=int32`, as types by part."""
    if text is None:
        return {}
    from ..deployment import DtypeError, read

    try:
        return read(word.strip() for word in text.split(","))
    except DtypeError as error:
        raise click.BadParameter(str(error), ctx, param) from None


_UNNAMED = "either all inputs have their names here, --input NAME=SHAPE, or none has"
#: A shape as frameworks print it, with the axis of the samples.
_WHOLE = r"(?:torch\.Size\(|TensorShape\()?\[(.*)\]\)?\Z"


def _sampled(given: dict[str, Any]) -> dict[str, Any]:
    """`given` without the axis of the samples, which a shape in brackets has: its size is the batch."""
    batches: dict[int, str] = {}

    def per_sample(text: str) -> str:
        whole = re.match(_WHOLE, text)
        if whole is None:
            return text
        samples, *sizes = re.split(r"[\s,x×*;]+", whole[1].strip(" ,")) or [""]
        if not samples:
            raise click.UsageError(f"--input {text}: a shape in brackets starts with the samples: [1,3,224,224]")
        if samples.isascii() and samples.isdigit() and len(samples) < 100 and int(samples):
            batches[int(samples)] = text
        elif samples != "-1" and re.match(r"[-+]?\d", samples):
            raise click.UsageError(f"--input {text}: {samples} is no number of samples: at least 1, or -1 if free")
        return "x".join(sizes) or "()"  # one number a sample

    given["inputs"] = {
        name: [*map(per_sample, text)] if isinstance(text, list) else per_sample(text)
        for name, text in given["inputs"].items()
    }
    if given["batch"] != 1:
        batches.setdefault(given["batch"], f"--batch {given['batch']}")
    if len(batches) > 1:
        raise click.UsageError(f"the number of samples differs: {' and '.join(batches.values())}")
    given["batch"] = next(iter(batches), 1)
    return given


def _formats() -> list[str]:
    """The formats that can be read."""
    from ..convert.readers import names

    return ["spec", *names()]


def _format(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """The name of a format."""
    if name is not None and name not in _formats():
        raise click.BadParameter(f"'{name}' is no format: one of {', '.join(_formats())}", ctx, param)
    return name


_READING = (
    click.option("--input", "inputs", metavar="SHAPE", multiple=True, callback=_shapes,
                 shell_complete=candidates.given_input,
                 help="Use another input shape: 3x224x224, or with its batch '[1,3,224,224]'. Several inputs: "
                      "once for each, in order or as NAME=SHAPE."),
    click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, callback=_pairs,
                 shell_complete=candidates.variable,
                 help="Give a variable of the spec (a 'let' line) another value: width=64."),
    click.option("--batch", callback=whole, default="1", metavar="N",
                 help="Count MACs and memory for N samples at once, not for 1."),
    click.option("--dtype", metavar="TYPES", callback=_dtypes, shell_complete=candidates.dtypes,
                 help="Number type, for sizes in bytes: fp32, fp16, int8, … By part: weights=int8,biases=int32."),
    click.option("--execution", type=click.Choice(["eager", "inplace", "fused"]), default="eager", metavar="WAY",
                 help="How layers run, for sizes in bytes: eager, inplace (activations overwrite their input) or fused "
                      "(bn and activations are part of the layer before)."),
    click.option("--from", "format_name", metavar="FORMAT", callback=_format, shell_complete=candidates.format_name,
                 help="The format of FILE, if its name does not tell: spec, onnx, …"),
    click.option("--raw", is_flag=True, help="For a model file of another tool: a row for each node in it."),
    click.option("--phase", type=click.Choice(["train", "test"]), default="test", metavar="PHASE",
                 help="For a Caffe file: its layers for train, or for test."),
    click.option("--site", metavar="DIR", type=click.Path(exists=True, file_okay=False),
                 help="For Python source: where the packages lie whose models it uses (torchvision, timm, keras)."),
    click.option("--max-layers", callback=whole, default=str(MAX_LAYERS), metavar="N",
                 help="Stop with an error at more than N layers (1,000,000)."),
)  # fmt: skip


def adding(options: Sequence[Decorator], gathered: Callable[[dict[str, Any]], dict[str, Any]]) -> Decorator:
    """Adds `options` to a function, which gets what `gathered` takes out of their values in their place."""

    def decorate(function: Function) -> Function:
        added: Function = wraps(function)(lambda **given: function(**gathered(given), **given))
        for option in reversed(options):
            added = option(added)
        return added

    return decorate


def taken(kind: type[Options], given: dict[str, Any], **others: Any) -> Options:
    """A record of the values of options, which are taken out of `given`, and of `others`."""
    if "how" in kind._fields:
        others["how"] = _how(*[given.pop(name) for name in ("format_name", "raw", "phase", "site")])
    return kind(**others, **{name: given.pop(name) for name in kind._fields if name not in others})


def _how(name: str | None, raw: bool, phase: str, site: str | None) -> How | None:
    """How a file is to be read; None where nothing is said."""
    if name is None and not raw and phase == "test" and site is None:
        return None
    from ..convert.readers import How

    return How(name, raw, phase, None, site)


class SpecChoice(Record):
    """Which specs are read, and what of them is overridden: an input or variable may have several values."""

    files: tuple[str, ...]
    inputs: dict[str | None, list[str]]
    settings: dict[str, str]
    batch: int
    dtype: Mapping[str, str]
    max_layers: int
    how: How | None = None
    execution: str = "eager"

    @property
    def terms(self) -> dict[str, Any]:
        """What `analyze` is told of them."""
        return {"batch": self.batch, "dtype": self.dtype, "execution": self.execution}


def _reading(complete: candidates.Complete) -> Decorator:
    file = click.argument("file", required=False, shell_complete=complete)
    return adding((file, *_READING), lambda given: {"reading": taken(Reading, _sampled(given))})


#: Adds FILE and the options about reading it; the function gets them as one `Reading`.
reading = _reading(candidates.spec)
#: The same, where FILE may be a layer of ./model.txt, too.
reading_or_layer = _reading(candidates.spec_or_layer)
#: Adds FILE… and the options about reading them; the function gets them as one `SpecChoice`.
choice = adding(
    (
        click.argument("files", nargs=-1, shell_complete=candidates.spec, metavar="[FILE]..."),
        click.option("--input", "inputs", metavar="SHAPE", multiple=True, callback=_all_shapes,
                     shell_complete=candidates.given_input,
                     help="Use another input shape: 3x224x224. Given again: another column; or the next input of "
                          "a model that has several."),
        *_READING[1:],
    ),
    lambda given: {"choice": taken(SpecChoice, _sampled(given))},
)  # fmt: skip
#: Adds PATH… and the options about reading specs, but --max-layers; the function gets the paths, and a `Reading` of no
#: file.
paths = adding(
    (click.argument("paths", nargs=-1, shell_complete=candidates.spec, metavar="[PATH]..."), *_READING[:-1]),
    lambda given: {"reading": taken(Reading, _sampled(given), file=None, max_layers=MAX_LAYERS)},
)
#: Adds OLD, NEW and the options about reading both; the function gets each as a `Reading`.
pair = adding(
    (
        click.argument("old", shell_complete=candidates.revision, metavar="OLD"),
        click.argument("new", required=False, shell_complete=candidates.revision, metavar="[NEW]"),
        *_READING,
    ),
    lambda given: _both(taken(Reading, _sampled(given), file=None), given),
)


def _both(reading: Reading, given: dict[str, Any]) -> dict[str, Reading]:
    return {name: reading._replace(file=given.pop(name)) for name in ("old", "new")}


#: The help of --color.
COLOR = "Colour on or off; else on a terminal, unless NO_COLOR is set."


def output(*formats: str, otherwise: str = "a table on a terminal, plain in a pipe", colored: bool = True) -> Decorator:
    """Adds the options about results, of which the function gets one `OutputOptions`; `otherwise` names the default.

    What is not `colored` has no --color.
    """
    color = click.option("--color/--no-color", default=None, help=COLOR)
    options = (
        click.option("--format", type=click.Choice(formats), metavar="FORMAT",
                     help=f"Format: {' or '.join(filter(None, (', '.join(formats[:-1]), formats[-1])))}; "
                          f"else {otherwise}."),
        click.option("-o", "--output", metavar="FILE", type=click.Path(),
                     help="Write the result into FILE. It is written whole or not at all."),
        *((color,) if colored else ()),
        click.option("-q", "--quiet", is_flag=True, help="Show errors only, no warnings and no notes."),
        click.option("--strict", is_flag=True, help="Exit with 1 if there is a warning, or something uncounted."),
    )  # fmt: skip
    plain = {} if colored else {"color": None}
    return adding(options, lambda given: {"output": taken(OutputOptions, given, **plain)})


def conventions(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[Convention, ...]:
    """The conventions of a list of names, each once."""
    if text is None:
        return ()
    from ..measure.conventions import UnknownConvention, find

    try:
        found = dict.fromkeys(find(word).name for word in text.split(",") if word.strip())
        return tuple(map(find, found))
    except UnknownConvention as error:
        raise click.BadParameter(str(error), ctx, param) from None


counts = click.option(
    "--count", "counts", metavar="NAMES", callback=conventions, shell_complete=candidates.conventions,
    help="Also count as other tools do, such as fvcore,thop. 'cnncalc conventions' lists them.",
)  # fmt: skip
