"""Lines in the notation of papers, tables and slides, and arguments without their '=': the line to write.

``conv 96 11x11 stride 4 pad 2``, ``conv3-64``, ``7x7 conv, 64, /2``, ``input (None, 32, 32, 3)``, ``relu // comment``.
Only lines that have a fault are looked at, and only what the language reads is advised.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..layers import Layer
from .lookup import calls, lookup

#: Characters of a line beyond which nobody has written it by hand.
_LONGEST = 200
_SIZE = r"\d+(?:x\d+)*"
#: Short keys joined to their number: s2, p1.
_JOINED = re.compile(rf"(s|p|d|g|k|stride|pad|padding|dilation|groups|kernel)-?({_SIZE})", re.IGNORECASE)
_NEVER_GIVEN = "input channels are never given: "


def advice(text: str, is_sound: Callable[[str], bool]) -> str | None:
    """What to write for a line that has a fault; None where it seems to be in no other notation.

    `is_sound` tells whether the language reads a line, and knows its layers and their arguments.
    """
    if len(text) > _LONGEST:
        return None
    plain = text.replace("×", "x").replace("\u3000", " ").strip()
    return _input(plain) or _commented(plain, is_sound) or _layers(plain, is_sound)


def _layers(text: str, is_sound: Callable[[str], bool]) -> str | None:
    """Every element of a line by itself, with the name before them and the arrow behind."""
    code, hash_sign, comment = text.partition("#")
    body, arrow, shape = code.partition("->")
    name, equals, rest = body.partition(" = ")
    if not equals or not name.isidentifier():
        name, equals, rest = "", "", body
    elements, reason = [], ""
    for element in rest.split("|"):
        words = element.split()
        found = lookup(words[0]) if words else None
        made, never = (None, False) if found is None else _keyed(found[0], words)
        made = made or _paper(element.strip())
        reason = reason or _NEVER_GIVEN * never
        elements.append(made or element.strip())
    line = " | ".join(elements)
    if line == rest.strip() or not is_sound(line):
        return None
    tail = f" ->{shape.rstrip()}" * bool(arrow) + f"  #{comment}" * bool(hash_sign)
    return f"{reason}write '{name}{equals}{line}{tail}'"


# --- arguments ------------------------------------------------------------------------------------------


def _keyed(cls: type[Layer], words: list[str]) -> tuple[str | None, bool]:
    """An element with a '=' between its keys and their values, and whether input channels were left out.

    None where nothing is to be changed.
    """
    own = {key.lower(): name for key, name in cls.keys.items()}
    flags = [arg.name for arg in cls.args if arg.sort == "flag"]
    chosen = {word: arg.name for arg in cls.args for word in arg.words}
    made, never, rest = [], False, [word.strip(",;") for word in words[1:]]
    while rest:
        word = rest.pop(0)
        key, equals, value = word.partition("=")
        low = key.lower()
        joined = _JOINED.fullmatch(word)
        if equals and value:
            name = cls.keys.get(key) or _foreign(cls, key)
            never = never or name == "C"
            made += [] if name == "C" else [f"{name or key}={value}"]
        elif low == "no" and rest and rest[0] in flags:
            made.append(f"{rest.pop(0)}=no")
        elif low in flags and (not rest or rest[0].lower() not in ("yes", "no", "true", "false", "=")):
            made.append(f"{low}=yes")
        elif low in own and rest:
            made.append(f"{own[low]}={rest.pop(0).removeprefix('=')}")
        elif joined and own.get(joined[1].lower()):
            made.append(f"{own[joined[1].lower()]}={joined[2]}")
        elif low in chosen:
            made.append(f"{chosen[low]}={low}")
        else:
            made.append(word)
    bare = [word for word in made if "=" not in word]
    line = " ".join([words[0], *bare, *(word for word in made if "=" in word)])
    return (None if line == " ".join(words) else line), never


def _foreign(cls: type[Layer], key: str) -> str | None:
    """The argument that a key of PyTorch or Keras means: "C" the input's channels; None for any other."""
    signatures = [one for framework in ("torch", "keras") for one in calls(cls.kind, framework)]
    meant = (one.word or one.ours or "" for call in signatures for one in call.parameters if one.name == key)
    return next((name for name in meant if name == "C" or name in cls.sorts), None)


# --- papers ---------------------------------------------------------------------------------------------

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


def _paper(text: str) -> str | None:
    """An element as papers have it: ``conv3-64``, ``3x3 conv, 64``, ``7x7, 64, stride 2``, ``8@5x5``, ``FC-4096``."""
    dashed = _DASHED.fullmatch(text)
    if dashed:
        return f"conv {dashed[3]} {_square(f'{dashed[1]}x{dashed[2] or dashed[1]}')}"
    low = re.sub(r"\b(max|avg|average)[ -]?(pool)", r"\1\2", re.sub(r"\bfully[ -]connected\b", "fc", text.lower()))
    cell = _Cell()
    words = re.sub(r"[,;()]", " ", low).split()
    if not words or not all(cell.take(word, words[at + 1 : at + 2]) for at, word in enumerate(words)):
        return None
    return cell.line()


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
        counted, of, joined = _COUNTED.fullmatch(word), _FILTERS_OF.fullmatch(word), _JOINED.fullmatch(word)
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
        kind, kernel, counts = self.kind, _square(self.kernel), list(self.counts)
        if kind in ("maxpool", "avgpool", "dwconv"):
            kernel = kernel or (counts.pop(0) if counts else "")
            return f"{kind} {kernel}{more}" if kernel and not counts else None
        if kind == "fc":
            return f"fc {counts[0]}" if len(counts) == 1 and not kernel and not more else None
        if not kernel and kind:  # 'conv 64 3' is the language's own order
            return None
        return f"{kind or 'conv'} {counts[0]} {kernel}{more}" if kernel and len(counts) == 1 else None


def _square(size: str) -> str:
    """``3`` for 3x3."""
    sizes = size.split("x")
    return sizes[0] if len(set(sizes)) == 1 else size


# --- inputs and comments --------------------------------------------------------------------------------

_INPUT = re.compile(
    r"(?:(?:[\w.]*\.)?input(?:layer)?\b[\s:=(\[]*(?:(?:batch_|input_)?shape\s*=\s*)?[\s(\[]*"
    r"|(?:torch\.Size)?\(?[(\[]\s*)"
    r"(?P<batch>(?:none|null|batch|n|b|-1|\?)[\s,x*]+)?(?P<sizes>\d+(?:[\s,x*]+\d+)*)[\s)\],]*",
    re.IGNORECASE,
)  # fmt: skip
#: Channels of pictures: a last number like these is one of channels.
_PICTURES = ("1", "3", "4")


def _input(text: str) -> str | None:
    """A shape as Python writes it, of an input: parentheses, commas, a batch in front, channels last."""
    found = _INPUT.fullmatch(text)
    if found is None:
        return None
    sizes = re.findall(r"\d+", found["sizes"])
    if not 2 < len(sizes) < 5 and not (found["batch"] and sizes):
        return None
    if len(sizes) == 4 and sizes[0] == "1" and "," in text:
        sizes = sizes[1:]
    shape = "x".join(sizes)
    if text == f"input {shape}":
        return None
    if len(sizes) > 2 and sizes[-1] in _PICTURES and sizes[0] not in _PICTURES:
        first = "x".join([sizes[-1], *sizes[:-1]])
        return f"write 'input {first}', or with the channels last 'layout hwc' above and 'input {shape}'"
    return f"write 'input {shape}'"


def _commented(text: str, is_sound: Callable[[str], bool]) -> str | None:
    """A comment behind the sign of another language."""
    found = re.fullmatch(r"(?P<line>.*?)(?:^|\s)(?://|--|;|%|/\*)\s*(?P<comment>\D.*?)(?:\*/)?", text)
    if found is None or "#" in text or "/" in found["comment"]:
        return None
    line, comment = found["line"].strip(), found["comment"].strip()
    variables = len(comment.split()) == 1 and len(comment) < 3
    if variables or any(word.isdecimal() for word in comment.split()) or (line and not is_sound(line)):
        return None
    return f"'#' starts a comment: '{f'{line}  ' * bool(line)}# {comment}'"
