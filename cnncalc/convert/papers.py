"""Cells of papers' tables and lines of slides: ``conv3-64``, ``conv1 7x7, 64, stride 2``, ``[3x3, 64; 3x3, 64] x2``."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..spec.words import RESERVED
from .lookup import lookup

_SIZE = r"\d+(?:x\d+)*"
#: Short keys joined to their number: s2, p1.
JOINED = re.compile(rf"(s|p|d|g|k|stride|pad|padding|dilation|groups|kernel)[-:]?({_SIZE})", re.IGNORECASE)
#: Kinds that a line of numbers alone may be of, the likeliest first.
NUMBERED = ("conv", "fc", "maxpool")
#: Parts of a list beyond which nobody has written it by hand.
_MOST_PARTS = 20

_KINDS = {
    "conv": "conv", "convolution": "conv", "conv2d": "conv", "maxpool": "maxpool", "max-pool": "maxpool",
    "maxpooling": "maxpool", "max-pooling": "maxpool", "avgpool": "avgpool", "avg-pool": "avgpool",
    "avgpooling": "avgpool", "averagepool": "avgpool", "average-pool": "avgpool", "fc": "fc", "dense": "fc",
    "linear": "fc", "fully-connected": "fc", "dwconv": "dwconv", "upconv": "upconv", "deconv": "upconv",
}  # fmt: skip
_FILLERS = frozenset(
    ("filters", "filter", "kernels", "kernel", "maps", "channels", "units", "neurons", "of", "with", "and", "layer")
)
_DASHED = re.compile(r"conv(\d+)(?:x(\d+))?-(\d+)", re.IGNORECASE)
_COUNTED = re.compile(r"([a-z-]+?)-?(\d+)", re.IGNORECASE)
_FILTERS_OF = re.compile(r"(\d+)@(\d+(?:x\d+)*)")


def cell(text: str) -> str | None:
    """An element as papers have it: ``conv3-64``, ``3x3 conv, 64``, ``7x7, 64, stride 2``, ``8@5x5``, ``FC-4096``."""
    dashed = _DASHED.fullmatch(text)
    if dashed:
        return f"conv {dashed[3]} {square(f'{dashed[1]}x{dashed[2] or dashed[1]}')}"
    words = re.sub(r"[,;()]", " ", spelled(text.lower())).split()
    said = _Cell()
    if not words or not all(said.take(word, words[at + 1 : at + 2]) for at, word in enumerate(words)):
        return None
    return said.line()


def spelled(text: str) -> str:
    """`text` with the names of two words as one, which papers write in many ways."""
    text = re.sub(r"\bfully[ -]connected\b", "fc", text, flags=re.IGNORECASE)
    text = re.sub(r"\bdepth-?wise[ -]conv(?:olution)?\b", "dwconv", text, flags=re.IGNORECASE)
    norm = r"\b(batch|instance|layer|group)[ -]norm(?:ali[sz]ation)?\b"
    text = re.sub(norm, lambda match: _NORMS[match[1].lower()], text, flags=re.IGNORECASE)
    text = re.sub(r"\bglobal[ -](?:average|avg)[ -]?pool(?:ing)?\b", "gavgpool", text, flags=re.IGNORECASE)
    text = re.sub(r"\bglobal[ -]max[ -]?pool(?:ing)?\b", "gmaxpool", text, flags=re.IGNORECASE)
    text = re.sub(r"\bmax[ -]?pool(?:ing)?\b", "maxpool", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:average|avg)[ -]?pool(?:ing)?\b", "avgpool", text, flags=re.IGNORECASE)
    text = re.sub(r"\bsoft-max\b", "softmax", text, flags=re.IGNORECASE)
    return re.sub(r"\b(\d+)-d\b", r"\1", text, flags=re.IGNORECASE)


_NORMS = {"batch": "bn", "instance": "in", "layer": "ln", "group": "gn"}


def listed(text: str, element: Callable[[str], str | None]) -> str | None:
    """A list whose commas stand between layers and between their arguments: ``average pool, 1000-d fc, softmax``.

    `element` gives the line for what may be one layer; None for anything else.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text.rstrip(",; "))]
    if not 1 < len(parts) <= _MOST_PARTS:
        return None
    elements: list[str] = []
    while parts:
        if spelled(parts[0].lower()) == "avgpool":  # what stands before the classifier takes all of it
            elements.append("gavgpool")
            parts = parts[1:]
            continue
        taken = next((end for end in range(len(parts), 0, -1) if element(" ".join(parts[:end]))), 0)
        made = element(" ".join(parts[:taken])) if taken else None
        if made is None:
            return None
        elements.append(made)
        parts = parts[taken:]
    return " | ".join(elements)


_ROWS = re.compile(r"(?:[\w.-]+:?\s+)?[\[({](?P<rows>[^][(){}]*)[\])}]\s*[x*]?\s*(?P<times>\d+)|"
                   r"(?P<before>\d+)\s*[x*]\s+(?P<alone>[a-z].*)", re.IGNORECASE)  # fmt: skip


def repeated(text: str, line: Callable[[str], str | None]) -> str | None:
    """What to write for ``[3x3, 64; 3x3, 64] x2`` or ``3x conv 64 3``: the rows keep the size, as in papers."""
    found = _ROWS.fullmatch(text)
    if found is None:
        return None
    made = line(found["rows"] or found["alone"])
    if made is None:
        return None
    if found["rows"]:
        made = re.sub(r"\bconv \d+ (\d*[13579])(?= \||$)", lambda match: match[0] + _kept(int(match[1])), made)
    residual = "; where they are residual that is a path of an 'add:', beside '- identity'" * bool(found["rows"])
    return f"write 'repeat {found['times'] or found['before']}:' and, indented below it, '{made}'{residual}"


def _kept(kernel: int) -> str:
    """The padding that keeps the size, for the end of a convolution."""
    return f" pad={kernel // 2}" if kernel > 1 else ""


_LABEL = re.compile(
    r"(?:\d+[.):]|(?:conv|pool|fc|block|layer|stage|res|group)[_-]?\d\w*(?:\.\w+)?:?)\s+(?P<rest>.+)", re.I
)
_COLON = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*:\s+(?P<rest>.+)")


def unlabelled(text: str, line: Callable[[str], str | None]) -> str | None:
    """The line behind a row's number or label: ``1. conv 6 5``, ``conv1: 6 filters 5x5``, ``skip: conv 64 3``."""
    label, colon = _LABEL.fullmatch(text), _COLON.fullmatch(text)
    if label:
        return line(label["rest"])
    if colon is None:
        return None
    own = line(f"{colon['name']} {colon['rest']}")  # fc: 120
    if own is None and (colon["name"] in RESERVED or lookup(colon["name"])):
        return None
    rest = own or line(colon["rest"])
    return rest if own or rest is None else f"{colon['name']} = {rest}"


class _Cell:
    """What the words of a table's cell say: a kind, sizes, counts, a stride and a pad."""

    def __init__(self) -> None:
        self.kind = ""
        self.kernel = ""
        self.counts: list[str] = []
        self.more: dict[str, str] = {}
        self._awaited = ""

    def take(self, word: str, following: list[str]) -> bool:
        """Takes a word; False for one that says nothing here."""
        counted, of, joined = _COUNTED.fullmatch(word), _FILTERS_OF.fullmatch(word), JOINED.fullmatch(word)
        if self._awaited:
            self.more[self._awaited], self._awaited = word.lstrip("="), ""
            return bool(re.fullmatch(rf"=?{_SIZE}|same|valid", word))
        if word in ("stride", "pad", "padding") and following:
            self._awaited = "stride" if word == "stride" else "pad"
            return True
        return self._size(word, of) or self._word(word, counted, joined)

    def _size(self, word: str, of: re.Match[str] | None) -> bool:
        if of:
            self.counts.append(of[1])
            word = of[2]
        if re.fullmatch(r"\d+(x\d+)+", word) or (of and word.isdecimal()):
            taken, self.kernel = not self.kernel, word
            return taken
        if word.isdecimal():
            self.counts.append(word)
            return True
        return False

    def _word(self, word: str, counted: re.Match[str] | None, joined: re.Match[str] | None) -> bool:
        key, equals, value = word.partition("=")
        short = {"s": "stride", "p": "pad", "stride": "stride", "pad": "pad", "padding": "pad"}
        if word in _FILLERS:
            return True
        if word in _KINDS and not self.kind:
            self.kind = _KINDS[word]
            return True
        if re.fullmatch(r"/\d+", word):
            self.more["stride"] = word[1:]
        elif equals and key in short and value:
            self.more[short[key]] = value
        elif joined and joined[1] in short:
            self.more[short[joined[1]]] = joined[2]
        elif counted and _KINDS.get(counted[1]) and not self.kind:
            self.kind = _KINDS[counted[1]]
            self.counts.append(counted[2])
        else:
            return False
        return True

    def line(self) -> str | None:
        """The element; None where the words do not make one."""
        more = "".join(f" {key}={value}" for key, value in self.more.items())
        kind, kernel, counts = self.kind, self.kernel, list(self.counts)
        if kernel.count("x") == 2 and kind == "conv" and not counts:  # conv 3x3x64
            first, second, third = kernel.split("x")
            before = second == third != first  # conv 8x3x3
            kernel, counts = (f"{second}x{third}", [first]) if before else (f"{first}x{second}", [third])
        kernel = square(kernel)
        if kind in ("maxpool", "avgpool", "dwconv"):
            kernel = kernel or (counts.pop(0) if counts else "")
            return f"{kind} {kernel}{more}" if kernel and not counts else None
        if kind == "fc":
            return f"fc {counts[0]}" if len(counts) == 1 and not kernel and not more else None
        if not kernel and kind:  # 'conv 64 3' is the language's own order
            return None
        return f"{kind or 'conv'} {counts[0]} {kernel}{more}" if kernel and len(counts) == 1 else None


def square(size: str) -> str:
    """``3`` for 3x3."""
    sizes = size.split("x")
    return sizes[0] if len(set(sizes)) == 1 else size
