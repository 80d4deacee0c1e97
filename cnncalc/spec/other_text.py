"""Text that is no spec: known by what its first lines look like, and answered in one sentence.

Looked at only where a file has faults, so a spec that reads like something else stays a spec.
"""

from __future__ import annotations

import re
from operator import itemgetter

from ..diagnostics import ERROR, Diagnostic, Source, Span
from ..records import Record

#: The characters of a file in which its first lines are looked for.
_LOOKED_AT = 20_000
_LINES = "a spec has a line for each layer, in the order in which they run: 'conv 64 3 pad=1'"
_PASTE = "leave only the calls that make layers, one a line, in the order in which they run: each is told its line"


class OtherText(Record):
    """A kind of text that is no spec."""

    #: A regular expression, searched for with `^` and `$` at every line; where it matches is the place that is shown.
    pattern: str
    #: What it is, as in "this is …".
    name: str
    #: What to do.
    help: str


#: It may stand anywhere; what the others are stands before the first input of a spec.
_MERGE = OtherText(
    r"^<{7} .*$|^>{7} .*$",
    "a file with an unfinished merge: git has left its marks in it",
    "keep one side of each '<<<<<<<' … '>>>>>>>', and delete the marks",
)
_OTHERS = (
    OtherText(
        r"\Aversion https://git-lfs\.",
        "what Git LFS leaves in the place of a large file",
        "'git lfs pull' fetches the file",
    ),
    OtherText(
        r"\A(?:(?:>>> |In ?\[\d+\]: ?|# |print\().*\n|[ \t]*\n)*+(?:Out ?\[\d+\]:)?\s*"
        r"(?:\w+\(|\(\w+\): \w+\()(?:.*\n)\s+\(\w+\): \w+\(",
        "what print(model) shows of a PyTorch model",
        f"it has neither the order of forward() nor the shapes: {_PASTE}",
    ),
    OtherText(
        r"^Layer \(type(?::depth-idx)?\).*Output Shape.*$|^[ \t┃│|]*Layer \(type\).*Output Shape.*$|\AModel: \""
        r"|^[ \t]*(?:Total|Trainable|Non-trainable) params: .*$",
        "the summary of a Keras or PyTorch model",
        f"it leaves out kernels and strides: {_LINES}",
    ),
    OtherText(
        r"^Traceback \(most recent call last\):|^\w*Error: .*$",
        "an error message of Python",
        "write the network down, a line for each layer: the line that fails says why",
    ),
    OtherText(
        r"^(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .*|class \w+(?:\(.*\))?:|def \w+\(.*)$"
        r"|^(?:\w+ *= *)?(?:\w+\.)*(?:Sequential|ModuleList)\([\[\s]*$|^\w+\.add\(.*$",
        "Python source",
        _PASTE,
    ),
    OtherText(r"\A\s*[\[{]\s*(?:[\]}\[{]|\"(?:[^\"\n]*)\"\s*[:,\]]|-?\d)", "JSON", f"a spec is no JSON: {_LINES}"),
    OtherText(r"^\[(?:net|network|convolutional)\]\s*$", "a Darknet configuration", _LINES),
    OtherText(r"^(?:layers?|input_param|convolution_param)\s*\{.*$", "a Caffe prototxt", _LINES),
    OtherText(
        r"^ir_version: \d+|^[ \t]*graph (?:\w+ )?\(.*|^graph\(%.*$", "the text of a graph (ONNX, TorchScript)", _LINES
    ),
    OtherText(r"\A\s*<(?:\?xml|!DOCTYPE|html|svg|net)\b.*", "XML or HTML", f"a spec is plain text: {_LINES}"),
    OtherText(
        r"^\[(?:tool|project|build-system)[.\]].*$",
        "TOML (a pyproject.toml?)",
        "name a spec: what the project says of it is read from there anyway",
    ),
    OtherText(
        r"^layer +operation +.*params.*$|^\| layer +\|.*$|^(?:name|layer),(?:path|kind|operation),.*$",
        "a table that cnncalc printed",
        "name the spec that it was printed of",
    ),
    OtherText(r"\A---\s*$|^\w+:(?: \S.*)?\n(?:\w+:(?: \S.*)?\n){1,50}\s*- ", "YAML", _LINES),
    OtherText(
        r"^(?:diff -{2}git .*|-{3} a/.*|@@ -\d+.*)$",
        "a patch",
        "name the files themselves; 'cnncalc diff OLD NEW' compares two specs",
    ),
    OtherText(
        r"^```.*$|^!?\[[^\]\n]*\]\([^)\n]*\)|^#{1,6} .*\n+[A-Z]\w+(?:,? [\w'-]+){4,}.*$",
        "Markdown",
        "a spec stands in a file of its own: only its lines, without the text around them",
    ),
)


def recognized(source: Source) -> Diagnostic | None:
    """The one fault of a text that is no spec but what its first well-known line says; None for any other text."""
    text = source.text[:_LOOKED_AT]
    before_input = re.split(r"^input\b", text, maxsplit=1, flags=re.MULTILINE)[0]
    searched = [(_MERGE, text), *((other, before_input) for other in _OTHERS)]
    matches = [(re.search(other.pattern, where, re.MULTILINE), other) for other, where in searched]
    first = min(
        ((match.start(), match[0], other) for match, other in matches if match), key=itemgetter(0), default=None
    )
    if first is None:
        return None
    start, shown, other = first
    start += len(shown) - len(shown.lstrip())
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    end = max(len(source.line(line).rstrip()) + 1, column + 1)
    message = f"this is {other.name}, not a spec"
    return Diagnostic(ERROR, "not-a-spec", message, Span(source, line, column, end), other.help)
