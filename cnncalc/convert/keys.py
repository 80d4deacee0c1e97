"""Arguments of an element as other tools and papers write them: ``3x3 / 2``, ``pad 1``, ``out_channels=64``."""

from __future__ import annotations

import re

from ..layers import Layer
from . import papers
from .lookup import calls
from .signatures import CHANNELS, IGNORED


def keyed(cls: type[Layer], words: list[str]) -> tuple[str | None, bool]:
    """An element with a '=' between its keys and their values, and whether input channels were left out.

    None where nothing is to be changed.
    """
    own = {key.lower(): name for key, name in cls.keys.items()}
    flags = [arg.name for arg in cls.args if arg.sort == "flag"]
    chosen = {word: arg.name for arg in cls.args for word in arg.words}
    made: list[str] = []
    never, rest = False, _joined_sizes(cls, _without_commas(cls, words[1:]))
    while rest:
        word = rest.pop(0)
        key, equals, value = word.partition("=")
        low = key.lower()
        joined = papers.JOINED.fullmatch(word)
        strided = _STRIDED.fullmatch(word) if "stride" in cls.keys else None
        if equals and value:
            name, told = _named_value(cls, key, value)
            never = never or name == "C"
            made += told
        elif low == "no" and rest and rest[0] in flags:
            made.append(f"{rest.pop(0)}=no")
        elif low in flags and (not rest or rest[0].lower() not in ("yes", "no", "true", "false", "=")):
            made.append(f"{low}=yes")
        elif low in own and rest and (len(low) > 1 or rest[0].lstrip("=")[:1].isdecimal()):
            made.append(f"{own[low]}={rest.pop(0).removeprefix('=')}")
        elif joined and own.get(joined[1].lower()):
            made.append(f"{own[joined[1].lower()]}={joined[2]}")
        elif low in chosen:
            made.append(f"{chosen[low]}={low}")
        elif strided:
            filters = ["64"] * ("filters" in cls.keys and not any(one.isdecimal() for one in (*made, *rest)))
            made = [papers.square(one) if re.fullmatch(r"\d+(?:x\d+)+", one) else one for one in made]
            made += [*filters, papers.square(strided[1])] if strided[1] else []
            made.append(f"stride={strided[2]}")
        elif cls.merges and not cls.opaque and word.isidentifier() and word != "none":
            made.append(f"@{word}")
        else:
            made.append(word if cls.positions == ("parts",) else _number(word))
    bare = _in_order(cls, [word for word in made if "=" not in word])
    line = " ".join([words[0], *bare, *(word for word in made if "=" in word)])
    same = [_own_key(cls, word) for word in words[1:]]
    return (None if line == " ".join([words[0], *same]) else line), never


def _in_order(cls: type[Layer], bare: list[str]) -> list[str]:
    """Words without keys, the filters before the kernel: ``conv 3x3, 64``."""
    turned = cls.positions[:1] == ("filters",) and len(bare) == 2 and re.fullmatch(r"\d+x\d+", bare[0])
    return [bare[1], papers.square(bare[0])] if turned else bare


def _without_commas(cls: type[Layer], words: list[str]) -> list[str]:
    """Words without the commas between them, and of a merge without brackets: ``concat [@a, @b]``."""
    if any(re.search(r"@\w+\[", word) for word in words):  # rounds
        return words
    if cls.merges and not cls.opaque:
        return re.sub(r"[][(),;]", " ", " ".join(words)).split()
    if cls.positions[:1] == ("filters",) and len(words) and re.fullmatch(r"\d+,\d+", words[0]):
        words = [*words[0].split(","), *words[1:]]  # conv 8,3
    if cls.positions[:1] == ("factor",):
        words = [re.sub(r"[xX](?=\d+\Z)|(?<=\d)[xX]\Z", "", word) for word in words]  # upsample 2x
    return [word.strip(",;") for word in words]


def _own_key(cls: type[Layer], word: str) -> str:
    """A word with the name of its argument for a synonym of it: ``padding=1`` is no other notation."""
    key, equals, value = word.partition("=")
    return f"{cls.keys[key]}={value}" if equals and key in cls.keys else word


#: A kernel over its stride: 3/2, 7x7/2, or /2 alone.
_STRIDED = re.compile(r"(\d+(?:x\d+)*)?/(\d+)")


def _joined_sizes(cls: type[Layer], words: list[str]) -> list[str]:
    """Words that are one size in pieces, as one: ``3 x 3``, ``3 x3``; a shape's numbers, an order's letters."""
    if cls.positions == ("shape",) and len(words) > 1 and all(word.isdecimal() for word in words):
        return ["x".join(words)]
    if cls.positions == ("shape",) and len(words) > 1 and not any("=" in word for word in words):
        return [f"({', '.join('?' if word == '-1' else word for word in words)})"]
    if cls.positions in (("axes",), ("axis",)) and len(words) > 1 and all(word in tuple("CDHWL") for word in words):
        return ["".join(words)]
    if cls.positions == ("parts",):
        return words
    text = re.sub(r"(?<![\w.])(\d+) ?x ?(\d+)(?![\w.])", r"\1x\2", " ".join(words))
    return text.split(" ") if text else []


def _number(word: str) -> str:
    """A word without the signs that other languages have at it: ``50%``, ``3,3``, ``-1x25``, ``$w``."""
    if re.fullmatch(r"\d{1,3}%", word):
        return f"{int(word[:-1]) / 100:g}"
    if re.fullmatch(r"\d+(?:,\d+)+", word):
        return papers.square(word.replace(",", "x"))
    return re.sub(r"(^|x)-1(?=x|$)", r"\1?", word) if "x" in word else word.removeprefix("$")


def _named_value(cls: type[Layer], key: str, text: str) -> tuple[str | None, list[str]]:
    """The argument that a key and its value mean, of PyTorch or Keras too, and the words that say it: "C" the input's
    channels, which are not said.
    """
    ours = cls.keys.get(key)
    if ours is not None:
        return ours, [
            f"{ours if ours in cls.sorts else key}={_HALF.get(text.lower(), text) if ours == 'pad' else text}"
        ]
    signatures = [call for framework in ("torch", "keras") for call in calls(cls.kind, framework)]
    meant = [parameter for call in signatures for parameter in call.parameters if parameter.name == key]
    known = next((parameter for parameter in meant if (parameter.word or parameter.ours) in ("C", *cls.sorts)), None)
    if known is not None and known.word == "C":
        return "C", []
    if known is None:
        untold = {""} | ({CHANNELS} if text == "1" else set())  # dim=1 are the channels
        no_size = key in IGNORED or any(
            parameter.ours is None and parameter.word in untold and not parameter.bound for parameter in meant
        )
        return None, [] if no_size else [f"{key}={text}"]
    if known.form:
        from .arguments import Arguments

        arguments = Arguments(cls.kind, {cls.kind: cls}, {}, None)
        value = {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
        if known.form != "unless" or value is None:
            return None, [f"{key}={text}"]
        arguments.take(known, value, True)
        return known.ours, [f"{name}={'yes' if given else 'no'}" for name, given in arguments.of(cls.kind).items()]
    return known.ours, [f"{known.ours}={text}"]


#: What is called so elsewhere: a padding of half the kernel, or that there is one.
_HALF = {"half": "same", "yes": "same", "true": "same", "no": "0", "false": "0", "none": "0"}
