"""`cnncalc diff REV`: all specs of the project that differ from those of a revision, in one report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...cli.output import OutputOptions
from ...cli.progress import progress
from ...cli.specs import ALL_LAYERS, FAIL_ABOVE, Reading
from ...diagnostics import ERROR, NOTE, WARNING, SpecError
from ...document.figures import quantity
from ...document.parts import PAGE, Document, Part, Sentences, Title
from ...document.sheets import PLACE, PLAIN, STACK, STATUS, Column, Row, Sheet
from ...records import Record
from . import page, words
from .facts import EQUAL, GONE, NEW, Diff
from .limits import judge
from .project_specs import ProjectSpecs, SpecPair
from .sides import Side, absent, compared, history, read
from .texts import TEXT

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from .limits import GrowthLimit

#: What a spec is that is not understood on one side.
UNKNOWN = "not understood"
_COLUMNS = (Column("status", "", STATUS), Column("spec", "spec"),
            *(Column(name, name, PLACE) for name in ("parameters", "", "MACs", "")))  # fmt: skip


class SpecChange(Record):
    """A spec that differs: what has become of it, and whether the limits hold."""

    file: str
    status: str
    diff: Diff | None
    judged: Sequence[dict[str, Any]] = ()


def report(old: Reading, limits: Sequence[GrowthLimit], whole: bool, output: OutputOptions) -> int:
    """Reports what differs between a revision, the file of `old`, and the files here; the exit code."""
    revision = old.file or ""
    diagnostics: list[Diagnostic] = []
    changes: list[SpecChange] = []
    try:
        pairs = list(ProjectSpecs(revision).pairs())
    except SpecError as error:
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    with progress("specs", len(pairs), not output.quiet) as advance:
        for pair in pairs:
            change, said = _changed(pair, old, limits)
            if change is not None:
                changes.append(change)
                diagnostics += said
            advance()
    answer = _document(revision, changes, whole, diagnostics)
    output.show(answer, [pair.path for pair in pairs if pair.in_new])
    if output.chosen() != "json":
        output.report(diagnostics)
    from ...cli.step_summary import add

    add(answer)
    return output.code(diagnostics)


def _changed(
    pair: SpecPair, reading: Reading, limits: Sequence[GrowthLimit]
) -> tuple[SpecChange | None, list[Diagnostic]]:
    """What has become of a spec, and what is said of it; None where only blanks and comments differ, or blocks."""
    sides = (_side(pair.old, pair.in_old, reading), _side(pair.new, pair.in_new, reading))
    diff = compared(sides)
    diagnostics = [
        one._replace(severity=NOTE) if one.severity == ERROR else one
        for one in history(sides)
        if one.severity != WARNING
    ]
    diagnostics += [diagnostic for diagnostic in sides[1].diagnostics if diagnostic.severity == ERROR]
    if diff is None or not all(side.known for side in sides):
        return SpecChange(pair.path, UNKNOWN, None), diagnostics
    if diff.status == EQUAL and not [remark for remark in diff.remarks if remark.what != TEXT]:
        return None, []
    judged, over = judge(diff, limits, FAIL_ABOVE)
    over = [one._replace(message=f"{pair.path}: {one.message}") for one in over]
    return SpecChange(pair.path, diff.status, diff, judged), [*diagnostics, *over]


def _side(name: str, there: bool, reading: Reading) -> Side:
    reading = reading._replace(file=name)
    return read(reading, reading) if there else absent(name, reading)


def _document(revision: str, changes: Sequence[SpecChange], whole: bool, diagnostics: Sequence[Diagnostic]) -> Document:
    def parts(medium: str) -> Iterator[Part]:
        headline = _headline(revision, changes)
        if medium == PAGE:
            yield Title(headline, heading=True)
        else:
            yield Sentences([headline], answer=True)
        if changes:
            yield _overview(changes)
        for one in changes:
            if one.diff is not None and one.status not in (NEW, GONE):
                yield from page.parts(one.diff, whole, ALL_LAYERS, medium)

    def data() -> dict[str, Any]:
        return {
            "version": 1, "command": "diff", "old": {"revision": revision}, "new": {"revision": None},
            "equal": not changes, "specs": [_entry(one, whole) for one in changes],
            "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
        }  # fmt: skip

    return Document(
        parts, data, lambda: page.spec_records([(one.file, one.diff) for one in changes if one.diff], whole)
    )


def _entry(one: SpecChange, whole: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": one.file, "status": one.status}
    if one.diff is None:
        return entry
    told = one.diff.to_dict(whole=whole)
    rest = {key: told[key] for key in told if key not in ("version", "command", "diagnostics", "status")}
    return {**entry, **rest, "limits": list(one.judged)}


def _headline(revision: str, changes: Sequence[SpecChange]) -> str:
    """`3 specs differ from main: 1 changed, 1 new, 1 gone`."""
    if not changes:
        return f"no spec of the project differs from {revision}"
    counts: dict[str, int] = {}
    for one in changes:
        counts[one.status] = counts.get(one.status, 0) + 1
    told = ", ".join(f"{count:,} {status}" for status, count in counts.items())
    return f"{quantity(len(changes), 'spec')} {'differs' if len(changes) == 1 else 'differ'} from {revision}: {told}"


def _overview(changes: Sequence[SpecChange]) -> Sheet:
    """A row a spec: what has become of it, its parameters and MACs, and by how much they change."""
    rows = []
    for one in changes:
        cells: list[str] = []
        for name in ("params", "macs"):
            total = next((total for total in one.diff.totals if total.name == name), None) if one.diff else None
            cells += words.change(total) if total else ("?", "")
        rows.append(Row((one.status, one.file, *cells), tone=page.TONES.get(one.status, PLAIN)))
    return Sheet(_COLUMNS, rows, narrow=STACK)
