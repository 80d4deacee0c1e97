"""The rounds of repeats: how many there are and over what, and the tensors that each of them has named."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..diagnostics import WARNING
from ..spec import EvaluationError, Unresolved, number
from ..spec.nodes import Chain, Every, Expr, Name, Num, Ref, Repeat
from ..spec.symbols import LOOP
from ..values import spell
from .position import Position

if TYPE_CHECKING:
    from .environment import Environment

#: The digits of a group in a number like 1,000.
_GROUP = 3


def name_round(position: Position, name: str, tensor: int) -> None:
    """Keeps `tensor` as what a line called `name` in the present round, if a line of the file asks for such."""
    rounds, scope = position.level.rounds, position.scope
    if rounds and "[" in position.level.source.text:
        scope.tensors[round_key(name, rounds)] = tensor
        scope.rounds.setdefault(name, []).append(rounds)


def round_key(name: str, rounds: Iterable[int]) -> str:
    """What the scope calls the tensor that a line called `name` gave in a round of each repeat around it."""
    return name + "".join([f"[{one}]" for one in rounds])


def keys(node: Ref, environment: Environment) -> list[str]:
    """The names, in the scope, of the tensors that ``@y[2]`` or ``@y[*]`` means. Raises EvaluationError, Unresolved."""
    scope = environment.position.scope
    set_in = scope.rounds.get(node.name)
    if set_in is None:
        if node.name in scope.tensors:
            if scope.tensors[node.name] < 0:
                raise Unresolved
            raise EvaluationError(f"'@{node.name}' is set in no repeat", node, f"write '@{node.name}'")
        if node.several and (node.name, False) in scope.declared:
            raise EvaluationError(f"no round has set '@{node.name}' yet", node, "a merge of none is no tensor")
        return [node.name]  # and what is not there is said as of any name
    asked = [None if isinstance(one, Every) else _round(one, environment) for one in node.rounds]
    depth = len(set_in[0])
    if asked == [None]:
        asked *= depth
    if len(asked) != depth:
        message = f"'@{node.name}' is set in {depth} repeats, one in the other" if depth > 1 else (
            f"'@{node.name}' is set in one repeat")  # fmt: skip
        places = "".join(f"[{one}]" for one in range(2, 2 + depth))
        raise EvaluationError(message, node, f"an index for each: '@{node.name}{places}'")
    found = [one for one in set_in if all(want in (None, have) for want, have in zip(asked, one, strict=True))]
    if not found:
        raise EvaluationError(_nothing(node.name, asked, set_in), node, _meant(node, asked, environment))
    return [round_key(node.name, one) for one in found]


def _round(tree: Expr, environment: Environment) -> int:
    """The round that an index says. Raises EvaluationError, Unresolved."""
    value = number(tree, environment)
    if isinstance(value, Fraction):
        raise EvaluationError(f"a round is a whole number, not {spell(value)}", tree, "divide with '//'")
    return value


def _nothing(name: str, asked: list[int | None], set_in: list[tuple[int, ...]]) -> str:
    """That no tensor was called `name` in the rounds that are `asked`; `set_in` are those that called one so."""
    wanted = "".join(f"[{'*' if one is None else one}]" for one in asked)
    if any(one is not None and one < 1 for one in asked):
        return f"'@{name}{wanted}': rounds are counted from 1"
    first, last = (", ".join(map(str, one)) for one in (set_in[0], set_in[-1]))
    so_far = f"round {first}" if first == last else f"rounds {first} to {last}"
    return f"no tensor is '@{name}{wanted}': it has been set in {so_far} so far"


def _meant(node: Ref, asked: list[int | None], environment: Environment) -> str | None:
    """What to write where a variable of a repeat, which counts from 0, stands for its round, counted from 1."""
    declared = environment.position.scope.declared
    for place, tree in enumerate(node.rounds):
        of = declared.get((tree.id, True)) if isinstance(tree, Name) else None
        if of is not None and of.kind == LOOP and isinstance(of.stmt.node, Repeat) and not of.stmt.node.values:
            indices = [_written(one) for one in node.rounds]
            indices[place] += "+1"
            return f"{_written(tree)} counts from 0: this round is '@{node.name}{''.join(f'[{x}]' for x in indices)}'"
    return None if all(one is None or one > 0 for one in asked) else f"the first is '@{node.name}[1]'"


def _written(tree: Expr) -> str:
    """A simple index as it was written; three dots for any other."""
    if isinstance(tree, Name):
        return tree.id
    return str(tree.value) if isinstance(tree, Num) else "*" if isinstance(tree, Every) else "…"


# --- how many ---------------------------------------------------------------------------------------


def rounds_of(node: Repeat, environment: Environment) -> tuple[int, Iterable[Any]] | None:
    """The number of rounds, and what the variable is in each; None, reporting, where that cannot be told."""
    reporter = environment.reporter
    if node.rounds is None:
        _look_at_groups(node, environment)
        environment.budget.spend(len(node.values))
        try:
            values = [environment.held(node.variable or "", tree) for tree in node.values]
        except Unresolved:
            return None
        return len(values), values
    count = environment.number(node.rounds)
    if count is not None and (isinstance(count, Fraction) or count < 0):
        help = _whole(node.rounds, environment) if isinstance(count, Fraction) else None
        if isinstance(node.rounds, Chain) and help is None:
            help = "'max(0, …)' keeps it from going below"
        reporter.error("argument", f"repeat takes a whole number, at least 0, not {spell(count)}", node.rounds.start,
                       node.rounds.end, help)  # fmt: skip
        count = None
    return None if count is None else (int(count), range(int(count)))


def _whole(tree: Expr, environment: Environment) -> str:
    """How a number of rounds is written that came out as none."""
    statement = environment.position.statement
    text = environment.position.level.source.line(statement.line)[statement.indent :][tree.start : tree.end]
    if "/" in text or isinstance(tree, Num):
        return "for a whole number divide with '//'"
    return f"write 'round({text})' or 'floor({text})'"


def _look_at_groups(node: Repeat, environment: Environment) -> None:
    """Warns of ``1,000``, which are two rounds, and not a thousand."""
    first, *others = node.values
    groups = [other.end - other.start == _GROUP for other in others]
    joined = [other.start == before.end + 1 for before, other in zip(node.values, others, strict=False)]
    numbers = all(isinstance(value, Num) and isinstance(value.value, int) for value in node.values)
    if not numbers or first.end - first.start > _GROUP or not all(groups) or not all(joined):
        return
    start, end = first.start, others[-1].end
    line = environment.position.level.source.line(environment.position.statement.line)
    text = line[environment.position.statement.indent :][start:end]
    times = f"write 'repeat {text.replace(',', '')}:' for that many"
    environment.reporter.tell(
        WARNING, "grouped-digits", f"'{text}' are {len(node.values)} rounds, over values between commas", start, end,
        f"{times}; with a blank behind each ',' it is surely a list: '{text.replace(',', ', ')}'",
    )  # fmt: skip
