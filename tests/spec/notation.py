"""Syntax trees and faults in writing, and files of specs with what comes of them.

A tree has a line for each statement: its line and column, what it is, and deeper its body. Expressions have all their
parentheses: `(x 3 5)` is the size 3x5, `(@ 3 8)` the shape 3@8, `(: 0 1)` the pair 0:1, `(a + b)` what it looks like.
A fault stands under the line that it is in, with its code, and below it the advice.
"""

from pathlib import Path

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.spec import nodes, parse

#: Characters that cannot be seen, as the files show them.
SIGNS = {"␉": "\t", "␍": "\r", "⍽": "\u00a0", "␀": "\0", "␠": " "}


def tree(expr: nodes.Expr) -> str:
    """An expression."""
    match expr:
        case nodes.Num() | nodes.FlagTree():
            return {True: "yes", False: "no"}[expr.value] if isinstance(expr, nodes.FlagTree) else str(expr.value)
        case nodes.Hole():
            return "?"
        case nodes.Name():
            return expr.id
        case nodes.Ref():
            rounds = "".join(f"[{tree(one)}]" for one in expr.rounds)
            return f"@{expr.name}{rounds}" + ("" if expr.letter is None else f".{expr.letter}")
        case nodes.Every():
            return "*"
        case nodes.ListTree():
            return f"(, {' '.join(map(tree, expr.items))})"
        case nodes.SizeTree():
            return f"({'@' if expr.at else 'x'} {' '.join(map(tree, expr.items))})"
        case nodes.PairTree():
            return f"(: {tree(expr.before)} {tree(expr.after)})"
        case nodes.FunctionCall():
            return f"{expr.function}({', '.join(map(tree, expr.args))})"
        case nodes.Unary():
            return f"({expr.op} {tree(expr.operand)})"
        case nodes.Power():
            return f"({tree(expr.base)} ** {tree(expr.exponent)})"
    return f"({tree(expr.first)}{''.join(f' {op} {tree(operand)}' for op, operand in expr.rest)})"


def arguments(args: tuple[nodes.Arg, ...]) -> str:
    """The arguments of an element."""
    return ", ".join((f"{arg.key}=" if arg.key else "") + tree(arg.value) for arg in args)


def element(one: nodes.Element) -> str:
    """A layer, a tensor's name or a pasted call."""
    if one.pasted is not None:
        return f"{one.name} pasted <{one.pasted}>"
    return tree(one.ref) if one.ref else one.name + (f"({arguments(one.args)})" if one.args else "")


def parameter(param: nodes.Param) -> str:
    """A parameter of a block."""
    return "@" * param.tensor + param.name + (f"={tree(param.default)}" if param.default else "")


def statement(node: nodes.Node) -> str:
    """What a line says, without its body."""
    word = type(node).__name__.lower()
    name = f"{node.name} = " if isinstance(node, nodes.Line | nodes.Merge | nodes.Input) and node.name else ""
    if isinstance(node, nodes.Line) and node.names:
        name = f"{', '.join(map(tree, node.names))} = "
    match node:
        case nodes.Line():
            arrow = f" -> {tree(node.arrow.value)}" if node.arrow else ""
            return (f"line {name}" + " | ".join(map(element, node.elements)) + arrow).replace("  ", " ")
        case nodes.Merge():
            return f"merge {name}{element(node.element)}"
        case nodes.Input():
            return f"input {name}{tree(node.value)} <{node.text}>"
        case nodes.Repeat():
            over = tree(node.rounds) if node.rounds else f"over {', '.join(map(tree, node.values))}"
            return f"repeat {over}" + (f" as {node.variable}" if node.variable else "")
        case nodes.Branch():
            return f"branch {tree(node.condition)}" if node.condition else "branch else"
        case nodes.Stage() | nodes.Head():
            return f"{word} {node.name}" + " train" * getattr(node, "train", False)
        case nodes.Block():
            return f"block {node.name}({', '.join(map(parameter, node.params))})"
        case nodes.Let():
            return f"let {node.name} = {tree(node.value)}"
        case nodes.Default():
            return f"default {' '.join(kind.id for kind in node.kinds)}: {arguments(node.args)}"
        case nodes.Require():
            message = "" if node.message is None else f" because <{node.message}>"
            return f"require {tree(node.condition)} <{node.text}>{message}"
        case nodes.Model() | nodes.Layout() | nodes.Use():
            return f"{word} <{node[0]}>"
        case nodes.Dtype():
            return f"dtype {' '.join(map('='.join, node.given))}"
        case nodes.Freeze():
            return f"freeze {' '.join(map(tree, node.names))}"
        case nodes.Output():
            return f"output {' '.join(map(tree, node.refs))}"
        case nodes.Broken():
            made = "".join(f" @{tree(name)}" for name in node.names) or (f" {node.variable}" if node.variable else "")
            return f"broken{made}" + ("" if node.layer else " (no layer)")
    return word


def body(statements: tuple[nodes.Stmt, ...], depth: int = 0) -> list[str]:
    """Statements, a line each, what they hold below them."""
    lines = []
    for stmt in statements:
        lines.append(f"{'  ' * depth}{stmt.line}:{stmt.indent + 1} {statement(stmt.node)}")
        lines.extend(body(stmt.body, depth + 1))
    return lines


def drawn(fault: Diagnostic) -> list[str]:
    """A fault under its line."""
    span = fault.span
    carets = " " * (span.column - 1) + "^" * (span.end_column - span.column)
    message = [f"{carets} {fault.code}: {fault.message}"]
    return message + ([f"{' ' * (span.end_column - 1)} = {fault.help}"] if fault.help else [])


def outcome(text: str) -> list[str]:
    """The tree of a spec, its `# allow:` comments, and its faults."""
    source = Source("model.txt", text)
    program, faults = parse(source)
    lines = body(program.body)
    lines += [f"allow: {', '.join(sorted(program.allow_file))}"] if program.allow_file else []
    lines += [f"allow in {line}: {', '.join(sorted(names))}" for line, names in program.allow_lines.items()]
    for fault in faults:
        lines += [f"{fault.severity} in {fault.span.line}", source.line(fault.span.line), *drawn(fault)]
    return lines


def fault_of_a_line(text: str) -> list[str]:
    """The faults of a spec of one line, each below it; what it says where there is none."""
    program, faults = parse(Source("model.txt", text))
    return (
        [line for fault in faults for line in drawn(fault)] or [f"ok {line}" for line in body(program.body)] or ["ok"]
    )


def visible(text: str) -> str:
    """`text` with signs for what cannot be seen."""
    for sign, char in SIGNS.items():
        if sign != "␠":
            text = text.replace(char, sign)
    return text


def seen(text: str) -> str:
    """`text` as the spec has it, without the signs."""
    for sign, char in SIGNS.items():
        text = text.replace(sign, char)
    return text


class Recorded:
    """A file of specs and of what comes of them: `=== TITLE`, the spec, `=>`, the outcome.

    Where `single`, specs of one line, an empty line between them, the outcome right below.
    """

    def __init__(self, name: str, single: bool = False) -> None:
        self.path = Path(__file__).parent / name
        self.single = single

    def cases(self) -> list[tuple[str, str, list[str]]]:
        """Title, spec and outcome of each."""
        text = self.path.read_text(encoding="utf-8")
        if self.single:
            parts = [part.split("\n") for part in text.strip("\n").split("\n\n")]
            return [(first, seen(first), rest) for first, *rest in parts]
        cases = []
        for part in text.split("=== ")[1:]:
            title, _, rest = part.partition("\n")
            spec, _, lines = rest.partition("=>\n")
            cases.append((title, seen(spec), lines.strip("\n").split("\n")))
        return cases

    def outcome(self, spec: str) -> list[str]:
        """What comes of a spec, as the file has it."""
        return [visible(line).rstrip() for line in (fault_of_a_line if self.single else outcome)(spec)]

    def record(self) -> None:
        """Writes the file anew, with what comes of its specs today."""
        parts = []
        for title, spec, _ in self.cases():
            lines = "\n".join(self.outcome(spec))
            parts.append(f"{title}\n{lines}" if self.single else f"=== {title}\n{visible(spec)}=>\n{lines}\n")
        self.path.write_text("\n\n".join(parts) + "\n" if self.single else "\n".join(parts), encoding="utf-8")


TREES = Recorded("trees.txt")
FAULTS = Recorded("faults.txt", single=True)
