"""What stands on the charts of some models: drawn.txt. `python tests/features/compare/drawn.py` writes it anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

from cnncalc.diagnostics import Source
from cnncalc.features.compare.model import ComparedModel
from cnncalc.features.compare.models import Variant
from cnncalc.interpret import build
from cnncalc.measure import analyze

RECORDED = Path(__file__).with_suffix(".txt")
CONVOLUTIONS = "model Many\ninput 3x40x40\n" + "".join(f"conv {size} {1 + size % 3}\n" for size in range(2, 32))
SPECS = {
    "one convolution": ("model Tiny\ninput 1x4x4\nconv 2 3\n",),
    "an MLP of one's own": ("model Tiny\ninput 1x4x4\nconv 2 3\nflatten | fc 3\n", (4, 3)),
    "no convolution": ("model Dense\ninput 20\nfc 30 | relu | fc 2\n",),
    "stages": ("model Net\ninput 3x16x16\nstage a:\n    repeat 14:\n        conv 4 3 pad=1\n"
               "stage b:\n    repeat 14:\n        conv 8 3 pad=1\n",),
    "more bars than there is room for": (CONVOLUTIONS,),
    "any number": (f"model Vast\ninput 3x{10**9}x{10**9}\nconv 4 3 stride=2 | conv 1000 1\n",),
    "nothing saved": ("model Point\ninput 4x1x1\nconv 4 1\n",),
}  # fmt: skip
TOGETHER = {
    "two models": (("one convolution", "no convolution"), False),
    "two models with their MLPs": (("one convolution", "no convolution"), True),
    "three models": (("stages", "nothing saved", "any number"), True),
    "one model twice": (("stages", "stages"), False),
}


def model(name: str) -> ComparedModel:
    text, *hidden = SPECS[name]
    return ComparedModel(analyze(build(Source("model.txt", text))), Variant({}, {}), *hidden)


def drawn(figure: Any) -> Iterator[str]:
    """What is on a figure: titles, and for each panel its ends, the bars with their colours and words, the ticks."""
    width, height = figure.get_size_inches()
    title = figure.get_suptitle().replace("\n", " / ")
    yield f"{title} ({width:g} x {height:g}, {figure._suptitle.get_fontsize():g} pt)"
    for axes in figure.axes:
        if not axes.get_title(loc="left"):
            continue
        start, end = axes.get_xlim()
        yield f"  {axes.get_title(loc='left')}: {axes.get_xlabel()}, {start:.2f} to {end:.2f}"
        labels = [label.get_text().replace("\n", " / ") for label in axes.get_yticklabels()]
        for bar in axes.patches:
            place = round(bar.get_y() + bar.get_height() / 2)
            color = "#" + "".join(f"{round(255 * part):02X}" for part in bar.get_facecolor()[:3])
            yield f"    {labels[place]}: {bar.get_x():.3f} to {bar.get_x() + bar.get_width():.3f} {color}"
        for text in axes.texts:
            yield f"    {labels[round(text.get_position()[1])]}: {text.get_text()} at {text.get_position()[0]:.3f}"
        ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        yield "    " + ", ".join(f"{place:g} {label.get_text()}" for place, label in ticks)


def everything() -> Iterator[str]:
    """All figures."""
    from cnncalc.features.compare.plot import _alone, _several

    for name in SPECS:
        yield from (f"=== {name}", *drawn(_alone(model(name))), "")
    for name, (names, mlp) in TOGETHER.items():
        yield from (f"=== {name}", *drawn(_several([model(one) for one in names], mlp)), "")


if __name__ == "__main__":
    RECORDED.write_text("\n".join(everything()), "utf-8")
