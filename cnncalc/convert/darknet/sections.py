"""The text of a .cfg file: sections and their options, as Darknet's read_cfg takes them (src/parser.c).

Blanks mean nothing, anywhere in a line. The first of two equal keys holds. A number is what C's atoi makes of a text:
``40 #32`` is 40; but for what is none, which is 0 there, and a fault here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostics import ERROR, WARNING, Diagnostic, Source, Span, SpecError
from ...records import Record

_BLANKS = str.maketrans("", "", " \t\r\n")
_NUMBER = re.compile(r"[+-]?[0-9]+")
#: Digits of a number that is worth reading: no size has more.
_LONGEST = 60
#: Lines and numbers in a line that are read, and words that are looked up for what is meant: no file has as many.
_LINES, _NUMBERS, _LOOKED_UP = 65_536, 4_096, 200


class Option(Record):
    """One ``key=value``: the value without its blanks, and where it stands."""

    text: str
    span: Span

    @property
    def number(self) -> int:
        """The whole number at its start. Raises SpecError where there is none, or one beyond any size."""
        match = _NUMBER.match(self.text)
        if match is None:
            fault = f"'{self.text[:40]}' is no whole number" if self.text else "a whole number is missing here"
            raise SpecError([Diagnostic(ERROR, "syntax", fault, self.span)])
        if len(match[0]) > _LONGEST:
            raise SpecError([Diagnostic(ERROR, "too-large", f"a number of {len(match[0]):,} digits", self.span)])
        return int(match[0])

    def numbers(self) -> list[int]:
        """The whole numbers between its commas."""
        parts = self.text.split(",", _NUMBERS)
        if len(parts) > _NUMBERS:
            raise SpecError([Diagnostic(ERROR, "too-large", f"over {_NUMBERS:,} numbers in a line", self.span)])
        return [self._replace(text=part).number for part in parts]


class Section(Record):
    """A ``[type]``, the lines below it, and where it stands."""

    type: str
    span: Span
    options: dict[str, Option]

    def number(self, key: str, default: int) -> int:
        """The value of `key` as a whole number; `default` where it is not given."""
        option = self.options.get(key)
        return default if option is None else option.number

    def word(self, key: str, default: str) -> str:
        """The value of `key` as it stands there."""
        option = self.options.get(key)
        return default if option is None else option.text

    def place(self, key: str) -> Span:
        """Where the value of `key` stands; where it is not given, the section."""
        option = self.options.get(key)
        return self.span if option is None else option.span


#: The options that figures depend on; and others of Darknet's that look like one of them.
_READ = (
    "activation antialiasing atoms batch_normalize channels crop_height crop_width dilation filters from group_id "
    "groups height hidden inputs layers maxpool_depth out_channels output pad padding reverse share_index size stride "
    "stride_x stride_y weights_type width xnor"
).split()
_OTHERS = frozenset(
    "side step steps sizes seen scale bin_output dot hue flip deform resize cls_normalizer obj_normalizer "
    "uc_normalizer iou_normalizer delta_normalizer".split()
)


def misspelt(section: Section, nearest: dict[str, list[str]]) -> list[Diagnostic]:
    """Warnings of options that Darknet would pass over, and that look like one that it reads.

    `nearest` keeps what each looks like, of all sections: of so many only as they are looked up in no time.
    """
    from difflib import get_close_matches

    found = []
    for key, option in section.options.items():
        if key not in _READ and key not in _OTHERS:
            if key not in nearest and len(nearest) < _LOOKED_UP:
                nearest[key] = get_close_matches(key[:_LONGEST], _READ, 1, 0.75)
            near = nearest.get(key)
            if near:
                message, help = f"Darknet reads no option '{key}' here", f"did you mean '{near[0]}'?"
                found.append(Diagnostic(WARNING, "unknown-key", message, option.span, help))
    return found


def sections(source: Source) -> Iterator[Section]:
    """The sections of a file. Raises SpecError for an option before the first of them, or a line that is none."""
    section: Section | None = None
    if len(source.lines) > _LINES:
        raise SpecError([Diagnostic(ERROR, "too-large", f"over {_LINES:,} lines", Span(source, _LINES + 1, 1, 2))])
    for number, line in enumerate(source.lines, 1):
        bare = line.translate(_BLANKS)
        if not bare or bare[0] in "#;":
            continue
        start = len(line) - len(line.lstrip()) + 1
        span = Span(source, number, start, max(len(line.rstrip()) + 1, start + 1))
        if bare[0] == "[":
            if section is not None:
                yield section
            section = Section(bare, span, {})
            continue
        key, equals, value = bare.partition("=")
        if section is None or not equals:
            fault = "a line is a [section] or an option, 'key=value'" if section else "a file starts with a [section]"
            raise SpecError([Diagnostic(ERROR, "syntax", fault, span, "write '[net]' above" if equals else None)])
        section.options.setdefault(key, Option(value, span))
    if section is not None:
        yield section
