"""A line with one slip of the pen: the line that is meant, where one change makes a line that is understood.

Which slip it was nobody knows: changes are tried in the order of how often they are meant, and the first is told after
which the language reads the line, and knows its layers and their arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from itertools import chain
from keyword import iskeyword

from ...convert.lookup import lookup
from ...convert.papers import NUMBERED
from ...measures import WORDS
from ...spec.words import HEADERS, MERGES, STATEMENTS
from .habits import habits

#: Characters of a line beyond which nobody has written it by hand.
_LONGEST = 200
#: Words that start a line and are no layers.
_FIRST = (*STATEMENTS, *HEADERS, *MERGES)
#: Words with which other languages declare a name.
_DECLARING = ("int", "float", "var", "const", "auto", "set", "val")
#: How alike a word and the one that is meant are, of 1 for the same.
_ALIKE = 0.66
#: Of words behind which any text can be read.
_MORE_ALIKE = 0.8


def mended(line: str, at: int, is_sound: Callable[[str], bool], answered: bool, own: Container[str]) -> str | None:
    """The line that `line`, without its comment, is meant to be; None where no one change makes it one.

    `at` is the column of its fault; `is_sound` tells whether the language reads a line and knows what is in it; `own`
    are words that it may start with, and the first word is no slip. Where the fault is `answered` already, only a
    statement whose word is misspelt, or a wrong arrow, is told in its place.
    """
    if len(line) > _LONGEST:
        return None
    known = _first(line)[0] in own or lookup(_first(line)[0]) is not None
    changed = chain(
        habits(line),
        _glued(line),
        _misspelt(line, known),
        _other_arrows(line, _ARROW),
        () if answered else _changed(line, at, known),
    )
    return next((made for made in map(_in_one, changed) if made != line and is_sound(made)), None)


def _in_one(line: str) -> str:
    """A line without the blanks that a change has left."""
    return line.strip() if '"' in line else re.sub(r"(?<=\S)[ \t]+", " ", line.strip())


def _changed(line: str, at: int, known: bool) -> Iterator[str]:
    if not known:
        yield from _other_first_words(line)
    yield from _other_arrows(line, _MINUS)
    yield from _other_arrows(line, _NO_ARROW)
    yield from _names(line)
    yield from _numbers_alone(line)
    yield from _without_brackets(line)
    yield from _without_signs(line, at)


def _first(line: str) -> tuple[str, str]:
    """The first word of a line, and what follows it."""
    word = re.match(r"(?:[A-Za-z_]\w*)?", line, re.ASCII)
    end = word.end() if word else 0
    return line[:end], line[end:]


def _glued(line: str) -> Iterator[str]:
    """With the blank that is missing, or that stands for a comma: ``conv 64 3pad=1``, ``conv64 3``, ``cbr 64, 3``."""
    yield re.sub(r"[,;](?=\s+[^=\s]|\Z)", "", line)
    yield re.sub(r"(?<=[\s=])(\d+(?:x\d+)*)(?=[a-z_]+=)", r"\1 ", line)
    word, rest = _first(line)
    split = re.fullmatch(r"([A-Za-z_]+?)_?(\d+)", word)
    if split and lookup(word) is None and lookup(split[1]) is not None:
        yield f"{split[1]} {split[2]}{rest}"


def _misspelt(line: str, known: bool) -> Iterator[str]:
    """With the first word of a statement or a header as it is written: ``model,``, ``sta,ge``, ``requir``."""
    word, rest = _first(line)
    if word in _FIRST and rest[:1] not in ("(", "="):
        yield f"{word} {rest.lstrip(' ,;:.-')}"
    apart = re.match(r"[^\w\s](\w+)", rest, re.ASCII)
    if word and apart and word + apart[1] in _FIRST:
        yield word + rest[1:]
    if word and re.match(rf"[ \t]+(?:{word}|{'|'.join((*STATEMENTS, *HEADERS))})\b", rest):
        yield rest
    if word and word not in _FIRST and not known:
        yield from _required(word, rest)
        if iskeyword(word) or word in _DECLARING:
            yield rest
            yield f"let {rest}"
        else:
            yield from _close(word, rest)


def _required(word: str, rest: str) -> Iterator[str]:
    """The requirement that a comparison of a measure is: ``params <= 5M``, ``assert params <= 5M``."""
    if word in WORDS:
        yield f"require {word}{rest}"
    elif re.search(r"[<>=]=|[<>]", rest) and any(re.search(rf"\b{measure}\b", rest) for measure in WORDS):
        yield f"require {rest}"


def _close(word: str, rest: str) -> Iterator[str]:
    """With the word of a statement that `word` is like, or starts with: ``requir``, ``LET``, ``defaultconv``."""
    import difflib

    for meant in difflib.get_close_matches(word.lower()[:60], _FIRST, 2, _ALIKE):
        close = difflib.SequenceMatcher(None, word.lower(), meant).ratio() >= _MORE_ALIKE
        if meant not in ("model", "use") or (close and (meant == "model" or re.search("[./@]", rest))):
            yield meant + rest
    for meant in _FIRST:
        if word.startswith(meant) and (len(meant) > 2 or rest.endswith(":")):
            yield f"{meant} {word[len(meant) :].lstrip('_')}{rest}"


def _other_first_words(line: str) -> Iterator[str]:
    """With a '=' behind the first word, or without it."""
    word, rest = _first(line)
    if word and word not in _FIRST:
        if not iskeyword(word):
            yield f"{word} = {rest}"
        yield rest


#: An arrow of another language; a minus before a shape; no sign before a shape at the end.
_ARROW = r"[ \t]*(?:-=>|=+>|--+>|-[ \t]+>|>>|→)[ \t]*"
_MINUS = r"[ \t]*[->][ \t]*(?=\(?[\d?]+[@x])"
_NO_ARROW = r"[ \t]+(?=\(?[\d?]+[@x][\dx?]+\)?\Z)"


def _other_arrows(line: str, sign: str) -> Iterator[str]:
    """With an arrow where another `sign` stands for one."""
    matches = list(re.finditer(sign, line)) if "->" not in line else []
    if matches:
        yield f"{line[: matches[-1].start()].rstrip()} -> {line[matches[-1].end() :]}"


def _names(line: str) -> Iterator[str]:
    """With the '=' behind a name as it is written, with the ``let`` before it, or without it where no name is."""
    named = re.match(r"(\w+)[ \t]*(?::=|==|<-|:|=)[ \t]*(?=\S)", line, re.ASCII)
    if named:
        rest = line[named.end() :]
        yield f"{named[1]} = {rest}"
        yield from (f"{named[1]} {rest}", f"let {named[1]} = {rest}")[:: 1 if lookup(named[1]) else -1]


def _numbers_alone(line: str) -> Iterator[str]:
    """With the kind that is missing before numbers: that of its name, ``pool1 = 2``, else the first that takes them."""
    match = re.match(r"(?:(\w+)[ \t]*=[ \t]*)?(?=\d)", line, re.ASCII)
    if match is None:
        return
    name, numbers = match[1] or "", line[match.end() :]
    own = re.sub(r"_?\d+\Z", "", name)
    if own != name:
        kinds = (own, *(kind for kind in NUMBERED if kind.endswith(own)))
        yield from (f"{match[0]}{kind} {numbers}" for kind in kinds)
    if name:
        yield f"let {line}"
    for kind in NUMBERED:
        yield f"{match[0]}{kind} {numbers}"


def _without_brackets(line: str) -> Iterator[str]:
    """Without brackets around layers, or one of a pair that has no other."""
    outer = re.fullmatch(r"(\w+[ \t]*=[ \t]*)?[(\[](.*)[)\]]([ \t]*->.*|:?)", line)
    if outer:
        yield f"{outer[1] or ''}{outer[2]}{outer[3]}"
    if line.count("(") > line.count(")"):
        yield re.sub(r"(?=[ \t]*(?:->.*|:?)\Z)", ")", line, count=1)
    if line.count("(") != line.count(")"):
        for match in re.finditer(r"[()]", line):
            yield line[: match.start()] + line[match.end() :]
    yield re.sub(r"[][(){},]", " ", line)  # conv[64, 3]


def _without_signs(line: str, at: int) -> Iterator[str]:
    """Without a word that stands twice, without quotes, and without one sign, or with a blank or a '|' in its place.

    Signs nearest to the column `at` of the fault come first.
    """
    for match in re.finditer(r"\b(\w+)[ \t]+(?=\1\b)", line):
        yield line[: match.start()] + line[match.end() :]
    for quote in "\"'`":
        if quote in line:
            yield line.replace(quote, "")
    signs = [place for place, char in enumerate(line) if not (char.isalnum() or char in " \t")]
    for place in sorted(signs, key=lambda place: abs(place - at)):
        yield line[:place] + line[place + 1 :]
        yield f"{line[:place]} {line[place + 1 :]}"
        yield f"{line[:place]} | {line[place + 1 :]}"
