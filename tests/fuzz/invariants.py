"""What holds for any text whatever: no exception, and diagnostics, layers and totals that agree with each other."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cnncalc import analyze
from cnncalc.diagnostics import ERROR, EXPECTATION_FAILED, NOTE, WARNING, Diagnostic, Source, Span
from cnncalc.interpret import build
from cnncalc.interpret.specification import of_requirement
from cnncalc.measure import NetworkAnalysis

MAX_LAYERS = 10_000


def examined(text: str, folder: Path | None = None, max_layers: int = MAX_LAYERS) -> NetworkAnalysis:
    """The analysis of `text`; AssertionError where it contradicts itself."""
    network = build(Source("<spec>", text), folder=folder, max_layers=max_layers)
    analysis = analyze(network)
    document = analysis.to_dict()
    for one in network.diagnostics:
        check_diagnostic(one)
    errors = [one for one in network.diagnostics if one.severity == ERROR and one.code != EXPECTATION_FAILED]
    gated = {row.name for row in analysis.layers if any(len(field.parts) > 1 for field in row.fields or ())}
    silent = any(row.kind == "op" and row.output is None for row in analysis.layers)  # an operator that says no shape
    check_document(document, max_layers, silent or not all(map(of_requirement, errors)), gated)
    json.dumps(document)
    return analysis


def drawn(analysis: NetworkAnalysis) -> None:
    """Draws `analysis` in every format that people read, and its diagnostics in ASCII, too."""
    from cnncalc.document.columns import BY_NAME, Selection, choose
    from cnncalc.features.shapes.facts import Listing
    from cnncalc.features.shapes.page import document
    from cnncalc.render import FORMATS, faults, render
    from cnncalc.render.text import Charset, Screen

    ascii_only, utf8 = Charset("ascii"), Charset()
    for charset, color in ((ascii_only, False), (utf8, True)):
        faults.render(analysis.diagnostics, Screen(0, color, charset))
    everything = Selection(tuple(BY_NAME.values()), "hwc", default=False)
    assert "".join(render(document(Listing(analysis, everything)), "plain", Screen(charset=ascii_only))).isascii()
    for form in FORMATS:
        "".join(render(document(Listing(analysis, Selection(choose(None), analysis.layout))), form, Screen(80)))
    "".join(render(document(Listing(analysis, everything)), "csv", Screen()))


def looked_at(analysis: NetworkAnalysis) -> None:
    """Explains the network, and of some layers what their middle output sees, for people and for programs."""
    from cnncalc.features.explain.facts import Unanswerable
    from cnncalc.features.explain.page import Question, document
    from cnncalc.render import render
    from cnncalc.render.text import Screen

    if analysis.broken:
        return
    some = [node for node in analysis.network.layers if node.output is not None][-4:]
    for node in (None, *some):
        middle = None if node is None else tuple(size // 2 for size in node.output[1:]) or (0,)
        try:
            page = document(analysis, Question(node, middle, None, None, (), ()), [])
        except Unanswerable:
            continue
        for form in ("plain", "json", "markdown"):
            "".join(render(page, form, Screen(80)))


def check_diagnostic(one: Diagnostic) -> None:
    """It says something, at a place that exists."""
    assert one.severity in (ERROR, WARNING, NOTE), one
    assert one.code and one.message, one
    assert "\x02" not in one.message + (one.help or ""), f"a shape that was never spelled out: {one}"
    for span in filter(None, (one.span, *(frame.span for frame in one.frames))):
        check_span(span, one)


def check_span(span: Span, one: Diagnostic) -> None:
    lines = span.source.lines
    assert 1 <= span.line <= len(lines), f"line {span.line} of {len(lines)}: {one}"
    room = len(lines[span.line - 1])
    assert 1 <= span.column <= room + 1, f"column {span.column}, line {span.line} has {room}: {one}"
    assert span.column < span.end_column <= room + 2, f"end {span.end_column}, line {span.line} has {room}: {one}"


def check_document(document: dict[str, Any], max_layers: int, unknown: bool, gated: Collection[str] = ()) -> None:
    """Shapes are whole and positive, names are unique and refer upwards, rows sum to the totals.

    A field is that of the first output; of a layer that is `gated` a part stays where it is, so that behind a crop, where
    another output is the first, there may be less between the parts.
    """
    layers, totals, ports = document["layers"], document["totals"], document["inputs"]
    failed = [one for one in document["diagnostics"] if one["severity"] == ERROR]
    assert len(layers) <= max_layers, len(layers)
    twice = any(one["code"] == "set-twice" for one in failed)
    known = {port["name"] for port in ports}
    fields: dict[str, Any] = {}
    assert len(known) == len(ports) or unknown, f"inputs of one name: {ports}"
    for row in layers:
        assert row["name"] not in known or twice, f"two of one name: {row}"
        assert known.issuperset(row["inputs"]), f"inputs that are not above: {row}"
        results = row.get("results", [{"name": row["name"], "output": row["output"]}])
        assert results[0] == {"name": row["name"], "output": row["output"]}, f"its first result is another: {row}"
        known.update(one["name"] for one in results)
        check_row(row)
        check_field(row, [fields.get(name) for name in row["inputs"]] if not twice and row["name"] not in gated else [])
        fields[row["name"]] = row["field"]
    shapes = [row["output"] for row in layers] + [port["shape"] for port in (*ports, *document["outputs"])]
    assert unknown or None not in shapes, "an unknown shape without an error"
    assert unknown or document["outputs"] or not layers, "layers, but no output and no error"
    for shape in shapes:
        assert shape is None or is_shape(shape), f"no shape: {shape}"
    check_totals(layers, totals, unknown)


def is_shape(shape: Any) -> bool:
    return 1 <= len(shape) <= 4 and all(type(size) is int and size >= 1 for size in shape)


def check_row(row: dict[str, Any]) -> None:
    for measure in ("params", "buffers", "macs", "flops"):
        value = row[measure]
        assert value is None if row["output"] is None else type(value) is int and value >= 0, f"{measure}: {row}"
    assert row["output"] is None or row["flops"] == 2 * row["macs"], row
    assert row["field"] is None or all(size > 0 for size in row["field"]), f"an empty field: {row}"
    assert row["filter"] is None or all(size >= 1 for size in row["filter"]), f"an empty filter: {row}"


def check_field(row: dict[str, Any], entering: list[Any]) -> None:
    """What sees an output sees what that sees: a field is never smaller than those of the inputs.

    A fraction stands there as the nearest double, and is compared with doubles.
    """
    for before in filter(None, entering if row["field"] else []):
        covered = all(a >= type(a)(b) for a, b in zip(row["field"], before, strict=True))
        assert covered, f"a field under {before}: {row}"


def check_totals(layers: list[dict[str, Any]], totals: dict[str, Any], unknown: bool) -> None:
    run = [row for row in layers if not row.get("train")]
    assert totals["layers"] == len(run), totals
    if unknown:
        assert totals["params"] is None, f"a total in spite of an error: {totals}"
        return
    for measure in ("params", "buffers", "macs", "flops"):
        assert totals[measure] == sum(row[measure] for row in run), f"{measure} of the rows and of {totals}"
    assert totals["params_train"] == sum(row["params"] for row in layers), totals
