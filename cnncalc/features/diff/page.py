"""The document of `cnncalc diff`: the answer, the totals of both, and a row for what has become of each layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ...document import figures, sheets
from ...document.parts import PAGE, Document, Part, Sentences, Title
from ...document.sheets import ALARM, FAINT, NUMBER, PLACE, PLAIN, SAY, STACK, STATUS, Column, Sheet
from . import words
from .facts import ADDED, AFFECTED, CHANGED, EQUAL, GONE, MOVED, NEW, REMOVED, RENAMED, Diff, LayerChange
from .rows import ChangeRow, left, rows

#: The tone of a row, by what has become of its layer, or spec.
TONES = {ADDED: sheets.ADDED, REMOVED: sheets.REMOVED, CHANGED: sheets.CHANGED, MOVED: sheets.MOVED,
          AFFECTED: FAINT, RENAMED: FAINT, EQUAL: FAINT,
         NEW: sheets.ADDED, GONE: sheets.REMOVED}  # fmt: skip
#: A pull request's comment: rows that stand open, and the most characters of its table (GitHub takes 65,536).
_OPEN, _COMMENT = 12, 50_000


def _delta(value: int) -> str:
    return "·" if value == 0 else words.signed(value)


_TOTALS = (Column("measure", "", STATUS), *(Column(name, name, PLACE) for name in ("old", "new", "difference")),
           Column("share", "", PLACE))  # fmt: skip
_LAYERS = (Column("status", "", STATUS), Column("layer", "layer"), Column("what", "what"), Column("output", "output"),
           Column("params", "params", NUMBER, show=_delta), Column("macs", "MACs", NUMBER, show=_delta))  # fmt: skip
_RECORDS = tuple(Column(name, name) for name in (
    "status", "layer", "old_layer", "kind", "change", "old_output", "output", "old_params", "params", "old_macs",
    "macs", "old_line", "line",
))  # fmt: skip


def document(diff: Diff, whole: bool, data: Callable[[], Mapping[str, Any]], help: str) -> Document:
    """The document; `whole`: every layer has a row, the equal ones too. `data` gives what JSON has, `help` says how the
    layers that have no row are shown.
    """
    return Document(partial(parts, diff, whole, help), data, partial(_records, diff, whole))


def parts(diff: Diff, whole: bool, help: str, medium: str) -> Iterator[Part]:
    """The parts for a medium."""
    on_page = medium == PAGE
    if on_page:
        yield Title(words.title(diff))
        yield Sentences([_sentence("; ".join(filter(None, (words.headline(diff), words.shares(diff)))))])
    else:
        yield Sentences([words.title(diff), words.headline(diff)], answer=True)
    totals = [] if diff.equal and not on_page else words.total_rows(diff, changed=on_page)
    if totals:
        yield _totals(totals)
    yield Sentences(words.remarks(diff), listed=True)
    found = rows(diff, whole)
    if found:
        yield _layers(found, on_page)
    if not whole and not diff.equal:
        yield Sentences([_sentence(text) if on_page else text for text in left(diff, help)], FAINT)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _totals(totals: Sequence[Sequence[str]]) -> Sheet:
    """The measures in columns, or where those do not fit, each in a sentence."""
    tones = {"=": FAINT, figures.UNKNOWN: ALARM}
    found = [sheets.Row(tuple(cells), tone=tones.get(cells[3], PLAIN)) for cells in totals]
    return Sheet(_TOTALS, found, narrow=SAY, sentences=[_said(*cells) for cells in totals])


def _said(heading: str, old: str, new: str, *changes: str) -> str:
    """`parameters 33,642 → 75,658, +42,016, +125 %`."""
    return ", ".join([f"{heading} {old} → {new}", *filter(None, changes)])


def _layers(found: Sequence[ChangeRow], on_page: bool) -> Sheet:
    """A row for each of the rows; on a page, where they are many, behind a summary, and no more than fit a comment."""
    shown = found[: _fitting(found)] if on_page else found
    sheet = Sheet(_LAYERS, [sheets.Row(_cells(row), tone=TONES[row.status]) for row in shown], narrow=STACK)
    if len(shown) < len(found):
        more = figures.quantity(len(found) - len(shown), "more row")
        sheet = sheet._replace(notes=[f"and {more}: 'cnncalc diff' shows them all"])
    long = on_page and len(found) > _OPEN
    return sheet._replace(summary=f"{figures.quantity(len(found), 'row')} of layers") if long else sheet


def _cells(row: ChangeRow) -> tuple[Any, ...]:
    return row.status, row.name, row.text, row.output, row.params, row.macs


def _fitting(found: Sequence[ChangeRow]) -> int:
    """How many rows fit a comment."""
    size = 0
    for count, row in enumerate(found, 1):
        cells = zip(_LAYERS, _cells(row), strict=True)
        size += sum(len(column.shown(value)) for column, value in cells) + 20
        if size > _COMMENT:
            return count
    return len(found)


# --- records ------------------------------------------------------------------------------------------


def _records(diff: Diff, whole: bool) -> Sheet:
    """A row a layer that changed, nothing folded; `whole`: of every layer."""
    return sheets.texts(_RECORDS, (_record(layer) for layer in diff.layers if whole or layer.status != EQUAL))


def spec_records(diffs: Iterable[tuple[str, Diff]], whole: bool) -> Sheet:
    """The same of several specs, each row with the spec that it is of."""
    rows = ([spec, *_record(layer)] for spec, diff in diffs for layer in diff.layers if whole or layer.status != EQUAL)
    return sheets.texts((Column("spec", "spec"), *_RECORDS), rows)


def _record(one: LayerChange) -> list[Any]:
    pairs = [cell for both in zip(_side(one.old), _side(one.new), strict=True) for cell in both]
    differences = [f"{each.name} {each.old_text} -> {each.new_text}" for each in (*one.differences, *one.naming)]
    names = [side.name if side else "" for side in (one.new, one.old)]
    return [one.status, *names, one.row.kind, "; ".join(differences).replace("×", "x"), *pairs]


def _side(row: Any) -> tuple[Any, ...]:
    """Its output, parameters, MACs and line; nothing of a layer that is not there."""
    if row is None:
        return ("",) * 4
    return row.output, row.params, row.macs, f"{row.file}:{row.line}" if row.file and row.line else row.line
