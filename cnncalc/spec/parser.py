"""Text -> syntax tree: indentation, bodies, and recovery, so that all syntax errors come at once."""

from __future__ import annotations

from collections.abc import Callable

from ..diagnostics import ERROR, Diagnostic, Source
from .nodes import Block, Branch, Broken, Head, If, Line, Merge, Node, Output, Path, Program, Repeat, Stage, Stmt
from .rows import MAX_ERRORS, RowReader, TooManyErrors
from .words import TOP_ONLY, Fault

#: What is said of a repeat where a path should stand.
_ROUNDS_JOINED = "paths are written one by one; 'concat @y[*]' joins what a line 'y = …' gives in all rounds"
#: Bodies in bodies. Together with calls of blocks the builder holds the same limit.
MAX_LEVELS = 60
#: The same with indentation that no header opens.
MAX_NESTING = 2 * MAX_LEVELS
_HEADED = (Merge, Repeat, Branch, Stage, Head, Block)
#: Bodies in which no stage or head stands, as messages call them.
_RESTRICTING: dict[type, str] = {Block: "a block", Repeat: "a repeat"}


class Parser:
    """Parses one source. :meth:`parse` never raises for a bad spec: `reader` collects the faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.reader = RowReader(source)
        self.rows = self.reader.rows
        #: The next row, and the bodies that are open around it.
        self.index = 0
        self.nesting = 0

    def parse(self) -> tuple[Program, list[Diagnostic]]:
        """The program, in which lines that could not be read are Broken nodes, and every fault, in file order."""
        body: list[Stmt] = []
        diagnostics = self.reader.diagnostics
        try:
            self.reader.read_rows()
            body = self._top()
        except TooManyErrors:
            message = f"more than {MAX_ERRORS} errors: reading stops here"
            diagnostics.append(Diagnostic(ERROR, "too-many-errors", message, diagnostics[-1].span))
        diagnostics.sort(key=lambda fault: (fault.span.line, fault.span.column) if fault.span else (0, 0))
        others = tuple(stmt for stmt in body if not isinstance(stmt.node, Line))
        return Program(body, others, self.reader.allow_file, self.reader.allow_lines), diagnostics

    # --- faults -------------------------------------------------------------------------------------

    def _fault(self, row: Stmt, message: str, help: str | None = None, code: str = "indentation") -> None:
        end = max(len(self.source.line(row.line)) - row.indent, 1)
        if isinstance(row.node, Path):
            end = 1
        self.reader.report(row.line, row.indent, Fault(message, 0, end, help, code))

    # --- rows -> tree -------------------------------------------------------------------------------

    def _top(self) -> list[Stmt]:
        rows = self.rows
        body: list[Stmt] = []
        while self.index < len(rows):
            if rows[self.index].indent != 0 and not body:
                self._fault(rows[self.index], "the first line is indented", "start it in the first column")
            body.extend(self._body(rows[self.index].indent if not body else 0, 0, ""))
        return body

    def _body(self, indent: int, level: int, inside: str, quiet: bool = False) -> list[Stmt]:
        """The statements that start at column `indent`; stops at a row further left.

        `quiet`: the body of a header that could not be read, whose paths are no fault of their own.
        """
        body: list[Stmt] = []
        rows = self.rows
        self.nesting += 1  # lines that step to the right without a header nest here, too
        while self.index < len(rows):
            row = rows[self.index]
            if row.indent == indent and isinstance(row.node, Line) and self.nesting <= MAX_NESTING:
                self.index += 1
                body.append(row)
                continue
            if row.indent < indent:
                break
            if self.nesting > MAX_NESTING:
                self._fault(row, f"indented deeper than {MAX_LEVELS} levels", code="too-deep")
                self._skip(indent - 1)
                break
            if row.indent > indent:
                # One mistake, one message: a tab was reported, and a bad header keeps its body.
                told = "\t" in self.source.line(row.line)[: row.indent] or _ends_broken(body)
                if not told and not isinstance(row.node, Path):
                    self._too_deep_by_blanks(row, indent, body)
                inner = self._body(row.indent, level, inside, quiet=told)
                body.extend([] if told and _ends_in_block(self.source, body) else inner)
                continue
            if isinstance(row.node, Path):
                quiet = quiet or _ends_broken(body)
                self._stray_path(row, level, inside, quiet)
                continue
            self.index += 1
            if isinstance(row.node, _HEADED):
                self._headed(row, row.node, body, level, inside)
            else:
                self._check_place(row, level, inside)
                body.append(row)
        self.nesting -= 1
        return body

    def _too_deep_by_blanks(self, row: Stmt, indent: int, body: list[Stmt]) -> None:
        before = self.rows[self.index - 1] if self.index else row
        if before.indent > row.indent:
            advice = f"start it in column {indent + 1} or {before.indent + 1}" if body else None
            self._fault(row, "the indentation of this line matches no line above", advice)
            return
        advice = f"start it in column {body[-1].indent + 1}, or end line {body[-1].line} with ':'" if body else None
        self._fault(row, "this line is indented deeper than the lines before it", advice)

    def _stray_path(self, row: Stmt, level: int, inside: str, quiet: bool) -> None:
        above = (self.rows[index] for index in range(self.index - 1, -1, -1))
        path = next((other for other in above if isinstance(other.node, Path) and other.indent < row.indent), None)
        if not quiet and path is not None and inside == "a path":
            self._misplaced_path(row, path.indent)
        elif not quiet:
            self._fault(row, "a '-' starts a path, and stands only in the body of add:, mul: or concat:",
                        "a merge's paths are deeper than its header")  # fmt: skip
        self.index += 1
        rows = self.rows
        if self.index < len(rows) and rows[self.index].indent > row.indent:
            self._body(rows[self.index].indent, level, inside)

    def _headed(self, row: Stmt, node: Node, body: list[Stmt], level: int, inside: str) -> None:
        """Reads the body of a header and appends the statement that they make."""
        self._check_place(row, level, inside)
        if level >= MAX_LEVELS:
            self._fault(row, f"bodies are nested deeper than {MAX_LEVELS} levels", code="too-deep")
            self._skip(row.indent)
            body.append(Stmt(Broken((), None, True, node.start, node.end), row.line, row.indent))
            return
        if isinstance(node, Merge):
            paths = self._deeper(row, lambda indent: self._paths(indent, row, level + 1))
            body.append(Stmt(node, row.line, row.indent, paths))
            return
        within = inside or _RESTRICTING.get(type(node), "")
        inner = self._deeper(row, lambda indent: self._body(indent, level + 1, within))
        for early in inner[:-1]:
            if isinstance(early.node, Output) and isinstance(node, Block):
                self._fault(early, "'output' says what a block gives: it is its last line", code="misplaced")
        stmt = Stmt(node, row.line, row.indent, inner)
        if not isinstance(node, Branch):
            body.append(stmt)
        elif self.source.line(row.line)[row.indent : row.indent + 2] == "if":
            body.append(Stmt(If(node.start, node.end), row.line, row.indent, (stmt,)))
        else:
            self._join_branch(row, stmt, body)

    def _join_branch(self, row: Stmt, stmt: Stmt, body: list[Stmt]) -> None:
        at = next((index for index in reversed(range(len(body))) if body[index].indent <= row.indent), -1)
        last = body[at] if at >= 0 else None
        if last is None or not isinstance(last.node, If):
            if last is None or not isinstance(last.node, Broken):
                self._fault(row, "no 'if' before this branch", code="syntax")
        elif isinstance(last.body[-1].node, Branch) and last.body[-1].node.condition is None:
            self._fault(row, "'else' was the last branch", code="syntax")
        else:
            body[at] = last._replace(body=(*last.body, stmt))

    def _deeper(self, row: Stmt, read: Callable[[int], list[Stmt]]) -> tuple[Stmt, ...]:
        """The body under `row`, read by `read`; an empty one is a fault."""
        following = self.rows[self.index] if self.index < len(self.rows) else None
        if following is None or following.indent <= row.indent:
            self._fault(row, "a body is missing below this line", "write it on the next lines, indented")
            return ()
        return tuple(read(following.indent))

    def _paths(self, indent: int, header: Stmt, level: int) -> list[Stmt]:
        rows = self.rows
        paths: list[Stmt] = []
        while self.index < len(rows) and rows[self.index].indent > header.indent:
            row = rows[self.index]
            if not isinstance(row.node, Path) or row.indent != indent:
                self._misplaced_path(row, indent)
                if not isinstance(row.node, Path):
                    self._body(row.indent, level, "a path")
                    continue
            self.index += 1
            inner: list[Stmt] = []
            if self.index < len(rows) and rows[self.index].indent > row.indent:
                inner = self._body(rows[self.index].indent, level, "a path")
            paths.append(Stmt(row.node, row.line, row.indent, tuple(inner)))
        return paths

    def _misplaced_path(self, row: Stmt, indent: int) -> None:
        if isinstance(row.node, Path):
            self._fault(row, "the '-' of a merge stand under each other", f"start it in column {indent + 1}")
        else:
            self._fault(
                row,
                "a merge has paths: a line starts one with '- ', or stands under the text of its first line",
                _ROUNDS_JOINED if isinstance(row.node, Repeat) else "write '- ' before the first layer of each path",
            )

    def _skip(self, indent: int) -> None:
        while self.index < len(self.rows) and self.rows[self.index].indent > indent:
            self.index += 1

    def _check_place(self, row: Stmt, level: int, inside: str) -> None:
        word = type(row.node).__name__.lower()
        if word in TOP_ONLY and level and not (word == "output" and inside == "a block" and level == 1):
            self._fault(row, f"'{word}' stands at the top level only", code="misplaced")
        elif word in ("stage", "head") and inside:
            self._fault(row, f"no '{word}' in {inside}", "stages and heads stand in the main network", "misplaced")


def _ends_broken(body: list[Stmt]) -> bool:
    return bool(body) and isinstance(body[-1].node, Broken)


def _ends_in_block(source: Source, body: list[Stmt]) -> bool:
    """Whether the header of a block stands last that could not be read: what it holds is no part of the network."""
    return _ends_broken(body) and source.line(body[-1].line).split(maxsplit=1)[:1] in (["block"], ["def"])


def parse(source: Source) -> tuple[Program, list[Diagnostic]]:
    """The program of `source` and every fault of its syntax, in file order."""
    return Parser(source).parse()
