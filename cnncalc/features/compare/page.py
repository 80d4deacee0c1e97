"""The document of `cnncalc compare`: what is said first, the tables below it, and the data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...document.parts import PAGE, PIPE, Document, Part, Sentences, Verbatim
from ...document.sheets import Sheet
from ...records import Record
from . import words

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from .model import ComparedModel
    from .models import Comparand


class Comparison(Record):
    """What is compared, and what of it is shown: the fully connected networks, too, or one layer worked out."""

    comparands: Sequence[Comparand]
    #: The models of those that have layers.
    models: Sequence[ComparedModel]
    mlp: bool
    layer: str | None = None
    #: Down to which depth of stages and blocks the rows of a tree go; None for all.
    depth: int | None = None
    diagnostics: Sequence[Diagnostic] = ()
    #: How to ask for an MLP of one's own.
    own_layer: str = ""

    @property
    def alone(self) -> ComparedModel | None:
        """The model, if it is the only one: it is shown with its MLP equivalents."""
        return self.models[0] if len(self.models) == 1 else None


def document(comparison: Comparison) -> Document:
    """The document."""
    return Document(
        lambda medium: _parts(comparison, medium), lambda: _data(comparison), lambda: _records(comparison),
        comparison.diagnostics,
    )  # fmt: skip


def _parts(comparison: Comparison, medium: str) -> Iterator[Part]:
    if comparison.layer is not None:
        parts = list(_worked(comparison.models, comparison.layer))
        yield from [Verbatim(parts)] if medium == PAGE else parts
        return
    yield Sentences(list(filter(None, _lead(comparison))), apart=True, answer=True)
    yield from _sheets(comparison, medium)
    yield Sentences(list(filter(None, _close(comparison))))


def _worked(models: Sequence[ComparedModel], name: str) -> Iterator[Part]:
    """One layer of every model, worked out."""
    from .layer import parts

    for label, model in zip(words.labels(models), models, strict=True):
        if len(models) > 1:
            yield Sentences([label])
        yield from parts(model, name)


def _lead(comparison: Comparison) -> Iterator[str]:
    """The answer, in sentences."""
    models, alone = comparison.models, comparison.alone
    if alone:
        yield words.headline(alone)
        yield words.causes(alone)
        return
    names = words.labels(models)
    yield words.versus(models, names)
    if comparison.mlp:
        yield words.dense_versus(models, names)


def _sheets(comparison: Comparison, medium: str) -> Iterator[Sheet]:
    """The tables."""
    alone = comparison.alone
    if alone is None:
        from .sides import side_by_side

        yield side_by_side(comparison.models, comparison.mlp, marks=medium != PAGE)
        return
    from .sheets import layers, networks

    folded = medium != PIPE or comparison.depth is not None
    yield from filter(None, (layers(alone, folded, comparison.depth), networks(alone)))


def _close(comparison: Comparison) -> Iterator[str]:
    """What is said below the tables."""
    alone = comparison.alone
    if alone is None:
        return
    yield from words.too_small(alone)
    yield words.first_layer(alone, comparison.own_layer)
    if alone.tallies:
        from ...document.counts import totals

        yield from totals(alone.tallies)


def _records(comparison: Comparison) -> Sheet:
    """A row a model; a row a layer where it is of fully connected networks, or of one layer."""
    from .records import of_layers, of_models

    by_layer = comparison.mlp or comparison.layer is not None
    return of_layers(comparison.models, comparison.layer) if by_layer else of_models(comparison.models)


# --- for programs -------------------------------------------------------------------------------------


def _data(comparison: Comparison) -> Mapping[str, Any]:
    """A model each, those that could not be read without layers."""
    return {
        "version": 1,
        "command": "compare",
        "models": [
            comparand.model.to_dict(comparison.mlp) if comparand.model else _unread(comparand, comparison.mlp)
            for comparand in comparison.comparands
        ],
        "diagnostics": [diagnostic.to_dict() for diagnostic in comparison.diagnostics],
    }


def _unread(one: Comparand, mlp: bool) -> dict[str, object]:
    from .model import TOLD

    entry: dict[str, object] = {"file": one.file, "model": None, "layers": []}
    entry |= {"settings": one.variant.settings, "totals": dict.fromkeys(TOLD)}
    return {**entry, "mlp": None} if mlp else entry
