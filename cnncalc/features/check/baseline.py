"""Baselines: the exact figures of specs, and the small file that holds them.

Figures are those of one sample, in the types and the execution that spec and project say, whatever a check was asked
for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NoReturn

from ...cli.paths import shown
from ...cli.specs import UPDATE_BASELINE
from ...diagnostics import Source
from ...interpret.reading.files import fail, outside, read_bytes
from ...measure.measurements import all_figures
from ...measure.result import NetworkAnalysis
from ...measure.row import listed
from ...measures import MEASURES
from ...records import Record
from ...roots import is_within, root_of
from .project import Project
from .verdict import AS_IT_IS, Conditions

VERSION = 1
#: Beyond any figure of a network that can be built.
_MOST_DIGITS = 1000

Figures = dict[str, Any]


def figures(analysis: NetworkAnalysis, project: Conditions = AS_IT_IS) -> Figures:
    """Every figure of a spec, under the conditions of its project, by name: exact numbers, None where one is not known.

    `field` has a number an axis, of the first output; `output` a shape an output. `params_train`, with train heads, is
    there only where a spec has such heads, `trainable` only where some parameters are not trained.
    """
    network = analysis.network
    one = project._replace(batch=1).analysis(network)
    if one.conditions == analysis.conditions:
        one = analysis  # of which much is worked out already
    found = all_figures(one)
    if found["params"] is None:
        found["layers"] = None
    if not any(node.train for node in network.layers):
        del found["params_train"]
    if not any(node.frozen for node in network.layers):
        del found["trainable"]
    outputs = [listed(port.shape) for port in one.outputs if not port.train]
    return {**found, "field": listed(found["field"]), "output": outputs}


# --- the file ---------------------------------------------------------------------------------------


def dump(entries: Mapping[str, Figures]) -> str:
    """The text of a baseline: a line a figure, sorted, so that a diff of it shows what changed."""
    specs = []
    for name in sorted(entries):
        lines = ",\n".join(f"   {_json(key)}: {_json(entries[name][key])}" for key in sorted(entries[name]))
        specs.append(f"  {_json(name)}: {{\n{lines}\n  }}" if lines else f"  {_json(name)}: {{}}")
    body = ",\n".join(specs)
    return f'{{\n "version": {VERSION},\n "specs": {{{f"{chr(10)}{body}{chr(10)} " if body else ""}}}\n}}\n'


def _json(value: Any) -> str:
    from json import dumps

    text = dumps(value, ensure_ascii=False)
    return text if text.isprintable() else dumps(value)


def read(data: str | bytes) -> dict[str, Figures]:
    """The figures of a baseline's text, by spec. Raises ValueError, a sentence, for what is no baseline."""
    from json import JSONDecodeError, loads

    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        document = loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole, parse_float=_double
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text: byte {error.start + 1:,} is none of it") from None
    except JSONDecodeError as error:
        hint = "; is a merge not finished?" if "<<<<<<<" in text or ">>>>>>>" in text else ""
        raise ValueError(f"it is not JSON: {error.msg}, line {error.lineno}, column {error.colno}{hint}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(document, dict) or "version" not in document or not isinstance(document.get("specs"), dict):
        raise ValueError('it is not {"version": 1, "specs": {…}}')
    if document["version"] != VERSION or isinstance(document["version"], bool):
        raise ValueError(f"it has version {str(document['version'])[:20]}; this is known: {VERSION}")
    for name, entry in document["specs"].items():
        _check_entry(name, entry)
    return {name: dict(entry) for name, entry in document["specs"].items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"'{name[:100]}' is there twice")
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(text):,} digits is no figure")
    return int(text)


def _double(text: str) -> float:
    value = float(text)
    if value - value:  # an infinity
        raise ValueError(f"{text[:40]} is too large a number")
    return value


def _check_entry(name: str, entry: Any) -> None:
    """Raises ValueError where an entry is not figures by name."""
    if not isinstance(entry, dict):
        raise ValueError(f"the figures of '{name[:100]}' are no object")
    for key, value in entry.items():
        if key not in MEASURES:
            raise ValueError(f"'{key[:60]}' of '{name[:100]}' is no figure; figures: {', '.join(MEASURES)}")
        if not _right(key, value):
            raise ValueError(f"'{key}' of '{name[:100]}' is {worded(value)}, which is no such figure")


def _right(key: str, value: Any) -> bool:
    if value is None:
        return True
    if key == "output":
        return isinstance(value, list) and all(one is None or _numbers(one, int) for one in value)
    if key == "field":
        return _numbers(value, int | float)
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(value: Any, kind: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) and not isinstance(one, bool) for one in value)


def worded(value: Any) -> str:
    """A figure as a person reads it: ``5,288,548``, a field ``7x7``, outputs ``10 and 21x480x480``."""
    if isinstance(value, bool) or value is None or isinstance(value, str | dict):
        return repr(value)[:40]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if all(isinstance(one, list) for one in value):
        return " and ".join(worded(one) for one in value) or "no output"
    return "x".join("?" if one is None else worded(one).replace(",", "") for one in value)


# --- the file of a project -----------------------------------------------------------------------------


class Baseline(Record):
    """A baseline file and what it says."""

    source: Source
    entries: dict[str, Figures]


def load(project: Project) -> Baseline | None:
    """The baseline of a project; None where it has none. Raises SpecError for one that cannot be read."""
    path = project.baseline
    if not os.path.lexists(path):
        return None
    name = shown(path, 2)
    if not is_within(path, root_of(os.fspath(project.folder), (".git",))):
        raise outside(name)
    data = read_bytes(path, name, regular=True)
    try:
        return Baseline(Source(name, data.decode("utf-8", "replace")), read(data))
    except ValueError as error:
        help = f"'{UPDATE_BASELINE}' writes it anew, once this one is deleted"
        raise fail(name, f"no baseline: {error}", help, code="baseline") from None
