"""What is given from outside in the place of what the spec says: inputs and top-level variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..diagnostics import ERROR, INPUT, VARIABLE, Diagnostic, Override, Source, SpecError, Wording
from ..spec import EvaluationError, Unresolved, evaluate
from ..spec.expressions import value as parse_value
from ..spec.nodes import Program
from ..spec.symbols import inputs, variables
from ..spec.words import Fault, is_name
from .environment import blank_environment
from .faults import Faults, did_you_mean
from .inputs import misreading
from .loading import Unit

_EXAMPLE = (None, "3x224x224")


def _fault(override: Override, help: str | None = None) -> SpecError:
    return SpecError([Wording()(Diagnostic(ERROR, "option", override.fault, help=help, override=override))])


def setting(name: str, text: str) -> Any:
    """The value `text` of a top-level variable. Raises SpecError."""
    if not is_name(name):
        message = f"'{name}' is no name of a variable"
        raise _fault(Override(VARIABLE, name, text, message, ("width", "64"), example=True))
    try:
        return evaluate(parse_value(text.strip(), 0, units=True), blank_environment(Source(name, text)))
    except (Fault, EvaluationError) as error:
        raise _fault(Override(VARIABLE, name, text, error.message), error.help) from None
    except Unresolved:
        raise _fault(Override(VARIABLE, name, text, "no value")) from None


def check_settings(settings: Iterable[str], units: list[Unit]) -> None:
    """Raises SpecError where no top-level variable has the name of a setting."""
    names = [name for unit in units for name in variables(unit.program)]
    for name in settings:
        if name not in names:
            help = f"its variables: {', '.join(dict.fromkeys(names))}" if names else None
            help = did_you_mean(name, names) or help or "this spec has no 'let' at its top level"
            raise _fault(Override(VARIABLE, name, None, f"no top-level variable is called '{name}'"), help)


def given_input(name: str | None, text: str, layout: str, faults: Faults) -> tuple[int, ...]:
    """The shape that `text` gives an input, channels first. Raises SpecError."""
    probe = blank_environment(Source(name or INPUT, text), layout)
    try:
        tree = parse_value(text.strip(), 0)
        written = probe.value(tree)
        fault = misreading(written, layout)
        if fault is not None:
            if fault.severity == ERROR:
                raise _fault(Override(INPUT, name, text, fault.message), fault.help)
            faults.add(Wording()(fault._replace(override=Override(INPUT, name, text, fault.message))))
        shape = probe.shape(written, tree, "an input")
    except Fault as error:
        meant = _meant(text)
        example = None if meant or error.help else _EXAMPLE
        instead = (name, meant) if meant else example
        raise _fault(Override(INPUT, name, text, error.message, instead, bool(example)), error.help) from None
    except Unresolved:
        message = probe.reporter.faults.found[0].message
        raise _fault(Override(INPUT, name, text, message, _EXAMPLE, example=True)) from None
    if None in shape:
        raise _fault(Override(INPUT, name, text, "an input has a whole shape, without '?'"))
    return tuple(size for size in shape if size is not None)


def _meant(text: str) -> str | None:
    """What a shape with other signs between its numbers should be; None for anything else."""
    numbers = re.split(r"[\s,*x;()\[\]]+", text.strip("([ ])"))
    return "x".join(numbers) if all(number.isdecimal() for number in numbers) else None


def check_given_inputs(given: Iterable[str | None], program: Program) -> None:
    """Raises SpecError where a given input names none of the spec's, or leaves open which."""
    names = [name or "input" for name, _ in inputs(program)] or ["input"]
    for name in given:
        if name is None and len(names) > 1:
            raise _fault(Override(INPUT, None, None, "the spec has several inputs", (names[0], "SHAPE")))
        if name is not None and name not in names:
            message = f"no input is called '{name}'"
            raise _fault(Override(INPUT, name, None, message), f"its inputs: {', '.join(names)}")
