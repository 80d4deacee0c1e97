"""Names in ``require`` lines: measures, variables, and the lines and stages they speak of. Judged elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from ..diagnostics import Diagnostic
from ..measures import WORDS
from ..spec import nodes
from ..spec.trees import operands
from ..spec.words import FUNCTIONS
from .faults import Faults, did_you_mean
from .specification import Specification

#: What is wrong in a requirement: where, the message, and what may be meant.
_Wrong: TypeAlias = "tuple[nodes.Expr, str, str | None]"
#: The code of a name in a requirement that means nothing: the numbers of the network are as they are.
UNKNOWN_MEASURE = "unknown-measure"


def of_requirement(one: Diagnostic) -> bool:
    """Whether a fault is of a `require` line that cannot be understood: the network is as it is without it."""
    return one.code == UNKNOWN_MEASURE or (one.code == "syntax" and one.statement == "require")


def check_names(specification: Specification, parts: Collection[str], faults: Faults) -> None:
    """Reports names in requirements that mean nothing; `parts` are the names of lines, stages and heads."""
    for requirement in specification.requirements:
        span = requirement.span
        offset = span.column - 1
        for node, message, help in _wrong(requirement.node.condition, specification.variables, parts):
            place = span._replace(column=offset + node.start + 1, end_column=offset + node.end + 1)
            faults.error(UNKNOWN_MEASURE, message, place, help)


def _wrong(tree: nodes.Expr, variables: Collection[str], parts: Collection[str]) -> Iterator[_Wrong]:
    if isinstance(tree, nodes.Name):
        known = [*WORDS, *variables]
        if tree.id not in known:
            yield tree, f"unknown name '{tree.id}'", did_you_mean(tree.id, known) or f"measures: {', '.join(WORDS)}"
    elif isinstance(tree, nodes.Call):
        yield from _wrong_call(tree, variables, parts)
    elif isinstance(tree, nodes.Ref):
        yield tree, "a requirement names tensors without '@'", f"write 'output({tree.name})'"
    else:
        for child in operands(tree):
            yield from _wrong(child, variables, parts)


def _wrong_call(tree: nodes.Call, variables: Collection[str], parts: Collection[str]) -> Iterator[_Wrong]:
    if tree.function in FUNCTIONS:
        for child in tree.args:
            yield from _wrong(child, variables, parts)
    elif tree.function not in WORDS:
        known = [*WORDS, *FUNCTIONS]
        yield (
            tree,
            f"unknown measure '{tree.function}'",
            did_you_mean(tree.function, known) or f"measures: {', '.join(WORDS)}",
        )
    elif len(tree.args) != 1 or not isinstance(tree.args[0], nodes.Name):
        yield tree, f"'{tree.function}(…)' takes one name of a line or a stage", None
    elif tree.args[0].id not in parts:
        name = tree.args[0].id
        yield tree.args[0], f"no line, stage or head is called '{name}'", did_you_mean(name, parts)
