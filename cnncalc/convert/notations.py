"""Lines in the notation of papers, tables and slides, and arguments without their '=': the line to write.

``conv 96 11x11 stride 4 pad 2``, ``conv3-64``, ``7x7 conv, 64, /2``, ``input (None, 32, 32, 3)``, ``relu // comment``.
Only lines that have a fault are looked at, and only what the language reads is advised.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..spec.words import Fault, split
from . import papers
from .keys import keyed
from .lookup import lookup

#: Characters of a line beyond which nobody has written it by hand.
_LONGEST = 200
_NEVER_GIVEN = "input channels are never given: "


def advice(text: str, is_sound: Callable[[str], bool], renames: bool = True) -> str | None:
    """What to write for a line that has a fault; None where it seems to be in no other notation.

    `is_sound` tells whether the language reads a line, and knows its layers and their arguments; `renames` whether a
    word that is no layer's may stand for one: it may be a block's.
    """
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"(?<=[ =])0,(?=\d+(?:\s|\Z))", "0.", text.replace("×", "x").replace("\u3000", " ").strip())
    plain = re.sub(r" no_?bias\b", " no bias", plain)
    if plain.startswith("- "):  # a path: what stands behind its dash
        plain = plain[1:].strip()
    return _input(plain) or _commented(plain, is_sound) or _statement(plain) or _layers(plain, is_sound, renames)


def _layers(text: str, is_sound: Callable[[str], bool], renames: bool) -> str | None:
    """Every element of a line by itself, with the name before them and the arrow behind."""
    code, hash_sign, comment = text.partition("#")
    body, arrow, shape = re.sub(r"\s(?:=>|--+>|→)\s", " -> ", code).partition("->")
    name, equals, rest = body.partition(" = ")
    if not equals or not name.isidentifier():
        name, equals, rest = "", "", body
    reasons: list[str] = []

    def line(words: str) -> str | None:
        parts = [one.strip() for one in words.split("|")]
        made = " | ".join((_call(part) if len(parts) > 1 else "") or _element(part, is_sound, reasons, renames)
                          for part in parts)  # fmt: skip
        return made if made and is_sound(made) else None

    rest = rest.strip()
    made = line(rest)
    if made is None:
        other = papers.repeated(rest, line)
        if other:
            return other
        made = papers.unlabelled(rest, line)
    if made is not None and arrow and not re.search(r"pool\w*\W+\d", rest):  # how large a pool is the arrow tells
        made = re.sub(r"\b(maxpool|avgpool) 2(?= \||$)", r"\1", made)
    if (
        made is None
        or (_words(made) == _words(rest) and arrow in code)
        or (arrow and not is_sound(f"{made} ->{shape.rstrip()}"))
    ):
        return None
    tail = f" ->{shape.rstrip()}" * bool(arrow) + f"  #{comment}" * bool(hash_sign)
    return f"{reasons[0] if reasons else ''}write '{name}{equals}{made}{tail}'"


def _words(text: str) -> list[str]:
    """The words of a line, whatever stands between them: other blanks are no other notation."""
    return re.findall(r"[^\s|]+|\|", text)


def _element(text: str, is_sound: Callable[[str], bool], reasons: list[str], renames: bool) -> str:
    """One element as the language has it; as it stands where it is in no other notation known here."""

    def one(words: str) -> str | None:
        first, *rest = _cut(words) or ("",)
        found = lookup(first)
        if any(lookup(word) and not (found and word in found[0].keys) for word in rest):
            return papers.cell(words)  # a layer is no argument of another
        made = (_spelled_out(words, reasons), papers.cell(words), _own(words, reasons, renames), words)
        return next((line for line in made if line and is_sound(line)), None)

    made = one(text)
    return made if made and made != text else papers.listed(text, one) or text


def _cut(text: str) -> list[str]:
    """The words of an element, cut at blanks outside parentheses."""
    try:
        return [word.text for word in split(text)]
    except Fault:
        return text.split()


def _call(text: str) -> str:
    """The line of a call that stands between others: ``conv 64 3 | nn.BatchNorm2d(64) | nn.ReLU()``; else empty."""
    if not re.match(r"[\w.]+\(.*\)\Z", text):
        return ""
    from .pasted import translate

    return translate(text).line


def _spelled_out(text: str, reasons: list[str]) -> str | None:
    """An element whose kind is known, with a '=' between its keys and their values; None where nothing is changed."""
    words = _cut(text)
    found = lookup(words[0]) if words else None
    if found is None:
        return None
    made, never = keyed(found[0], words)
    if never and _NEVER_GIVEN not in reasons:
        reasons.append(_NEVER_GIVEN)
    return made


def _own(text: str, reasons: list[str], renames: bool) -> str | None:
    """An element of the language's own order, with its words spelled as here; None where nothing is to be changed."""
    words = _cut(re.sub(r"(?<!\w)\[\s*(\d+)\s*,\s*(\d+)\s*\]", r"\1x\2", papers.spelled(text)))
    if not words:
        return None
    more = ""
    if words[0].lower() in _JOINING and not any(word[0] == "@" for word in words[1:]):
        return None  # a block or a connection by that name, and no tensors
    if renames and lookup(words[0]) is None:
        renamed, _, more = RENAMED.get(re.sub(r"[_-]", "", words[0]).lower(), words[0]).partition(" ")
        words[0] = renamed
    if lookup(words[0]) is None:
        return None
    plain = " ".join(words)
    line = f"{_spelled_out(plain, reasons) or plain} {more}".strip()
    if line in ("maxpool", "avgpool"):
        line += " 2"
    return None if line == text else line


#: Words of papers for a sum with a tensor that has a name.
_JOINING = ("shortcut", "residual", "skip")
#: What is called otherwise here, by names in lower case without '_' and '-'.
RENAMED = {
    "drop": "dropout", "fullyconnected": "fc", "average": "avgpool", "convolution": "conv", "batchnorm": "bn",
    "lrelu": "leakyrelu", "hswish": "hardswish", "hsigmoid": "hardsigmoid", "instancenorm": "in", "up": "resize",
    "globalavgpool": "gavgpool", "globalaveragepool": "gavgpool", "bilstm": "lstm bidirectional=yes",
    "bigru": "gru bidirectional=yes", "subtract": "sub", "divide": "div", "sum": "add", "cat": "concat",
    "concatenate": "concat", "shortcut": "add", "residual": "add", "skip": "add", "bmm": "matmul",
    "conv2dtranspose": "upconv", "zeropad": "pad", "dw": "dwconv", "pointwise": "conv 1",
}  # fmt: skip


# --- sums, titles, inputs and comments --------------------------------------------------------------------------------

_INPUT = re.compile(
    r"(?:(?:[\w.]*\.)?input(?:layer)?\b[\s:=(\[]*(?:(?:batch_|input_)?shape\s*=\s*)?[\s(\[]*"
    r"|(?:torch\.Size)?\(?[(\[]\s*)"
    r"(?P<batch>(?:none|null|batch|n|b|-1|\?)[\s,x*]+)?(?P<sizes>\d+(?:[\s,x*]+\d+)*)[\s)\],]*",
    re.IGNORECASE,
)  # fmt: skip
_SUM = re.compile(r"(?P<name>[A-Za-z_]\w*) \+= @?(?P<term>[A-Za-z_]\w*)|(?:(?P<sum>[A-Za-z_]\w*) = )?"
                  r"(?P<terms>@?[A-Za-z_]\w*(?: \+ @?[A-Za-z_]\w*)+)")  # fmt: skip
_TITLE = re.compile(r"[A-Z][A-Za-z]*(?:-?\d+)?(?:[ -]\w+)?")


def _statement(text: str) -> str | None:
    """A sum of tensors, ``x1 + x2``; a title without its word, ``LeNet-5``; ``model: LeNet``."""
    joined = re.fullmatch(r"\+=? *@?([A-Za-z_]\w*)", text)
    if joined:
        return f"write 'add @{joined[1]}'"
    added = _SUM.fullmatch(text)
    if added and not all(lookup(one.lstrip("@")) for one in (added["terms"] or "").split(" + ")):
        terms = [added["term"]] if added["term"] else [one.lstrip("@") for one in added["terms"].split(" + ")]
        others = [term for term in terms if term != added["sum"]]  # x = x + y: x is the tensor that runs on
        name = f"{added['sum']} = " if added["sum"] and others == terms else ""
        return f"write '{name}add {' '.join(f'@{other}' for other in others or terms)}'"
    title = re.match(r"model\s*[:=]\s*(\S.*)", text)
    if title:
        return f"write 'model {title[1]}'"
    if "-" in text and _TITLE.fullmatch(text) and lookup(text.split("-", maxsplit=1)[0]) is None:
        return f"write 'model {text}' if it is the title"
    return None


#: Channels of pictures: a last number like these is one of channels.
_PICTURES = ("1", "3", "4")


def _input(text: str) -> str | None:
    """A shape as Python writes it, of an input: parentheses, commas, a batch in front, channels last."""
    match = _INPUT.fullmatch(text)
    if match is None:
        return None
    sizes = re.findall(r"\d+", match["sizes"])
    if not 2 < len(sizes) < 5 and not (match["batch"] and sizes):
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
    match = re.fullmatch(r"(?P<line>.*?)(?:^|\s)(?://|--(?!>)|;|%|/\*)\s*(?P<comment>\D.*?)(?:\*/)?", text)
    if match is None or "#" in text or "/" in match["comment"]:
        return None
    line, comment = match["line"].strip(), match["comment"].strip()
    variables = len(comment.split()) == 1 and len(comment) < 3
    if variables or any(word.isdecimal() for word in comment.split()) or (line and not is_sound(line)):
        return None
    return f"'#' starts a comment: '{f'{line}  ' * bool(line)}# {comment}'"
