"""How wide a text is: the advances of Helvetica, and of Arial and Liberation Sans, which have the same.

In thousandths of the size, by the font's own metrics (Adobe's AFM files). So a picture is the same on every machine.
"""

from __future__ import annotations

from functools import lru_cache

from ..render.text import char_width

_REGULAR = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft·", 333: "()-`r", 334: "{}", 350: "•", 355: '"', 389: "*",
    400: "°", 469: "^", 500: "Jcksvxyz", 556: "#$0123456789?L_abdeghnopqu–", 584: "+<=>~×−", 611: "FTZ",
    667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1000: "—…", 1015: "@",
}  # fmt: skip
_BOLD = {
    238: "'", 278: " ,./I\\ijl·", 280: "|", 333: "!()-:;[]`ft", 350: "•", 389: "*r{}", 400: "°", 474: '"', 500: "z",
    556: "#$0123456789J_aceksvxy–", 584: "+<=>^~×−", 611: "?FLTZbdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU",
    778: "GOQw", 833: "M", 889: "%m", 944: "W", 975: "@", 1000: "—…",
}  # fmt: skip
_ADVANCES = [{char: width for width, chars in table.items() for char in chars} for table in (_REGULAR, _BOLD)]
#: What is not in the table is taken to be as wide as a letter can be, or nothing.
_OTHERS = (0, 1000, 1000)


@lru_cache(4096)
def width(text: str, size: float, bold: bool = False) -> float:
    """The width of `text` in a font of `size` pixels, in pixels."""
    advances = _ADVANCES[bold]
    return sum(advances.get(char) or _OTHERS[char_width(char)] for char in text) * size / 1000


def wrapped(text: str, size: float, room: float, most: int, bold: bool = False) -> list[str]:
    """`text` in lines of no more than `room` pixels, broken at blanks where there are any; `most` of them, the last
    with an ellipsis where the text goes on.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold) > room:
            lines.append(line)
            longer = word
        line = longer
        if len(lines) > most:
            break
    lines.append(line)
    cut = [fitted(one, size, room, bold) for one in lines[:most]]
    if len(lines) > most:
        cut[-1] = fitted(lines[most - 1] + " …", size, room, bold)
    return cut


def fitted(text: str, size: float, room: float, bold: bool = False) -> str:
    """`text`, cut to `room` pixels with an ellipsis where it is longer."""
    if width(text, size, bold) <= room:
        return text
    kept = text[: 4 * max(int(room / size), 1)]
    while kept and width(kept + "…", size, bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" …") + "…"
