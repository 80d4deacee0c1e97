"""Baselines: the exact figures of specs in a small file, and what has drifted from them since: a ratchet.

Figures are those of one sample in fp32, whatever a check was asked for. A drift is one in either direction, as is a
figure or a spec that only one side has.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from ...diagnostics import ERROR, Diagnostic, Span
from ...interpret.faults import did_you_mean
from ...measure.depth import depth, weighted
from ...measure.footprint import Footprint
from ...measure.result import Analysis
from ...measure.row import listed
from .shortfall import percent

if TYPE_CHECKING:
    from ...network import Network

#: The name of the file, beside pyproject.toml.
NAME = "cnncalc-baseline.json"
VERSION = 1
CODE = "baseline-drift"
#: In the order in which drifts are named. `params_train`, with train heads, is there only where a spec has such heads.
FIGURES = (
    "params", "params_train", "buffers", "macs", "flops", "activations", "peak", "memory", "field", "layers",
    "weighted", "depth", "output",
)  # fmt: skip
#: What follows from another figure, and is not said besides it.
_FOLLOWS = {"flops": "macs", "params_train": "params"}
#: How a drift is accepted.
ACCEPT = "'cnncalc check --update-baseline' accepts it"
_BYTES = ("peak", "memory")
#: Beyond any figure of a network that can be built.
_MOST_DIGITS = 1000

Figures = dict[str, Any]
#: By figure: a whole number, or a share of what the baseline says.
Tolerance = Mapping[str, int | Fraction]


def figures(analysis: Analysis) -> Figures:
    """Every figure of a spec, by name: exact numbers, None where one is not known.

    `field` has a number an axis, of the first output; `output` a shape an output.
    """
    network = analysis.network
    one = analysis if (analysis.batch, analysis.dtype) == (1, "fp32") else Analysis(network)
    totals, footprint = one.totals, Footprint(one)
    known = totals.params is not None
    found: Figures = {
        "params": totals.params, "buffers": totals.buffers, "macs": totals.macs, "flops": totals.flops,
        "activations": footprint.activations, "peak": footprint.peak, "memory": footprint.memory,
        "field": _field(one), "layers": totals.layers if known else None,
        "weighted": weighted(network) if known else None, "depth": depth(network) if known else None,
        "output": [listed(port.shape) for port in one.outputs if not port.train],
    }  # fmt: skip
    if any(node.train for node in network.layers):
        found["params_train"] = totals.params_train
    return found


def _field(analysis: Analysis) -> list[int | float] | None:
    """The receptive field of the first output."""
    nodes = [port.node for port in analysis.network.outputs if not port.train and port.node >= 0]
    fields = analysis.fields[nodes[0]] if nodes else None
    return None if fields is None else listed([axis.size for axis in fields])


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
    return text if text.isascii() or not any(0xD800 <= ord(char) < 0xE000 for char in text) else dumps(value)


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
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)[:100]}' is there twice")
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
        if key not in FIGURES:
            raise ValueError(f"'{key[:60]}' of '{name[:100]}' is no figure; figures: {', '.join(FIGURES)}")
        if not _right(key, value):
            raise ValueError(f"'{key}' of '{name[:100]}' is {_worded(value)}, which is no such figure")


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


# --- drift ------------------------------------------------------------------------------------------


def tolerances(given: Mapping[str, int | str]) -> dict[str, int | Fraction]:
    """How far figures may be off, from whole numbers and texts like ``2%``. Raises ValueError, a sentence."""
    found: dict[str, int | Fraction] = {}
    for name, value in given.items():
        if name not in FIGURES or name == "output":
            numbers = [one for one in FIGURES if one != "output"]
            hint = did_you_mean(name, numbers) or f"figures: {', '.join(numbers)}"
            raise ValueError(f"'{name[:60]}' has no tolerance: {hint}")
        text = str(value).strip()
        try:
            share = Fraction(text.removesuffix("%").strip()) if text.endswith("%") else None
            found[name] = int(text) if share is None else share / 100
        except (ValueError, ZeroDivisionError):
            raise ValueError(
                f"the tolerance of {name} is a whole number or a share like '2%', not '{text[:40]}'"
            ) from None
        if found[name] < 0:
            raise ValueError(f"the tolerance of {name} is below 0")
    return _followed(found)


def _followed(given: dict[str, int | Fraction]) -> dict[str, int | Fraction]:
    """The tolerances, with those of figures that are others over again: 2 FLOPs are a MAC."""
    found = dict(given)
    for name, leader in _FOLLOWS.items():
        if leader in given and name not in given:
            allowed = given[leader]
            found[name] = 2 * allowed if name == "flops" and isinstance(allowed, int) else allowed
    return found


def drift(analysis: Analysis, entry: Figures | None, tolerance: Tolerance) -> list[Diagnostic]:
    """What is not as the baseline's entry says: one error, or none; where there is no entry, that.

    A spec with faults is not compared: its figures are not known.
    """
    if analysis.broken or analysis.network.library:
        return []
    place = _place(analysis.network)
    if entry is None:
        return [Diagnostic(ERROR, CODE, "the baseline does not know this spec", place, ACCEPT)]
    now = figures(analysis)
    off = [name for name in FIGURES if (name in now or name in entry) and not _within(now, entry, name, tolerance)]
    said = [_said(now, entry, name, tolerance.get(name, 0)) for name in off if _FOLLOWS.get(name) not in off]
    if not said:
        return []
    first, *more = said
    besides = f" (and {len(more)} more figure{'s' * (len(more) > 1)})" if more else ""
    notes = tuple(text.replace(", the baseline says ", ", was ") for text in more)
    return [Diagnostic(ERROR, CODE, first + besides, place, ACCEPT, notes)]


def _place(network: Network) -> Span:
    """The line of the model's title, else the first that says something."""
    lines = [(number, line.partition("#")[0].rstrip()) for number, line in enumerate(network.source.lines, 1)]
    lines = [(number, text) for number, text in lines if text.strip()]
    title = (one for one in lines if one[1].startswith("model "))
    number, text = next(title, lines[0] if lines else (1, " "))
    return Span(network.source, number, len(text) - len(text.lstrip()) + 1, len(text) + 1)


def _within(now: Figures, then: Figures, name: str, tolerance: Tolerance) -> bool:
    """Whether a figure is as the baseline says, or near enough."""
    if (name in now) != (name in then):
        return False
    new, old = now[name], then[name]
    if new == old:
        return True
    if name == "output" or new is None or old is None:
        return False
    pairs = list(zip(new, old, strict=False)) if name == "field" else [(new, old)]
    if name == "field" and len(new) != len(old):
        return False
    allowed = tolerance.get(name, 0)
    return all(
        abs(Fraction(one) - Fraction(other))
        <= (allowed if isinstance(allowed, int) else allowed * abs(Fraction(other)))
        for one, other in pairs
    )


def _said(now: Figures, then: Figures, name: str, allowed: int | Fraction) -> str:
    """``params 5,288,548, the baseline says 5,002,000: +286,548 (+5.7 %), tolerance 2 %``."""
    unit = " bytes" if name in _BYTES else ""
    new = f"{_worded(now[name])}{unit}" if now.get(name) is not None else "is not known" if name in now else "is gone"
    old = f"says {_worded(then[name])}" if then.get(name) is not None else "has none"
    text = f"{name} {new}, the baseline {old}"
    value, before = now.get(name), then.get(name)
    if not (isinstance(value, int) and isinstance(before, int)):
        return text
    change = value - before
    sign = "-" if change < 0 else "+"
    share = f" ({sign}{percent(Fraction(100 * abs(change), abs(before)))})" if before else ""
    limit = f"{allowed:,}" if isinstance(allowed, int) else percent(100 * allowed)
    return f"{text}: {change:+,}{share}{f', tolerance {limit}' if allowed else ''}"


def _worded(value: Any) -> str:
    """A figure as a person reads it: ``5,288,548``, a field ``7x7``, outputs ``10 and 21x480x480``."""
    if isinstance(value, bool) or value is None or isinstance(value, str | dict):
        return repr(value)[:40]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if all(isinstance(one, list) for one in value):
        return " and ".join(_worded(one) for one in value) or "no output"
    return "x".join("?" if one is None else _worded(one).replace(",", "") for one in value)
