"""The table of a notebook: plain HTML that takes the notebook's own style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..document import summary
from ..document.columns import View, choose
from ..document.tree import items
from . import faults

if TYPE_CHECKING:
    from ..measure import Analysis


def render(analysis: Analysis) -> str:
    """The title, the tree of layers, the totals and the diagnostics as one `<div>`, everything escaped."""
    from html import escape

    view = View(choose(None), analysis.layout)
    head = "".join(f"<th{_side(column.right)}>{escape(column.heading)}</th>" for column in view.columns)
    body = []
    for item in items(analysis.layers, view, tree=True):
        cells = []
        for column in view.columns:
            text = escape(column.text(item, view.layout))
            if column.name == "layer":
                text = "&emsp;" * item.level + text
            cells.append(f"<td{_side(column.right)}>{text}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    about = f"<b>{escape(summary.title(analysis))}</b>&emsp;{escape(summary.inputs(analysis, view.layout))}"
    lines = ["&emsp;".join(map(escape, summary.totals(analysis)))]
    lines.append(escape(summary.train_heads(analysis) or ""))
    said = escape(faults.render(analysis.diagnostics))
    return "\n".join(
        [
            f"<div><p>{about}</p>",
            f"<table><thead><tr>{head}</tr></thead><tbody>",
            *body,
            "</tbody></table>",
            *(f"<p>{line}</p>" for line in lines if line),
            *([f"<pre>{said}</pre>"] if said else []),
            "</div>",
        ]
    )


def _side(right: bool) -> str:
    return f' style="text-align: {"right" if right else "left"}"'
