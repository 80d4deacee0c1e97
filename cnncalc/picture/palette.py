"""The colours of pictures: light and dark, told apart by those who see no red or green, and in grey by their words."""

from __future__ import annotations

from fractions import Fraction

from ..layers import GROUPS

#: The groups of kinds, with the class that stands for each in a file, and their fill and line: light, then dark.
GROUP_COLORS = {
    "convolution": ("k0", "#dbe9f6", "#3b78b5", "#1d3a57", "#7db4e6"),
    "fully connected, attention, recurrent": ("k1", "#fde3c8", "#c46f12", "#55350f", "#f0a857"),
    "pooling": ("k2", "#d5efe3", "#1f8a63", "#123f30", "#5fcba2"),
    "normalization": ("k3", "#ece7f3", "#7a63a3", "#352b4a", "#b9a5dd"),
    "activation": ("k4", "#fbf3c9", "#a58a10", "#453b0c", "#e0c84b"),
    "merge": ("k5", "#f3dcea", "#a8447f", "#4a1f39", "#e08fc0"),
    "resize, reshape": ("k6", "#e3e8ea", "#62747c", "#2b3439", "#a3b4bb"),
    "other": ("k7", "#f0f0f0", "#777777", "#333333", "#aaaaaa"),
}
#: Shares from which a shade of cost begins, with its fill (light, dark) and whether what stands on it is written in the
#: other scheme's colour.
SHADES = (
    (Fraction(0), "#fff8ef", "#2a2520", False),
    (Fraction(1, 100), "#fde6c8", "#4a3418", False),
    (Fraction(3, 100), "#fbc98a", "#6e4514", False),
    (Fraction(10, 100), "#f2994a", "#99560f", False),
    (Fraction(30, 100), "#b8460e", "#d9761c", True),
)


def group_of(kind: str) -> str:
    """The group of a kind."""
    return GROUPS.get(kind, "other")


def shade(share: Fraction) -> int:
    """The number of the shade of a share."""
    return max(index for index, one in enumerate(SHADES) if share >= one[0])


#: The colours of what is no box: light, then dark.
_COLORS = {
    "ink": ("#1b1f23", "#e6edf3"), "dim": ("#57606a", "#b1bac4"), "line": ("#57606a", "#9aa5b1"),
    "page": ("#ffffff", "#0d1117"), "inside": ("#f6f8fa", "#161b22"), "border": ("#afb8c1", "#484f58"),
    "fault": ("#cf222e", "#ff7b72"), "faulty": ("#ffebe9", "#4a1a1a"),
}  # fmt: skip


def style(scope: str, color: str) -> str:
    """The style sheet of a picture, for what stands in the element with the id `scope`. Without variables: those are
    beyond many programs that take SVG.
    """
    text = [
        f"#{scope} text{{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:11px;"
        "text-rendering:geometricPrecision}",
        f"#{scope} .name{{font-size:12px;font-weight:700}}",
        f"#{scope} .small,#{scope} .fault{{font-size:10px}}",
        f"#{scope} .title{{font-size:15px;font-weight:700}}",
        f"#{scope} .edge{{fill:none;stroke-width:1.2}}",
    ]
    light, dark = _painted(scope, color, 0), _painted(scope, color, 1)
    return "".join([*text, *light, "@media(prefers-color-scheme:dark){", *dark, "}"])


def _painted(scope: str, color: str, dark: int) -> list[str]:
    """The rules that paint."""
    ink, dim, line, page, inside, border, fault, faulty = (pair[dark] for pair in _COLORS.values())
    rules = [
        ("text", "fill", ink), (".small", "fill", dim), (".fault", "fill", fault), (".edge", "stroke", line),
        (".tip", "fill", line), (".page", "fill", page), (".frame", "fill", inside), (".frame", "stroke", border),
        (".plain", "fill", page), (".plain", "stroke", line), (".wrong", "fill", faulty), (".wrong", "stroke", fault),
    ]  # fmt: skip
    if color == "kind":
        for name, *colors in GROUP_COLORS.values():
            rules += [(f".{name}", "fill", colors[2 * dark]), (f".{name}", "stroke", colors[2 * dark + 1])]
    if color == "cost":
        for index, (_, *fills, turned) in enumerate(SHADES):
            rules += [(f".shade{index}", "fill", str(fills[dark])), (f".shade{index}", "stroke", line)]
            rules.append((f".on{index} text", "fill", ("#ffffff", _COLORS["ink"][0])[dark] if turned else ink))
    return [f"#{scope} {where}{{{what}:{value}}}" for where, what, value in rules]


#: The colours of charts, told apart without red and green (Okabe and Ito's): light, then dark.
CHART_COLORS = {
    "area": ("#0072b2", "#56b4e9"), "other": ("#e69f00", "#e69f00"), "peak": ("#d55e00", "#ff9a5c"),
    "grid": ("#d8dee4", "#30363d"),
}  # fmt: skip


def charted(scope: str) -> str:
    """The style sheet of charts, for what stands in `scope`, a selector."""
    ink, dim, page = _COLORS["ink"], _COLORS["dim"], _COLORS["page"]
    area, _, peak, grid = CHART_COLORS.values()
    texts = (
        f"{scope}text{{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:10.5px}}"
        f"{scope}.c-title{{font-size:13px;font-weight:700}}{scope}.c-note{{font-weight:700;paint-order:stroke;stroke-width:3px}}"
        f"{scope}.c-level{{stroke-dasharray:5 3;fill:none;stroke-width:1.5}}"
    )
    painted = []
    for dark in (0, 1):
        rules = (
            ("text", "fill", ink), (".c-mark", "fill", dim), (".c-unit", "fill", dim), (".c-area", "fill", area),
            (".c-peak", "fill", peak), (".c-level", "stroke", peak), (".c-grid", "stroke", grid),
            (".c-tick", "stroke", dim), (".c-page", "fill", page), (".c-note", "stroke", page),
        )  # fmt: skip
        painted.append("".join(f"{scope}{where}{{{what}:{pair[dark]}}}" for where, what, pair in rules))
    return f"{texts}{painted[0]}@media(prefers-color-scheme:dark){{{painted[1]}}}"
