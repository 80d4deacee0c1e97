"""The page of `cnncalc report`: the answer, the picture, the table, the curves and the comparisons."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from ... import __version__
from ...document import figures, summary
from ...picture import chart, curves, palette
from ...picture.picture import Picture, PictureOptions
from ...picture.svg import drawn, escaped
from ...records import Record
from ..compare.page import Comparison, document
from . import layers
from .model import ReportedModel
from .parts import html_of, parts_of

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Convention

#: Faults and remarks that are shown of a model.
_MOST_SAID = 40


class PageSection(Record):
    """A part of the page under a heading: its id, the heading, and its lines."""

    name: str
    heading: str
    lines: Sequence[str]


def page(models: Sequence[ReportedModel], faults: Sequence[Diagnostic] = (), more_rows: str = "") -> str:
    """The page on some models; `faults` are of files that could not be read, `more_rows` says how those layers are seen
    that there is no room for.
    """
    titles = [escaped(summary.title(model.analysis)) for model in models]
    title = figures.listed(titles)
    body = [f"<header><h1>{title}</h1>{_conditions(models)}</header>"]
    if faults:
        body.append(_said(faults))
    if len(models) == 1:
        sections = _sections(models[0], "m0", 3, more_rows)
        body += [_contents(sections), '<main class="model">', *_written(sections, 2), "</main>"]
    else:
        sections = list(_together(models))
        names = [PageSection(f"m{place}", one, ()) for place, one in enumerate(titles)]
        body += [_contents([*sections, *names]), "<main>", *_written(sections, 2)]
        for place, (model, name) in enumerate(zip(models, titles, strict=True)):
            body.append(f'<section class="model" id="m{place}"><h2>{name}</h2>{_conditions([model])}')
            body += [*_written(_sections(model, f"m{place}", 4, more_rows), 3), "</section>"]
        body.append("</main>")
    body.append(
        f'<footer><p class="note">cnncalc {__version__}. Nothing on this page is loaded from elsewhere.</p></footer>'
    )
    return _whole(title, "\n".join(body))


def write(analysis: NetworkAnalysis, path: str | os.PathLike[str], count: Sequence[str]) -> None:
    """Writes the page on one model, whole or not at all. Raises ValueError for a way of counting that there is not,
    OSError where it cannot be written.
    """
    from ...cli.guard import Refused
    from ...cli.writing import replace
    from ...measure.conventions import find

    text = page([ReportedModel(analysis, [find(name.strip()) for name in count if name.strip()])])
    try:
        replace(os.fspath(path), text.encode("utf-8", "backslashreplace"))
    except Refused as error:
        raise OSError(str(error)) from None


def _whole(title: str, body: str) -> str:
    """The document: a policy that lets it load nothing and run nothing but its own script and styles."""
    style, script = _style(), _file("page.js")
    inline = [part.partition("</style>")[0] for part in body.split("<style>")[1:]]
    styles = " ".join(dict.fromkeys(map(_digest, [style, *inline])))
    policy = (
        f"default-src 'none'; style-src {styles}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _file(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read().strip()


def _style() -> str:
    """The style sheet: that of the page, of charts, of the bars and of the columns that stand to the right."""
    bars = "".join(
        f".b{step}{{background-size:{100 * step / layers.STEPS:g}% 100%}}" for step in range(layers.STEPS + 1)
    )
    right = ",".join(f".layers tr>:nth-child({place})" for place in layers.numbers())
    return f"{_file('page.css')}\n{palette.charted('.chart ')}{bars}{right}{{text-align:right}}"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _contents(sections: Iterable[PageSection]) -> str:
    links = "".join(f'<li><a href="#{section.name}">{section.heading}</a></li>' for section in sections)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _written(sections: Iterable[PageSection], level: int) -> Iterator[str]:
    for section in sections:
        yield f'<section id="{section.name}"><h{level}>{section.heading}</h{level}>'
        yield from section.lines
        yield "</section>"


def _conditions(models: Sequence[ReportedModel]) -> str:
    """What a model was read from, and what holds for it; of several nothing."""
    if len(models) > 1:
        return ""
    words = [model.conditions for model in models] + [model.analysis.file for model in models]
    return f"<p>{escaped(' · '.join(words))}</p>"


# --- several models -----------------------------------------------------------------------------------


def _together(models: Sequence[ReportedModel]) -> Iterator[PageSection]:
    """The models side by side, and of two what changed from the one to the other."""
    compared = [model.compared for model in models]
    known = [model for model in compared if not model.analysis.broken]
    yield PageSection(
        "side", "Side by side", parts_of(document(Comparison((), compared, mlp=len(known) == len(models))))
    )
    if len(models) == 2:
        from ..diff.facts import Diff
        from ..diff.page import parts

        found = parts(Diff(models[0].analysis, models[1].analysis), False, "they are below, model by model", "page")
        yield PageSection("diff", "What changes from the first to the second", html_of(found))


# --- one model ----------------------------------------------------------------------------------------


def _sections(model: ReportedModel, scope: str, level: int, more_rows: str) -> list[PageSection]:
    """The parts of the page that are about one model; headings inside them are of `level`."""
    table = layers.LayerTable(model.analysis, scope)
    rows = table.table() if table.shown else []
    sections = [PageSection(f"{scope}-answer", "In short", list(_answer(model)))]
    if rows:
        sections.append(PageSection(f"{scope}-picture", "The network", list(_picture(model, table, level))))
        more = [f'<p class="note">{escaped(more_rows)}</p>'] if more_rows and len(table.rows) > len(table.shown) else []
        sections.append(PageSection(f"{scope}-layers", "Layer by layer", [*_scrolled(rows, "The layers"), *more]))
    sections += [PageSection(f"{scope}-{name}", heading, lines) for name, heading, lines in (
        ("curves", "Along the layers", list(_curves(model, scope))),
        ("mlp", "Beside a fully connected network", _mlp(model)),
        ("counts", "Counted in other ways", list(_counts(model))),
    ) if lines]  # fmt: skip
    if rows:
        sections.append(PageSection(f"{scope}-worked", "Worked out", list(_worked(table, level))))
    return sections


def _answer(model: ReportedModel) -> Iterator[str]:
    """The key figures, then requirements and all that is to be said."""
    yield '<dl class="key">'
    for figure in model.answer():
        value = f"<b>{escaped(figure.value)}</b><span>{escaped(figure.words)}</span>"
        yield f"<div><dt>{figure.label}</dt><dd>{value}</dd></div>"
    yield "</dl>"
    heads = summary.train_heads(model.analysis)
    if heads:
        yield f"<p>{escaped(heads[:1].upper() + heads[1:])}.</p>"
    kept = [requirement for requirement in model.requirements if requirement.ok]
    if kept:
        yield '<ul class="said">'
        yield from (f'<li class="ok"><b>kept</b> {escaped(one.text)}</li>' for one in kept)
        yield "</ul>"
    if model.diagnostics:
        yield _said(model.diagnostics)


def _said(diagnostics: Sequence[Diagnostic]) -> str:
    """What is wrong or worth knowing: errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    found = sorted(diagnostics, key=lambda diagnostic: order[diagnostic.severity])
    lines = [_told(diagnostic) for diagnostic in found[:_MOST_SAID]]
    if len(found) > _MOST_SAID:
        lines.append(f"<li>and {len(found) - _MOST_SAID:,} more</li>")
    return f'<ul class="said">{"".join(lines)}</ul>'


def _told(diagnostic: Diagnostic) -> str:
    """One of them, with its place and what helps."""
    place = f"line {diagnostic.span.line}: " if diagnostic.span else ""
    more = "".join(
        [f'<br><span class="dim">{escaped(text)}</span>' for text in (*diagnostic.notes, diagnostic.help) if text]
    )
    severity = diagnostic.severity
    return f'<li class="{severity}"><b>{severity}</b> {escaped(place + diagnostic.message)}{more}</li>'


def _picture(model: ReportedModel, table: layers.LayerTable, level: int) -> Iterator[str]:
    """The picture, in which every box leads to its row, and the panel that a script fills."""
    picture = Picture(model.analysis, PictureOptions())
    yield '<div class="look"><div class="picture" tabindex="0" role="region" aria-label="Picture of the network">'
    yield drawn(picture, f"{table.scope}svg", table.target).rstrip()
    yield f'</div><aside class="panel" data-h="{level}" aria-live="polite" aria-label="The chosen layer">'
    yield "<p>Choose a box in the picture, or a row in the table: its numbers and its arithmetic stand here.</p>"
    yield "</aside></div>"


def _scrolled(lines: Sequence[str], name: str) -> list[str]:
    start = f'<div class="scroll tall" tabindex="0" role="region" aria-label="{name}">'
    return ['<div class="tools"></div>', start, *lines, "</div>"]


def _curves(model: ReportedModel, scope: str) -> Iterator[str]:
    """Each curve with a sentence below it."""
    found = [*curves.costs(model.analysis), curves.memory(model.footprint), curves.fields(model.analysis)]
    charts = [one for one in found if one is not None]
    if charts:
        yield '<div class="curves">'
    for place, one in enumerate(charts):
        yield f'<figure><div class="scroll" tabindex="0" role="region" aria-label="{escaped(one.title)}">'
        yield chart.drawn([one], f"{scope}c{place}").rstrip()
        yield f"</div><figcaption>{escaped(one.sentence)}</figcaption></figure>"
    if charts:
        yield "</div>"


def _mlp(model: ReportedModel) -> list[str]:
    """The network beside its fully connected forms, the two factors of each convolution."""
    if model.analysis.broken or not model.compared.known:
        return []
    return parts_of(document(Comparison((), [model.compared], mlp=True)))


def _counts(model: ReportedModel) -> Iterator[str]:
    """Totals by the conventions that are asked for, and what lies between each and the next."""
    tallies = model.compared.tallies
    if not tallies:
        return
    from ...document.counts import totals
    from ...measure.conventions import NotKnown, find, ledger
    from ..explain import ledger_page

    yield f"<ul>{''.join(f'<li>{escaped(text)}</li>' for text in totals(tallies))}</ul>"
    ways: list[Convention] = [tally.convention for tally in tallies]
    if len(ways) == 1 and ways[0].name != find("macs").name:
        ways.insert(0, find("macs"))
    for start, end in pairwise(ways):
        try:
            yield from html_of(ledger_page.ledger(model.analysis, ledger(model.analysis, start, end)))
        except NotKnown as error:
            yield f"<p>{escaped(f'From {start.name} to {end.name}: no ledger: {error}')}</p>"


def _worked(table: layers.LayerTable, level: int) -> Iterator[str]:
    yield '<p class="note">Layers that are alike share an entry.</p><div class="worked">'
    yield from table.worked(level)
    yield "</div>"
