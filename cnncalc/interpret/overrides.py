"""What the command line overrides: inputs and top-level variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..diagnostics import ERROR, Diagnostic, Source, SpecError
from ..spec import EvaluationError, Unresolved, evaluate
from ..spec.expressions import value as parse_value
from ..spec.nodes import Input, Let, Stmt
from ..spec.words import Fault, is_name
from .environment import blank_environment
from .faults import Faults, did_you_mean
from .inputs import doubt
from .loading import Unit


def _option_fault(option: str, message: str, help: str | None = None) -> SpecError:
    return SpecError([Diagnostic(ERROR, "option", f"{option}: {message}", None, help)])


def setting(name: str, text: str) -> Any:
    """The value of `--set name=text`. Raises SpecError."""
    option = f"--set {name}={text}"[:100]
    if not is_name(name):
        raise _option_fault(option, "not of the form NAME=VALUE", "for example --set width=64")
    try:
        return evaluate(parse_value(text.strip(), 0, units=True), blank_environment(Source(option, text)))
    except (Fault, EvaluationError) as error:
        raise _option_fault(option, error.message, error.help) from None
    except Unresolved:
        raise _option_fault(option, "no value") from None


def check_settings(settings: Iterable[str], units: list[Unit]) -> None:
    """Raises SpecError where a `--set` names no top-level variable."""
    names = [stmt.node.name for unit in units for stmt in unit.program.others if isinstance(stmt.node, Let)]
    for name in settings:
        if name not in names:
            known = (
                f"its variables: {', '.join(dict.fromkeys(names))}"
                if names
                else "this spec has no 'let' at its top level"
            )
            raise _option_fault(
                f"--set {name}", f"no top-level variable is called '{name}'", did_you_mean(name, names) or known
            )


def given_input(name: str | None, text: str, layout: str, faults: Faults) -> tuple[int, ...]:
    """The shape of `--input text`, channels first. Raises SpecError."""
    option = f"--input {text}"[:100]
    probe = blank_environment(Source(option, text), layout)
    try:
        tree = parse_value(text.strip(), 0)
        written = probe.value(tree)
        found = doubt(written, layout)
        if found is not None:
            if found.severity == ERROR:
                raise _option_fault(option, found.message, found.help.replace("'input ", "'--input "))
            faults.add(Diagnostic(found.severity, found.code, f"{option}: {found.message}", None, found.help))
        shape = probe.shape(written, tree, "an input")
    except Fault as error:
        raise _option_fault(
            option, error.message, _written(text) or error.help or "for example --input 3x224x224"
        ) from None
    except Unresolved:
        raise _option_fault(option, probe.reporter.faults.found[0].message, "for example --input 3x224x224") from None
    if None in shape:
        raise _option_fault(option, "an input has a whole shape, without '?'")
    return tuple(size for size in shape if size is not None)


def _written(text: str) -> str | None:
    """What a shape with other signs between its numbers should be; None for anything else."""
    numbers = re.split(r"[\s,*x;()\[\]]+", text.strip("([ ])"))
    return f"write --input {'x'.join(numbers)}" if all(number.isdecimal() for number in numbers) else None


def check_given_inputs(given: Iterable[str | None], body: Iterable[Stmt]) -> None:
    """Raises SpecError where an `--input` names no input, or leaves open which."""
    names = [stmt.node.name or "input" for stmt in body if isinstance(stmt.node, Input)] or ["input"]
    for name in given:
        if name is None and len(names) > 1:
            raise _option_fault("--input", "the spec has several inputs", f"write --input {names[0]}=SHAPE")
        if name is not None and name not in names:
            raise _option_fault(f"--input {name}=…", f"no input is called '{name}'", f"its inputs: {', '.join(names)}")
