"""What an argument or the value of an option may become, for a shell that completes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .specs import DEFAULT

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from ..diagnostics import Source
    from ..interpret.build import Spec
    from ..network import Network

#: Somebody waits: a network of more layers is not made for their names.
_MOST_LAYERS = 20_000
#: Words by what is said of them.
Words = Mapping[str, str]
#: What click asks of an argument or an option.
Complete = Callable[["click.Context", "click.Parameter", str], "list[CompletionItem[Any]]"]


def completing(words: Callable[[click.Context, str], Words | Iterable[str]], listed: bool = False) -> Complete:
    """Completes the words that `words` gives for a command line, and the word so far; or the last of a list of them."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        from click.shell_completion import CompletionItem

        done, comma, last = incomplete.rpartition(",") if listed else ("", "", incomplete)
        found = words(ctx, last)
        if not isinstance(found, Mapping):
            found = dict.fromkeys(found, "")
        chosen = [(word, about) for word, about in found.items() if word.startswith(last)]
        return [CompletionItem(f"{done}{comma}{word}", help=about or None) for word, about in chosen]

    return complete


def with_files(complete: Complete) -> Complete:
    """What `complete` completes, and files; after an @ examples alone."""

    def both(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        from click.shell_completion import CompletionItem

        if incomplete.startswith("@"):
            return completing(_examples)(ctx, param, incomplete)
        if ".py:" in incomplete:
            return completing(_defined)(ctx, param, incomplete)
        return [*complete(ctx, param, incomplete), CompletionItem(incomplete, type="file")]

    return both


def _examples(ctx: click.Context, word: str) -> Words:
    """The bundled examples, with an @ where the word has one."""
    from ..interpret.reading.examples import examples

    return {f"{word[:1] if word[:1] == '@' else ''}{one.name}": one.title for one in examples()}


def _defined(ctx: click.Context, word: str) -> Words:
    """What the file of code before the colon defines."""
    from ..convert.python.source import CodeFiles, PythonFile, definitions, text_of
    from ..interpret.reading.revisions import is_revision, read_revision

    path = f"{word.partition('.py:')[0]}.py"
    text = read_revision(path)[0].text if is_revision(path) else text_of(CodeFiles(), path)
    return {f"{path}:{name}": about for name, about in definitions(PythonFile(path, text)).items()}


def _conventions(ctx: click.Context, word: str) -> Words:
    from ..measure.conventions import CONVENTIONS

    found: dict[str, str] = {}
    for one in CONVENTIONS.values():
        for name in (one.short, one.name):
            found.setdefault(name, one.about)  # of several with a short name it is the first one's
    return found


def _revisions(ctx: click.Context, word: str) -> Iterable[str]:
    """Branches and tags; behind the colon of one its files."""
    from ..interpret.reading.repository import names, paths

    return paths(word) if ":" in word else names()


# --- of the specs that a command line names ---------------------------------------------------------


def _sources(ctx: click.Context) -> Iterator[tuple[Source, str]]:
    """What the command line names already, as far as it can be read; without any ./model.txt."""
    from ..diagnostics import SpecError
    from ..interpret import read_source

    given = [ctx.params.get(name) for name in ("file", "old", "new")]
    given += [*(ctx.params.get("files") or ()), *(ctx.params.get("paths") or ())]
    for name in list(filter(None, given)) or [DEFAULT]:
        try:
            yield read_source(name)
        except SpecError:
            continue


def _specs(ctx: click.Context) -> Iterator[Spec]:
    """Those that are specs."""
    from ..interpret.build import Spec

    return (Spec(*source, max_layers=_MOST_LAYERS) for source in _sources(ctx) if source[0].title is None)


def _variables(ctx: click.Context, word: str) -> Iterator[str]:
    """The variables at the top level of the specs, with the sign behind them."""
    from ..spec.symbols import variables

    for spec in _specs(ctx):
        yield from (f"{name}=" for unit in reversed(spec.units) for name in variables(unit.program))


def _inputs(ctx: click.Context, word: str) -> Words:
    """The inputs of the specs: of several the names, with the sign behind them; of a lone one its shape."""
    found = {}
    for network in _networks(ctx):
        for node in network.inputs:
            shape = "" if node.output is None else "x".join(map(str, node.output))
            found.update({f"{node.name}=": shape} if len(network.inputs) > 1 else {shape: node.name})
    return found


def _networks(ctx: click.Context) -> Iterator[Network]:
    from ..diagnostics import SpecError
    from ..interpret import build

    for source, folder in _sources(ctx):
        try:
            yield build(source, folder=folder, max_layers=_MOST_LAYERS, checked=False)
        except SpecError:
            continue


def _layers(ctx: click.Context, word: str) -> Words:
    """The layers of the specs, and their lines, stages and heads that have names."""
    found = {}
    for network in _networks(ctx):
        found.update({node.name: node.layer.kind if node.layer else "input" for node in network.nodes})
        found.update({name: found.get(name, "") for name in network.extents})
    return found


def _formats(ctx: click.Context, word: str) -> Words:
    from ..convert.readers import READERS

    return {"spec": "a spec of cnncalc"} | {reader.name: reader.title for reader in READERS}


def _dtypes(ctx: click.Context, word: str) -> Iterator[str]:
    """Types for all parts, the parts, or types for the part that the word has."""
    from ..deployment import BITS, PARTS

    part, sign, _ = word.rpartition("=")
    yield from (f"{part}{sign}{name}" for name in BITS)
    yield from (f"{name}=" for name in PARTS)


#: Types of numbers, for all parts or for some.
dtypes = completing(_dtypes, listed=True)
#: The format of a file.
format_name = completing(_formats)
#: A spec: a file, or a bundled example.
spec = with_files(lambda ctx, param, incomplete: [])
#: A spec, or a revision of a git repository.
revision = with_files(completing(_revisions))
#: A layer by its name.
layer = completing(_layers)
#: A spec, or a layer of ./model.txt.
spec_or_layer = with_files(layer)
example = completing(_examples)
variable = completing(_variables)
given_input = completing(_inputs)
convention = completing(_conventions)
#: A list of conventions.
conventions = completing(_conventions, listed=True)
