"""Reads the table ``[tool.cnncalc]``: every fault with its key and, where it is found, its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from math import isfinite
from typing import Any, TypeVar

from ...cli.globs import plain
from ...deployment import EXECUTIONS, DtypeError, given
from ...diagnostics import ERROR, Diagnostic, Source, Span
from ...interpret.faults import did_you_mean
from ...interpret.reading.files import Folder
from ...spec.words import is_name
from . import limits
from .limits import Wrong
from .project import Limits, Project, Values
from .verdict import Conditions

TABLE = "tool.cnncalc"
#: The keys of the conditions under which specs are checked.
CONDITIONS = ("batch", "dtype", "execution", "input")
#: So many combinations of the values of variables are tried for one spec, and no more.
MOST_TRIED = 1000
#: No integer of a project has more bits. Python itself reads and writes no more than 4,300 decimal digits.
_MOST_BITS = 1000
#: Characters of a glob: no name is as long.
_LONGEST_GLOB = 1_000
#: Folders of any depth in one glob: each of them multiplies what is looked at.
_MOST_ANY = 4
#: So much of a line is looked through for a key.
_WIDEST = 1000

_Read = TypeVar("_Read")


class TableReader:
    """Reads the table; collects its faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Diagnostic] = []

    def fault(self, key: str, table: str, message: str, help: str | None = None) -> None:
        """Adds a fault of `key` in `table`, at its line, where that is found."""
        where = f"[{table}] {key}" if key else f"[{table}]"
        name = self.source.name
        span = self._span(key, table)
        said = f"{where}: {message}" if span else f"{name}: {where}: {message}"
        self.faults.append(Diagnostic(ERROR, "config", said, span, help))

    def _span(self, key: str, table: str) -> Span | None:
        """Where a key of a table is written, if it is written in the plain way."""
        found = self._places.get((_bare(table), key))
        return Span(self.source, *found) if found else None

    @cached_property
    def _places(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """Line, start and end of every key that is written in the plain way, by its table; of "" that of the table."""
        places: dict[tuple[str, str], tuple[int, int, int]] = {}
        table = ""
        for number, line in enumerate(self.source.lines, 1):
            start = line[:_WIDEST]
            header = re.match(r"\s*\[++\s*(.*?)\s*\]+\s*(?:#.*)?$", start)
            if header:
                table = _bare(header.group(1))
                places.setdefault((table, ""), (number, 1, len(line) + 1))
            match = re.match(r"""\s*([\w-]+|"[^"]*"|'[^']*')\s*[=.]""", start)
            if match:
                places.setdefault((table, match.group(1).strip("\"'")), (number, match.start(1) + 1, match.end(1) + 1))
        return places

    def project(self, table: Any, folder: Folder) -> Project | None:
        """The whole table; None where it is none, or what is in it can be said by no message."""
        top = TABLE
        for key, inside in _huge(table, top):
            self.fault(key, inside, "an integer of so many digits is no figure")
        if self.faults:
            return None
        if not isinstance(table, dict):
            self.fault("", "tool", "'cnncalc' is a table", "write [tool.cnncalc] on a line of its own")
            return None
        known = ("specs", "strict", "limits", "variables", "tolerance", *CONDITIONS, *limits.KEYS)
        for key in (key for key in table if key not in known):
            close = did_you_mean(key, known) or f"keys: {', '.join(known[:9])}, max-…, expect-output"
            self.fault(key, top, f"unknown key '{key}'", close)
        own = {key: value for key, value in table.items() if key in (*CONDITIONS, *limits.KEYS)}
        found = [("", self.rules(own, top)), *self.by_glob(table, "limits", self.rules, (*CONDITIONS, *limits.KEYS))]
        strict = table.get("strict", False)
        if not isinstance(strict, bool):
            self.fault("strict", top, f"true or false, not {_said(strict)}")
        return Project(
            folder, self.source.name, self.specs(table.get("specs", []), top), strict is True,
            tuple((glob, limits) for glob, (limits, _) in found),
            tuple(self.by_glob(table, "variables", self.values)),
            tuple((glob, conditions) for glob, (_, conditions) in found),
            self.tolerance(self.table(table, "tolerance")),
        )  # fmt: skip

    def specs(self, value: Any, table: str) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
            self.fault("specs", table, f"a list of globs, not {_said(value)}", 'for example specs = ["models/*.txt"]')
            return ()
        for one in given:
            if one.startswith(("/", "~")) or "\\" in one or one[1:2] == ":":
                said = f"'{one[:100]}' is not relative to this file"
                self.fault("specs", table, said, 'for example "models/*.txt"')
            elif len(one) > _LONGEST_GLOB:
                said = f"a glob of {len(one):,} characters; no more than {_LONGEST_GLOB:,} are read"
                self.fault("specs", table, said, 'for example "models/*.txt"')
            elif plain(one).count("**") > _MOST_ANY:
                many = f"'{one[:100]}' has '**' over {_MOST_ANY} times"
                self.fault("specs", table, many, 'for example "models/**/*.txt"')
        return tuple(given)

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """A table in the table; empty where there is none."""
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(key, TABLE, f"a table, not {_said(value)}", f"write [{TABLE}.{key}]")
        return {}

    def by_glob(
        self, table: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any], str], _Read],
        keys: Collection[str] = (),
    ) -> Iterator[tuple[str, _Read]]:  # fmt: skip
        """A table in the table, read: what it says itself, with all of the `keys`, then the tables of its globs."""
        name, value = f"{TABLE}.{key}", self.table(table, key)
        own = {key: inner for key, inner in value.items() if key in keys or not isinstance(inner, dict)}
        yield "", read(own, name)
        for glob, inner in value.items():
            if glob not in own:
                yield glob, read(inner, f'{name}."{glob}"')

    def rules(self, table: Mapping[str, Any], name: str) -> tuple[Limits, Conditions]:
        """What a table asks of specs, and under which conditions."""
        return self.limits(table, name), self.conditions(table, name)

    def conditions(self, table: Mapping[str, Any], name: str) -> Conditions:
        """Batch, types and execution."""
        batch, dtype, execution, shapes = (table.get(key) for key in CONDITIONS)
        if batch is not None and (isinstance(batch, bool) or not isinstance(batch, int) or batch < 1):
            self.fault("batch", name, f"a whole number over 0, not {_said(batch)}", "for example batch = 8")
            batch = None
        if execution not in (None, *EXECUTIONS):
            self.fault("execution", name, f"{', '.join(EXECUTIONS[:-1])} or {EXECUTIONS[-1]}, not {_said(execution)}")
            execution = None
        return Conditions(batch, self._dtype(dtype, name), execution, self._inputs(shapes, name))

    def _inputs(self, value: Any, table: str) -> Mapping[str | int | None, str]:
        """Shapes of inputs: one, a list of several in their order, or a table by name."""
        several = dict(enumerate(value)) if isinstance(value, list) and len(value) > 1 else value
        single = value[0] if isinstance(value, list) and len(value) == 1 else value
        found = several if isinstance(several, dict) else {} if value is None else {None: single}
        if all(isinstance(shape, str) and shape.strip() for shape in found.values()):
            return found
        help = 'for example input = "3x224x224", or input = {image = "3x224x224", mask = "1x224x224"}'
        self.fault("input", table, f"a shape as a text, not {_said(value)}", help)
        return {}

    def _dtype(self, value: Any, table: str) -> dict[str, str]:
        """The types that are said: ``"int8"``, or a table of the parts."""
        texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        if value is None or isinstance(value, str) or texts:
            try:
                return given(value)
            except DtypeError as error:
                self.fault("dtype", table, error.message, error.help)
                return {}
        help = 'for example dtype = "int8", or dtype = {weights = "int8", biases = "int32"}'
        self.fault("dtype", table, f"a type of numbers, not {_said(value)}", help)
        return {}

    def limits(self, table: Mapping[str, Any], name: str) -> Limits:
        found: Limits = {}
        for key, value in table.items():
            if key in CONDITIONS:
                continue
            if key not in limits.KEYS:
                close = did_you_mean(key, (*CONDITIONS, *limits.KEYS))
                known = f"limits: {', '.join(limits.KEYS)}; and {', '.join(CONDITIONS)}"
                self.fault(key, name, f"unknown key '{key}'", close or known)
                continue
            for text in self._texts(key, value, name):
                try:
                    limit = limits.read(key, text, f"{key} {text} in {self.source.name}")
                except Wrong as wrong:
                    self.fault(key, name, wrong.message, wrong.help)
                else:
                    found[key, limit.output] = limit
        return found

    def _texts(self, key: str, value: Any, table: str) -> list[str]:
        """The texts of a limit: one, or of the outputs several."""
        several = key == limits.EXPECT_OUTPUT
        given = value if several and isinstance(value, list) else [value]
        if several and isinstance(value, dict):
            given = [f"{name}={shape}" for name, shape in value.items() if isinstance(shape, str | int)]
        if given and all(isinstance(one, str | int) and not isinstance(one, bool) for one in given):
            return [str(one) for one in given]
        help = 'for example "1000", or ["mask=2x388x388"]' if several else 'for example "5M", "512KiB" or 61706'
        self.fault(key, table, f"a whole number or a text, not {_said(value)}", help)
        return []

    def values(self, table: Mapping[str, Any], name: str) -> Values:
        found: Values = {}
        tried = 1
        for key, value in table.items():
            listed = value if isinstance(value, list) else [value]
            texts = [_text(one) for one in listed]
            if not is_name(key):
                self.fault(key, name, f"'{key}' is no name of a variable", "for example size = [192, 224]")
            elif not texts or None in texts:
                self.fault(key, name, f"a list of values, not {_said(value)}", "for example size = [192, 224, 320]")
            else:
                found[key] = tuple(dict.fromkeys(text for text in texts if text is not None))
                tried *= len(found[key])
                if tried > MOST_TRIED:
                    self.fault(key, name, f"that makes {tried:,} combinations to try; at most {MOST_TRIED:,}")
                    return found
        return found

    def tolerance(self, value: Mapping[str, Any]) -> dict[str, int | str]:
        """``[tool.cnncalc.tolerance]``: by figure."""
        found: dict[str, int | str] = {}
        for key, one in value.items():
            right = isinstance(one, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*%\s*", one)
            if right or (isinstance(one, int) and not isinstance(one, bool) and one >= 0):
                found[key] = one
            else:
                self.fault(key, f"{TABLE}.tolerance", f'a whole number or a share like "2%", not {_said(one)}')
        return found


def _huge(value: Any, table: str, key: str = "") -> Iterator[tuple[str, str]]:
    """The key, and the table that it is in, of each integer that is too large to be written."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        yield key, table
    elif isinstance(value, list):
        for one in value:
            yield from _huge(one, table, key)
    elif isinstance(value, dict):
        inside = f"{table}.{key}" if re.fullmatch(r"[\w-]+", key) else f'{table}."{key}"' if key else table
        for name, one in value.items():
            yield from _huge(one, inside, name)


def _bare(table: str) -> str:
    """The name of a table without quotes and blanks."""
    return re.sub(r'["\'\s]', "", table)


def _text(value: Any) -> str | None:
    """A value of a variable as it is written in a spec; None for what is none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if isfinite(value) and "e" not in repr(value) else None
    return value if isinstance(value, str) and value.strip() else None


def _said(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        more = ", …" if len(value) > 3 else ""
        return f"[{', '.join(map(_said, value[:3]))}{more}]" if value else "an empty list"
    return f'"{value[:40]}"' if isinstance(value, str) else str(value)[:40]
